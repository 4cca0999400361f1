"""Cleaning of single cells."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saan.sources import cells
from saan.sources.cells import Day

ANY_TEXT = st.text(
    st.one_of(st.characters(codec="utf-8"), st.sampled_from("เแำํา่้๐๑๒๓๔๕๖๗๘๙\u200b\ufeff\u00a0 /-.0123456789")),
    max_size=20,
)


@given(ANY_TEXT)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = cells.text(text)
    assert cells.text(once) == once


@given(ANY_TEXT)
def test_digits_twice_is_digits_once(text: str) -> None:
    once = cells.digits(text)
    assert cells.digits(once) == once


@given(ANY_TEXT)
def test_cleaned_text_holds_nothing_invisible(text: str) -> None:
    assert not cells.has_invisible(cells.text(text))


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        (" อิสลาม ", "อิสลาม"),
        ("ซูไรดา  ", "ซูไรดา"),
        ("นูรุล  ฮูดา", "นูรุล ฮูดา"),
        ("เเพรวา", "แพรวา"),
        ("บ\u0e4d\u0e32รุงผล", "บำรุงผล"),
        ("น\u0e4d\u0e49\u0e32", "น้ำ"),
        ("นู\u200bรีดา", "นูรีดา"),
        ("\u00a0ไทย\u00a0", "ไทย"),
    ],
)
def test_one_spelling_for_what_looks_the_same(raw: str, clean: str) -> None:
    assert cells.text(raw) == clean


def test_invisible_characters_are_noticed_before_they_go() -> None:
    assert cells.has_invisible("นู\u200bรีดา")
    assert not cells.has_invisible("นูรีดา")


@pytest.mark.parametrize("cell", ["", " ", "-", " - ", "–", "\u200b"])
def test_a_dash_or_a_space_is_nothing_given(cell: str) -> None:
    assert cells.given(cell) is None


@given(st.dates(date(1900, 1, 1), date(2056, 12, 31)), st.booleans(), st.booleans(), st.sampled_from("/-."))
def test_a_date_is_read_in_both_eras_padded_or_not_in_thai_digits_or_not(
    value: date, christian: bool, padded: bool, separator: str
) -> None:
    year = value.year + (0 if christian else 543)
    width = 2 if padded else 1
    text = f"{value.day:0{width}d}{separator}{value.month:0{width}d}{separator}{year}"
    thai = "".join(chr(0x0E50 + int(c)) if c.isdigit() else c for c in text)
    assert cells.day(text) == cells.day(thai) == Day(value, christian)


@given(st.dates(date(1900, 1, 1), date(2056, 12, 31)))
def test_a_date_with_the_year_first_is_read_too(value: date) -> None:
    assert cells.day(value.isoformat()) == Day(value, christian=True)


@pytest.mark.parametrize(
    "text",
    [
        "31/02/2556",
        "29/02/2556",
        "00/01/2556",
        "01/13/2556",
        "9/25/2011",
        "25/09/54",
        "25 ก.ย. 2554",
        "2554",
        "x",
        "1/1/0000",
    ],
)
def test_what_is_no_day_of_the_calendar_or_a_guess_is_not_read(text: str) -> None:
    assert cells.day(text) is None


def test_the_leap_day_is_one_of_the_christian_year() -> None:
    assert cells.day("29/02/2555") == Day(date(2012, 2, 29), christian=False)


@pytest.mark.parametrize(("text", "value"), [("40.5", 40.5), (" ๔๐.๕ ", 40.5), ("159", 159.0), ("-3", -3.0)])
def test_numbers_are_read_with_a_point(text: str, value: float) -> None:
    assert cells.number(text) == value


@pytest.mark.parametrize("text", ["40,5", "1e5", "nan", "inf", "40 kg", "", "0x10", "9" * 30])
def test_what_is_not_plainly_a_number_is_none(text: str) -> None:
    assert cells.number(text) is None


@given(ANY_TEXT)
def test_no_text_makes_the_cleaning_fail(text: str) -> None:
    cells.day(text)
    cells.number(text)
    cells.given(text)
