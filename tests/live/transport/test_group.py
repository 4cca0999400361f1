"""Partitions move between processes without loss, quickly, and together where they must."""

import dataclasses
import time

from tests.live.transport.conftest import Cluster, eventually

from saan.wire.transport import TransportSettings

SESSION: float = next(f.default for f in dataclasses.fields(TransportSettings) if f.name == "session_timeout")
"""Seconds after which the group would notice by itself that a process is gone."""


def test_equal_partition_numbers_of_equal_topics_stay_together_while_workers_come_and_go(cluster: Cluster) -> None:
    topics = [cluster.topic(name, 4) for name in ("checked.student", "checked.learning", "checked.attendance")]
    copy = cluster.topic("out")
    workers = [cluster.worker(topics, copy, copartitioned=True)]
    workers[0].wait_for("lane", times=12)
    for count in (2, 3):
        workers.append(cluster.worker(topics, copy, slot=count, copartitioned=True))
        eventually(lambda: sum(len(worker.lanes()) for worker in workers) == 12 and all(map(_together, workers)), "12")
    held = [worker.lanes() for worker in workers]
    assert set.union(*held) == {(topic, number) for topic in topics for number in range(4)}
    assert all(held)


def _together(worker) -> bool:  # type: ignore[no-untyped-def]
    lanes = worker.lanes()
    return bool(lanes) and len(lanes) == 3 * len({number for _, number in lanes})


def test_topics_of_different_sizes_are_spread_over_the_workers(cluster: Cluster) -> None:
    topics = [cluster.topic(f"outbox.p{number}") for number in range(4)]
    copy = cluster.topic("out")
    workers = [cluster.worker(topics, copy, slot=number) for number in range(2)]
    eventually(lambda: [len(worker.lanes()) for worker in workers] == [2, 2], "two lanes each")


def test_a_stopping_worker_hands_over_before_its_session_would_end_with_nothing_lost_or_doubled(
    cluster: Cluster,
) -> None:
    source, copy = cluster.topic("in", 2), cluster.topic("out", 2)
    first = cluster.worker([source], copy, **{"break": {"before_commit": ("slow", 1)}})
    first.wait_for("lane", times=2)
    second = cluster.worker([source], copy, slot=1)
    eventually(lambda: len(first.lanes()) == len(second.lanes()) == 1, "one lane each")
    cluster.publish(source, [b"%d" % number for number in range(500)], partitions=2)
    first.wait_for("breaking")
    asked = time.monotonic()
    assert first.stop() == 0
    eventually(lambda: len(second.lanes()) == 2, "both lanes")
    assert time.monotonic() - asked < SESSION
    eventually(lambda: len(cluster.values(copy)) >= 500, "all copies")
    assert sorted(map(int, cluster.values(copy))) == list(range(500))


def test_a_process_asked_to_retire_stops_cleanly_with_the_code_it_was_given(cluster: Cluster) -> None:
    source, copy = cluster.topic("in"), cluster.topic("out")
    worker = cluster.worker([source], copy, retires=True)
    assert worker.popen.wait(60) == 75
    assert worker.lanes() == set()
    assert any(line.startswith("closed") for line in worker.said)


def test_a_worker_that_takes_longer_than_its_session_to_begin_stays_in_the_group(cluster: Cluster) -> None:
    source, copy = cluster.topic("in", 2), cluster.topic("out", 2)
    worker = cluster.worker([source], copy, begins=SESSION + 2)
    worker.wait_for("begun")
    group = cluster.admin.describe_consumer_groups([cluster.group])[cluster.group].result(20)
    assert len(group.members) == 1
