"""Linked pseudonyms are one learner, under one of them, whatever is told first, twice or in a circle."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saan.core.links import Links

NAMES = "abcdefg"
PAIRS = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=10)


def roots(links: Links) -> dict[str, str]:
    return {name: links.root(name) for name in NAMES}


def groups(pairs: list[tuple[str, str]]) -> dict[str, set[str]]:
    """Who is linked with whom, found step by step."""
    found = {name: {name} for name in NAMES}
    for _ in pairs:
        for one, other in pairs:
            found[one] |= found[other]
            found[other] |= found[one]
    for _ in NAMES:
        for name in NAMES:
            for other in set(found[name]):
                found[name] |= found[other]
    return found


def test_a_pseudonym_that_is_linked_to_nothing_is_its_own_root() -> None:
    assert Links().root("st-1") == "st-1"


@pytest.mark.parametrize(
    ("told", "root"),
    [
        ([("new", "old")], "old"),
        ([("new", "old"), ("new", "old")], "old"),
        ([("newer", "new"), ("new", "old")], "old"),
        ([("new", "old"), ("newer", "new")], "old"),
        ([("new", "old"), ("old", "new")], "new"),
        ([("new", "one"), ("new", "other")], "one"),
        ([("old", "old")], "old"),
    ],
)
def test_the_root_is_nobodys_alias_and_else_the_least(told: list[tuple[str, str]], root: str) -> None:
    links = Links(told)
    assert {links.root(name) for pair in told for name in pair} == {root}


@given(PAIRS, st.data())
def test_any_order_of_the_same_links_gives_the_same_roots(pairs: list[tuple[str, str]], data: st.DataObject) -> None:
    again = data.draw(st.permutations([*pairs, *pairs[:3]]))
    assert roots(Links(again)) == roots(Links(pairs))


@given(PAIRS)
def test_exactly_those_that_are_linked_share_a_root_which_is_one_of_them(pairs: list[tuple[str, str]]) -> None:
    links, linked = Links(pairs), groups(pairs)
    for one in NAMES:
        assert links.root(links.root(one)) == links.root(one)
        assert links.root(one) in linked[one]
        for other in NAMES:
            assert (links.root(one) == links.root(other)) == (other in linked[one])


@given(PAIRS)
def test_links_told_one_after_the_other_keep_the_pseudonym_that_each_of_them_keeps(
    pairs: list[tuple[str, str]],
) -> None:
    """As the validator tells them: of the roots at that time."""
    links = Links()
    for alias, subject in pairs:
        kept = links.root(subject)
        links.add(links.root(alias), kept)
        assert links.root(alias) == links.root(subject) == kept
