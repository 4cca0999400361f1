"""Identity numbers and the pseudonyms that stand for them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saan.core.identity import citizen_id_ok, g_code_ok, is_pseudonym, pseudonym

KEY = b"a key for tests only"


def with_check_digit(first_twelve: str) -> str:
    total = sum((13 - position) * int(digit) for position, digit in enumerate(first_twelve))
    return first_twelve + str((11 - total % 11) % 10)


@pytest.mark.parametrize("number", ["1000000000009", "1100000000016", "9900000000090"])
def test_a_citizen_id_with_the_right_check_digit_is_accepted(number: str) -> None:
    assert citizen_id_ok(number)


@pytest.mark.parametrize(
    "number",
    ["1000000000008", "", "100000000000", "10000000000091", "1000000000009\n", "๑๐๐๐๐๐๐๐๐๐๐๐๙", "1-0000-00000-00-9"],
)
def test_anything_else_is_no_citizen_id(number: str) -> None:
    assert not citizen_id_ok(number)


@given(st.text("0123456789", min_size=12, max_size=12), st.integers(0, 11), st.integers(1, 9))
def test_an_error_in_the_third_digit_is_the_one_that_always_passes(first: str, at: int, by: int) -> None:
    number = with_check_digit(first)
    changed = number[:at] + str((int(number[at]) + by) % 10) + number[at + 1 :]
    assert citizen_id_ok(number)
    if at == 2:
        assert citizen_id_ok(changed)


@pytest.mark.parametrize(
    ("code", "year", "good"),
    [
        ("G644200000001", 2568, True),
        ("G684200000001", 2568, True),
        ("G694200000001", 2568, False),
        ("G642800000001", 2568, False),
        ("G64420000001", 2568, False),
        ("g644200000001", 2568, False),
    ],
)
def test_a_g_code_has_a_past_year_and_a_real_province(code: str, year: int, good: bool) -> None:
    assert g_code_ok(code, year) is good


def test_a_pseudonym_is_stable_and_depends_on_type_number_and_key() -> None:
    one = pseudonym("CITIZEN_ID", "1000000000009", KEY)
    assert re.fullmatch(r"st-[0-9a-f]{20}", one)
    assert one == pseudonym("CITIZEN_ID", "1000000000009", KEY)
    others = {
        pseudonym("ALIEN_ID", "1000000000009", KEY),
        pseudonym("CITIZEN_ID", "1100000000016", KEY),
        pseudonym("CITIZEN_ID", "1000000000009", b"another key"),
    }
    assert len(others | {one}) == 4


def test_the_same_document_written_differently_is_one_person() -> None:
    assert pseudonym("PASSPORT", "ab 123-456", KEY) == pseudonym("PASSPORT", "AB123456", KEY)


def test_an_issued_pseudonym_stands_for_itself() -> None:
    issued = "st-0123456789abcdef0123"
    assert is_pseudonym(issued)
    assert pseudonym("SUBJECT_UID", issued, KEY) == issued


@pytest.mark.parametrize(
    "text", ["", "st-0123", "I9900007680126", "st-0123456789ABCDEF0123", "xx-0123456789abcdef0123"]
)
def test_other_text_is_no_pseudonym(text: str) -> None:
    assert not is_pseudonym(text)
