"""Organisations with some of them closed."""

import pytest

from saan.core.organisations import Organisation, Organisations

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
