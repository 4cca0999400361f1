"""Partitions are dealt out only by a cluster that names them all."""

import os
from typing import NamedTuple

import pytest

from saan.wire.transport.assigning import Range, RoundRobin, unknown
from saan.wire.transport.leaving import Exit


class Member(NamedTuple):
    subscription: list[str]


class Cluster:
    """What a broker has told of its topics: partition numbers by topic."""

    def __init__(self, **topics: set[int]) -> None:
        self._topics = topics

    def partitions_for_topic(self, topic: str) -> set[int] | None:
        return self._topics.get(topic)


class Left(BaseException):
    """The process would have ended here."""


@pytest.fixture
def left(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    codes: list[int] = []

    def end(code: int) -> None:
        codes.append(code)
        raise Left

    monkeypatch.setattr(os, "_exit", end)
    return codes


@pytest.mark.parametrize("way", [Range, RoundRobin])
@pytest.mark.parametrize("cluster", [Cluster(), Cluster(one={0}), Cluster(one={0}, two=set())])
def test_a_process_leaves_rather_than_deal_out_by_a_cluster_that_does_not_name_all_topics(
    way: type[Range], cluster: Cluster, left: list[int]
) -> None:
    with pytest.raises(Left):
        way.assign(cluster, {"m": Member(["one", "two"])})

    assert left == [Exit.UNABLE]


@pytest.mark.parametrize("way", [Range, RoundRobin])
def test_a_cluster_that_names_all_topics_is_dealt_out_whole(way: type[Range], left: list[int]) -> None:
    dealt = way.assign(Cluster(one={0, 1}), {"m": Member(["one"])})

    assert sorted(dealt["m"].partitions()) == [("one", 0), ("one", 1)]
    assert left == []


def test_unknown_topics_are_named_once() -> None:
    assert unknown(Cluster(one={0}), ["two", "one", "two"]) == ["two"]
