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


def once_and_in_order(cluster: Cluster, topic: str) -> bool:
    order = by_key(cluster.read(topic))
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


def test_processes_that_die_or_freeze_around_the_commit_lose_and_double_nothing(cluster: Cluster) -> None:
    source = cluster.topic("in", 2)
    cluster.publish(source, VALUES, partitions=2)
    faults = {
        "killed-before": ("before_commit", "kill", 4),
        "killed-after": ("after_commit", "kill", 4),
        "frozen": ("before_commit", "freeze", 3),
    }
    copies = {fault: cluster.topic(fault, 3) for fault in faults}
    first = {
        fault: cluster.worker([source], copies[fault], group=copies[fault], settings=SMALL, **{"break": {point: how}})
        for fault, (point, *how) in faults.items()
    }
    for fault, copy in copies.items():
        first[fault].wait_for("breaking")
        assert len(cluster.values(copy)) < len(VALUES)
        second = cluster.worker([source], copy, slot=1, group=copy)
    second.wait_for("lane", times=2)
    first["frozen"].popen.send_signal(signal.SIGCONT)
    for copy in copies.values():
        eventually(lambda copy=copy: once_and_in_order(cluster, copy), "all copies")
    assert [first[fault].popen.wait(60) for fault in faults] == [-signal.SIGKILL, -signal.SIGKILL, 70]
    assert all(once_and_in_order(cluster, copy) for copy in copies.values())


def test_state_is_made_up_for_when_the_process_dies_between_the_commit_and_its_store(cluster: Cluster) -> None:
    source, log = cluster.topic("in"), cluster.topic("record.student")
    cluster.publish(source, VALUES[:600])
    first = cluster.worker([source], log, store=True, settings=SMALL, **{"break": {"after_commit": ("kill", 3)}})
    first.popen.wait(60)
    written = len(cluster.values(log))
    second = cluster.worker([source], log, store=True, settings=SMALL)
    second.wait_for("replayed 0")
    assert f"replayed 0 {written}" in second.said
    eventually(lambda: len(cluster.values(log)) == 600, "all records")
    assert second.stop() == 0
    third = cluster.worker([source], log, store=True, settings=SMALL)
    third.wait_for("lane")
    assert "replayed 0 0" in third.said
