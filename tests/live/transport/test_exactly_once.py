"""Every input record has its output exactly once and in order, whenever the process dies."""

import signal
from collections import defaultdict

from confluent_kafka import Message
from tests.live.transport.conftest import Cluster, eventually

VALUES = [b"%d" % number for number in range(3000)]


def by_key(messages: list[Message]) -> dict[bytes, list[int]]:
    order: dict[bytes, list[int]] = defaultdict(list)
    for message in messages:
        order[message.key()].append(int(message.value()))
    return order


def once_and_in_order(cluster: Cluster, topic: str, partitions: int) -> bool:
    order = by_key(cluster.read(topic, partitions))
    if sum(map(len, order.values())) < len(VALUES):
        return False
    assert order == {b"k%d" % key: list(range(key, len(VALUES), 7)) for key in range(7)}
    return True


def test_records_are_copied_with_their_headers_and_timestamps(cluster: Cluster) -> None:
    source, copy = cluster.topic("in"), cluster.topic("out")
    cluster.publish(source, VALUES[:50])
    cluster.worker([source], copy)
    eventually(lambda: len(cluster.values(copy)) == 50, "50 copies")
    for before, after in zip(cluster.read(source), cluster.read(copy), strict=True):
        assert (before.key(), before.value(), before.headers()) == (after.key(), after.value(), after.headers())
        assert before.timestamp() == after.timestamp()


SMALL = {"max_block": 50, "fetch_bytes": 2000}


def test_a_process_killed_before_or_after_the_commit_loses_and_doubles_nothing(cluster: Cluster) -> None:
    source = cluster.topic("in", 2)
    cluster.publish(source, VALUES, partitions=2)
    copies = {point: cluster.topic(point, 3) for point in ("before_commit", "after_commit")}
    first = {
        point: cluster.worker([source], copy, group=copy, settings=SMALL, **{"break": {point: ("kill", 4)}})
        for point, copy in copies.items()
    }
    for point, copy in copies.items():
        assert first[point].popen.wait(25) == -signal.SIGKILL
        assert len(cluster.values(copy, 3)) < len(VALUES)
        cluster.worker([source], copy, group=copy)
    for copy in copies.values():
        eventually(lambda copy=copy: once_and_in_order(cluster, copy, 3), "all copies")


def test_a_frozen_process_that_wakes_up_after_its_partition_has_moved_leaves(cluster: Cluster) -> None:
    source, copy = cluster.topic("in", 2), cluster.topic("out", 3)
    cluster.publish(source, VALUES, partitions=2)
    frozen = cluster.worker([source], copy, settings=SMALL, **{"break": {"before_commit": ("freeze", 3)}})
    frozen.wait_for("breaking")
    cluster.worker([source], copy, slot=1)
    eventually(lambda: once_and_in_order(cluster, copy, 3), "all copies")
    assert frozen.popen.wait(25) == 70
    assert once_and_in_order(cluster, copy, 3)


def test_state_is_made_up_for_when_the_process_dies_between_the_commit_and_its_store(cluster: Cluster) -> None:
    source, log = cluster.topic("in"), cluster.topic("record.student")
    cluster.publish(source, VALUES[:600])
    first = cluster.worker([source], log, store=True, settings=SMALL, **{"break": {"after_commit": ("kill", 3)}})
    first.popen.wait(25)
    written = len(cluster.values(log))
    second = cluster.worker([source], log, store=True, settings=SMALL)
    second.wait_for("replayed 0")
    assert f"replayed 0 {written}" in second.said
    eventually(lambda: len(cluster.values(log)) == 600, "all records")
    assert second.stop() == 0
    third = cluster.worker([source], log, store=True, settings=SMALL)
    third.wait_for("lane")
    assert "replayed 0 0" in third.said
