"""Automata accept what they were made from, and nothing else."""

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saan.core.thai import PLAIN, mixes_scripts, normalise, suspicious
from saan.wire.compiled import patterns, spelling
from saan.wire.compiled.automaton import Builder, ranges
from saan.wire.compiled.errors import Uncompilable

once = settings(deadline=None)
"""An automaton is made at its first use, which takes longer than the uses after it."""

EXACT = [
    "[1-4]1[1-6]/[0-9A-Za-z]{1,4}",
    "[0-9a-f]{32}",
    "[0-9A-Za-zก-ฮ/]{1,10}",
    "(?:st|tc)-[0-9a-f]{20}",
    "[ก-ฮ][1-3][0-6][12][0-9]{2}",
    "(a|bc)*d?",
    "x{2,}|y+?",
    "(?s).{1,8}",
    ".{1,8}",
    "[^a-y]z",
    "[\U0001f600-\U0001f64f\u07ff-\u0801]+",
]
SMALLER = [r"[^@\s<>]{1,64}@[A-Za-z0-9.-]{3,50}", r"\w+\s\d"]
THAI = st.text(st.sampled_from("กขคงเแโใไำา่้๊๋็์ํฺุูิีึืัๅๆ๐๙ฯ Aa1.-/\n\t<&\u200b"), max_size=12)


@pytest.mark.parametrize("regex", EXACT)
@once
@given(data=st.data())
def test_an_automaton_accepts_what_the_expression_matches(regex: str, data: st.DataObject) -> None:
    text = data.draw(st.one_of(st.from_regex(regex, fullmatch=True), st.text(max_size=12)))

    assert patterns.compiled(regex).accepts(text) == (re.fullmatch(regex, text) is not None)


@pytest.mark.parametrize("regex", SMALLER)
@once
@given(data=st.data())
def test_categories_are_taken_from_ascii_only(regex: str, data: st.DataObject) -> None:
    text = data.draw(st.one_of(st.from_regex(regex, fullmatch=True), st.text(max_size=12)))
    matched = re.fullmatch(regex, text) is not None

    accepted = patterns.compiled(regex).accepts(text)

    assert accepted == matched if text.isascii() else not accepted or matched


@pytest.mark.parametrize("regex", ["(?!a)b", "^a", "a$", r"(a)\1", "(?i)a", "(", "(?>a*)a", "(ab){5000}"])
def test_what_cannot_be_an_automaton_is_refused(regex: str) -> None:
    with pytest.raises(Uncompilable):
        patterns.compiled(regex)


@once
@given(st.integers(0, 0x10FFFF), st.integers(0, 0x10FFFF), st.integers(0, 0x10FFFF))
def test_a_range_of_characters_holds_those_between_its_ends_that_have_utf8(one: int, other: int, asked: int) -> None:
    build = Builder()
    end = build.state()
    build.move(build.start, min(one, other), max(one, other), end)

    inside = min(one, other) <= asked <= max(one, other) and not 0xD800 <= asked <= 0xDFFF

    assert build.determinise({end}).accepts(chr(asked)) == inside


@once
@given(st.sets(st.integers(0, 300)))
def test_ranges_hold_the_same_characters(characters: set[int]) -> None:
    found = list(ranges(characters))

    assert {one for first, last in found for one in range(first, last + 1)} == characters
    assert all(before[1] + 1 < after[0] for before, after in pairwise(found))


@once
@given(st.one_of(THAI, st.text(max_size=12)))
def test_clean_text_is_neither_suspicious_nor_changed_by_normalising(text: str) -> None:
    clean = not suspicious(text) and normalise(text) == text

    if spelling.clean().accepts(text):
        assert clean
    elif PLAIN.fullmatch(text) and "\u0e4d" not in text:
        assert not clean


@once
@given(st.one_of(THAI, st.text("กอAzдωກ \u3000.-1", max_size=12), st.text(max_size=12)))
def test_words_of_one_script_do_not_mix_scripts(text: str) -> None:
    if spelling.one_script().accepts(text):
        assert not mixes_scripts(text)
    elif all(one < "\x80" or "\u0e00" <= one <= "\u0e7f" for one in text):
        assert mixes_scripts(text)
