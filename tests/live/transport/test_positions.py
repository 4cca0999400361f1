"""A group coordinator that answers with a wrong position makes nobody process anything twice, or not at all."""

from collections.abc import Sequence
from typing import Any

import pytest
from confluent_kafka import ConsumerGroupTopicPartitions, TopicPartition
from tests.live.transport.conftest import Cluster, eventually

VALUES = [b"%06d" % n for n in range(400)]
SMALL = {"max_block": 50, "fetch_bytes": 2000}


def say_committed(cluster: Cluster, topic: str, offset: int) -> None:
    """Have the coordinator say that this is the committed position; the group must be empty."""
    back = ConsumerGroupTopicPartitions(cluster.group, [TopicPartition(topic, 0, offset)])
    for done in cluster.admin.alter_consumer_group_offsets([back]).values():
        done.result(20)


def copied(cluster: Cluster, source: str, copy: str, values: Sequence[bytes]) -> None:
    """One worker copies what is there, notes it, and stops."""
    worker = cluster.worker([source], copy, settings=SMALL, positions=str(cluster.folder / "positions"))
    eventually(lambda: cluster.values(copy) == list(values), "all copies")
    assert worker.stop() == 0


def test_a_position_that_the_coordinator_forgot_is_known_on_this_machine(cluster: Cluster) -> None:
    source, copy = cluster.topic("in"), cluster.topic("copy")
    cluster.publish(source, VALUES[:300], keys=1)
    copied(cluster, source, copy, VALUES[:300])

    say_committed(cluster, source, 40)
    cluster.publish(source, VALUES[300:], keys=1)
    second = cluster.worker([source], copy, slot=1, settings=SMALL, positions=str(cluster.folder / "positions"))

    eventually(lambda: len(cluster.values(copy)) >= len(VALUES), "the rest")
    assert second.stop() == 0
    assert cluster.values(copy) == VALUES


@pytest.mark.parametrize("nth", [1, 3])
def test_a_position_whose_records_were_aborted_is_not_believed(cluster: Cluster, nth: int) -> None:
    source, copy = cluster.topic("in"), cluster.topic("copy")
    cluster.publish(source, VALUES, keys=1)
    positions = cluster.folder / "positions"
    order: dict[str, Any] = {"settings": SMALL, "positions": str(positions)}
    first = cluster.worker([source], copy, **order, **{"break": {"before_commit": ("kill", nth)}})
    first.popen.wait(60)
    eventually(lambda: cluster.left(), "the dead member's session")
    before = len(cluster.values(copy))

    told = int((positions / f"{source}-0.position").read_text("ascii").splitlines()[-1].split()[0])
    assert told > before
    say_committed(cluster, source, told)
    second = cluster.worker([source], copy, slot=1, **order)

    eventually(lambda: len(cluster.values(copy)) >= len(VALUES), "the rest")
    second.wait_for("was not")
    assert second.stop() == 0
    assert cluster.values(copy) == VALUES


@pytest.mark.parametrize("point", ["before_commit", "after_commit"])
@pytest.mark.parametrize("nth", [1, 3])
def test_of_a_commit_in_which_the_process_died_this_machine_knows_whether_it_came_about(
    cluster: Cluster, point: str, nth: int
) -> None:
    source, copy = cluster.topic("in"), cluster.topic("copy")
    cluster.publish(source, VALUES, keys=1)
    positions = str(cluster.folder / "positions")
    first = cluster.worker([source], copy, settings=SMALL, positions=positions, **{"break": {point: ("kill", nth)}})
    first.popen.wait(60)
    eventually(lambda: cluster.left(), "the dead member's session")

    say_committed(cluster, source, 0)
    second = cluster.worker([source], copy, slot=1, settings=SMALL, positions=positions)

    eventually(lambda: len(cluster.values(copy)) >= len(VALUES), "the rest")
    assert second.stop() == 0
    assert cluster.values(copy) == VALUES


NOTES = ("390 380 389 1 1", "300 290 299 1 1", "9000 8990 8999 1 1", "no number", "")


def test_a_note_of_another_log_keeps_nothing_from_being_processed(cluster: Cluster) -> None:
    copy, folder = cluster.topic("copy"), cluster.folder / "positions"
    sources = {cluster.topic(f"in-{number}"): note for number, note in enumerate(NOTES)}
    folder.mkdir()
    for source, note in sources.items():
        cluster.publish(source, [f"{source} ".encode() + value for value in VALUES], keys=1)
        (folder / f"{source}-0.position").write_text(note, "ascii")

    worker = cluster.worker([*sources], copy, settings=SMALL, positions=str(folder))

    eventually(lambda: len(cluster.values(copy)) >= len(sources) * len(VALUES), "all copies")
    assert worker.stop() == 0
    copies = cluster.values(copy)
    for source in sources:
        assert [one for one in copies if one.startswith(source.encode())] == [
            f"{source} ".encode() + value for value in VALUES
        ]
