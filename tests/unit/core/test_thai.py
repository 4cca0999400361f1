"""What looks the same in Thai is the same after normalising."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saan.core.thai import mixes_scripts, normalise, suspicious

THAI = st.text(st.characters(min_codepoint=0x0E01, max_codepoint=0x0E5B) | st.sampled_from(" \t\u00a0ab\u0301"))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("  สม  ชาย\t", "สม ชาย"),
        ("น้\u0e4d\u0e32", "น้\u0e33"),
        ("น\u0e4d\u0e49\u0e32", "น\u0e49\u0e33"),
        ("\u0e40\u0e40ก้ว", "แก้ว"),
        ("\u00a0พุทธ", "พุทธ"),
        ("cafe\u0301", "café"),
        ("นูรีดา", "นูรีดา"),
    ],
)
def test_text_gets_one_spelling(written: str, expected: str) -> None:
    assert normalise(written) == expected


@given(THAI)
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("นูรีดา 2/1 (ก) & ข", ()),
        ("นู\u200bรีดา", ("zero-width",)),
        ("\ufeffก", ("zero-width",)),
        ("a\x00b", ("control",)),
        ("a\x85b", ("control",)),
        ("<b>", ("html",)),
        ("&lt;", ("html",)),
        ("<\u202e\x1b", ("html", "zero-width", "control")),
    ],
)
def test_what_does_not_belong_into_a_name_is_named(text: str, names: tuple[str, ...]) -> None:
    assert suspicious(text) == names


@pytest.mark.parametrize(
    ("text", "mixed"),
    [
        ("นูรีดา", False),
        ("นูรีดา สาแวดาโอะ-2", False),
        ("Nurida", False),
        ("นูรีดา Nurida", False),
        ("น\u0443รีดา", True),
        ("นูรีดa", True),
        ("Nurid\u0430", True),
        ("\u0391nna", True),
        ("ก\u0ea5า", True),
        ("", False),
    ],
)
def test_a_word_with_letters_of_two_scripts_is_seen(text: str, mixed: bool) -> None:
    assert mixes_scripts(text) is mixed
