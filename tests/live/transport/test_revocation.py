"""A rebalance waits for a block that is being decided, but not for ever."""

import time

from confluent_kafka import ConsumerGroupState
from tests.live.transport.conftest import Cluster, Process, eventually

from saan.wire.transport import Exit

COUNT = 12_000
REVOCATION = 4.0
HEARTBEAT = 1.5
"""Seconds until a worker hears that the group deals out again."""
SLACK = 3.0


def state(cluster: Cluster) -> ConsumerGroupState:
    return cluster.admin.describe_consumer_groups([cluster.group])[cluster.group].result(10).state


def big_block(cluster: Cluster, *heavy: object) -> tuple[str, Process, Process]:
    """A topic with copies, a worker that decides two large blocks and another that has made the group deal out."""
    source, copy = cluster.topic("in", 2), cluster.topic("out", 2)
    cluster.publish(source, [b"%d" % number for number in range(2 * COUNT)], partitions=2, keys=8)
    slow = cluster.worker([source], copy, settings={"fetch_bytes": 4 << 20}, heavy=heavy)
    slow.wait_for("deciding")
    assert max(int(line.split()[1]) for line in slow.said if line.startswith("deciding")) >= 10_000
    second = cluster.worker([source], copy, slot=1)
    eventually(lambda: state(cluster) is not ConsumerGroupState.STABLE, "the group deals out again")
    return copy, slow, second


def copied_once_and_in_order(cluster: Cluster, copy: str) -> None:
    eventually(lambda: len(cluster.values(copy)) >= 2 * COUNT, "all copies", 60)
    order: dict[bytes, list[int]] = {}
    for message in cluster.read(copy):
        order.setdefault(message.key(), []).append(int(message.value()))
    assert order == {b"k%d" % key: list(range(key, 2 * COUNT, 8)) for key in range(8)}


def test_a_process_whose_large_block_still_waits_for_its_decision_leaves_when_its_time_is_up(cluster: Cluster) -> None:
    copy, slow, second = big_block(cluster, "waits", 20.0)
    began = time.monotonic()
    assert slow.popen.wait(30) == Exit.DOUBT
    assert time.monotonic() - began < HEARTBEAT + REVOCATION + SLACK
    slow.wait_for("was not given back in time")
    copied_once_and_in_order(cluster, copy)
    assert second.stop() == Exit.DONE


def test_a_process_that_computes_too_long_to_be_interrupted_loses_and_doubles_nothing(cluster: Cluster) -> None:
    copy, slow, _ = big_block(cluster, "computes", 12.0)
    copied_once_and_in_order(cluster, copy)
    assert slow.popen.poll() in (None, Exit.DOUBT)
