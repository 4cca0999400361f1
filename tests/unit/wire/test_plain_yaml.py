"""YAML is read as it is written."""

import pytest

from saan.wire.plain_yaml import BadYaml, load


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on", "on"),
        ("no", "no"),
        ("Yes", "Yes"),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("2025-01-01", "2025-01-01"),
        ("001", "001"),
        ("12", 12),
        ("-3", -3),
        ("0.5", 0.5),
        ("1:20", "1:20"),
        ("0x1f", "0x1f"),
        ("1_000", "1_000"),
        ("311/1", "311/1"),
        ("'12'", "12"),
    ],
)
def test_only_plain_numbers_truth_and_null_are_more_than_text(text: str, value: object) -> None:
    assert load(f"key: {text}") == {"key": value}


def test_on_is_a_key_like_any_other() -> None:
    assert load("{move: enter, on: entryDate}") == {"move": "enter", "on": "entryDate"}


@pytest.mark.parametrize("text", ["a: 1\nb: 2\na: 3", "x: {a: 1, a: 2}", "- {a: 1, b: 2, a: 1}"])
def test_a_repeated_key_is_an_error_with_its_line(text: str) -> None:
    with pytest.raises(BadYaml, match=r"the key 'a' stands twice \(line \d\)"):
        load(text)


@pytest.mark.parametrize("text", ["a: [1", "a: b: c", "\x00", "!!python/object:os.system x", "a: *nobody"])
def test_what_is_no_yaml_is_said_without_a_traceback_of_the_library(text: str) -> None:
    with pytest.raises(BadYaml):
        load(text)
