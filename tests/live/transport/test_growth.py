"""A topic that was given partitions by hand: no key goes where its earlier records are not."""

import pytest
from confluent_kafka.admin import NewPartitions
from tests.live.transport.conftest import Cluster, eventually

from saan.wire.transport import Exit

VALUES = [b"%d" % number for number in range(40)]


def grow(cluster: Cluster, topic: str, partitions: int) -> None:
    for done in cluster.admin.create_partitions([NewPartitions(topic, partitions)]).values():
        done.result(20)


def test_a_running_station_leaves_rather_than_write_to_a_topic_that_was_given_partitions(cluster: Cluster) -> None:
    source, copy = cluster.topic("in"), cluster.topic("out", 2)
    governed = {source: 1, copy: 2}
    worker = cluster.worker([source], copy, governed=governed)
    cluster.publish(source, VALUES)
    worker.wait_for("lane")
    grow(cluster, copy, 4)

    def has_left() -> bool:
        cluster.publish(source, VALUES[:7])
        return worker.popen.poll() is not None

    eventually(has_left, "the station leaves")
    assert worker.popen.returncode == Exit.UNABLE
    assert {message.partition() for message in cluster.read(copy)} <= {0, 1}
    worker.wait_for(f"SAAN-T005: topic '{copy}' has 4 partitions where 2 are governed")


@pytest.mark.parametrize("grown", ["input", "output"])
def test_a_station_does_not_start_on_topics_that_were_given_partitions(cluster: Cluster, grown: str) -> None:
    source, copy = cluster.topic("in"), cluster.topic("out", 2)
    cluster.publish(source, VALUES)
    governed = {source: 1, copy: 2}
    grow(cluster, source if grown == "input" else copy, 4)
    worker = cluster.worker([source], copy, governed=governed)
    assert worker.popen.wait(60) == Exit.UNABLE
    worker.wait_for("SAAN-T005")
    assert cluster.values(copy) == []
