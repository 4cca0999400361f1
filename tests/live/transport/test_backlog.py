"""A backlog is worked off in bounded blocks, and a station that reads many partitions keeps each in order."""

from collections import defaultdict

from tests.live.transport.conftest import Cluster, eventually


def test_a_backlog_larger_than_many_blocks_is_worked_off_in_order(cluster: Cluster) -> None:
    source, copy = cluster.topic("in", 3), cluster.topic("out", 3)
    count = 40_000
    cluster.publish(source, [b"%d" % number + b"x" * 100 for number in range(count)], partitions=3, keys=30)
    cluster.worker([source], copy, settings={"max_block": 200, "fetch_bytes": 8000})
    eventually(lambda: len(cluster.read(copy)) >= count, "the whole backlog", 40)
    order: dict[bytes, list[int]] = defaultdict(list)
    for message in cluster.read(copy):
        order[message.key()].append(int(message.value().rstrip(b"x")))
    assert order == {b"k%d" % key: list(range(key, count, 30)) for key in range(30)}
