"""When one organisation lies under another, and organisations with some of them closed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saan.core.organisations import Organisation, Organisations, Parent

THERE = Organisations(
    [
        Organisation("SC-1", "school", {}, (), active_to=100),
        Organisation("SC-2", "school", {}, (), codes={"moe10": "1096000002"}),
    ]
)


@pytest.mark.parametrize(("told", "end"), [(50, 50), (100, 100), (150, 100)])
def test_of_two_ends_the_earlier_one_counts(told: int, end: int) -> None:
    known = THERE.closed({"SC-1": told}).get("SC-1")

    assert known is not None
    assert known.active_to == end


def test_what_is_closed_keeps_all_else_and_so_do_the_others() -> None:
    after = THERE.closed({"SC-2": 7, "SC-unknown": 7})

    assert len(after) == 2
    assert after.by_code("moe10", "1096000002") == after.get("SC-2")
    assert after.get("SC-1") == THERE.get("SC-1")
    assert THERE.closed({"SC-unknown": 7}) is THERE


DAYS = st.none() | st.integers(0, 9)
PARENTS = st.lists(st.builds(Parent, st.sampled_from("abcx"), DAYS, DAYS), max_size=3).map(tuple)


@given(st.dictionaries(st.sampled_from("abcd"), PARENTS), st.frozensets(st.sampled_from("abcx")))
def test_the_days_under_others_are_those_on_which_one_of_them_is_above(
    ties: dict[str, tuple[Parent, ...]], ids: frozenset[str]
) -> None:
    organisations = Organisations(Organisation(id, "office", {}, parents) for id, parents in ties.items())

    found = organisations.days_under("a", ids)

    for day in range(-1, 12):
        within = any((start is None or start <= day) and (end is None or day < end) for start, end in found)
        assert within == (not ids.isdisjoint(organisations.above("a", day)))
