"""What a transaction has left undecided although its owner is fenced ends as it was meant, before anything is read."""

import subprocess
import sys
import zlib
from collections.abc import Iterator

import pytest
from confluent_kafka.admin import AlterConfigOpType, ConfigEntry, ConfigResource
from tests.live.transport.conftest import Cluster, eventually

VALUES = [b"%d" % number for number in range(10)]

HANGING = """
import asyncio, os, sys
from aiokafka import AIOKafkaProducer, TopicPartition

async def main(bootstrap, topic, name, *values):
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, transactional_id=name)
    await producer.start()
    await producer.begin_transaction()
    producer._txn_manager._txn_partitions.add(TopicPartition(topic, 0))  # the coordinator is never told
    for value in values:
        await producer.send_and_wait(topic, value.encode(), key=b"k0", partition=0)
    os._exit(0)

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.fixture
def unverified(cluster: Cluster) -> Iterator[None]:
    """A broker that takes transactional records of a transaction that the coordinator does not know."""
    broker = str(next(iter(cluster.admin.list_topics(timeout=20).brokers)))
    for value in ("false", "true"):
        entry = ConfigEntry(
            "transaction.partition.verification.enable", value, incremental_operation=AlterConfigOpType.SET
        )
        changed = ConfigResource(ConfigResource.Type.BROKER, broker, incremental_configs=[entry])
        for done in cluster.admin.incremental_alter_configs([changed]).values():
            done.result(20)
        if value == "false":
            yield


def hang(cluster: Cluster, source: str, topic: str, values: list[bytes]) -> None:
    """Leave records in `topic` that a lane of `source` wrote and nobody ever decided about."""
    name, texts = f"{cluster.group}-{source}-0", [value.decode() for value in values]
    subprocess.run([sys.executable, "-c", HANGING, cluster.bootstrap, topic, name, *texts], check=True, timeout=60)
    assert cluster.values(topic) == []


@pytest.mark.usefixtures("unverified")
def test_what_was_never_committed_is_not_committed_with_the_next_block(cluster: Cluster) -> None:
    source, copy, *_ = (cluster.topic(name) for name in ("in", "out", *(f"inbox{n}" for n in range(60))))
    hang(cluster, source, copy, [b"never"])
    worker = cluster.worker([source], copy, store=True)
    worker.wait_for("lane")
    cluster.publish(source, VALUES, keys=1)
    eventually(lambda: len(cluster.values(copy)) >= len(VALUES), "all copies")
    assert cluster.values(copy) == VALUES


@pytest.mark.usefixtures("unverified")
def test_what_this_machine_knows_to_be_committed_is_committed_before_the_local_state_is_made(cluster: Cluster) -> None:
    source, copy = cluster.topic("in"), cluster.topic("out")
    cluster.publish(source, VALUES, keys=1)
    hang(cluster, source, copy, VALUES)
    last = cluster.read(source)[-1]
    record = f"{last.timestamp()[1]} {zlib.crc32(last.key() + last.value())}"
    done = f"{len(VALUES)} 0 {last.offset()} {record} {copy}:0:{len(VALUES) - 1}"
    begun = f"{len(VALUES) + 1} {len(VALUES)} {len(VALUES)} 1 1 {copy}:0:{len(VALUES)}"
    positions = cluster.folder / "positions"
    positions.mkdir()
    (positions / f"{source}-0.position").write_text(f"{done}\n{begun}", "ascii")

    worker = cluster.worker([source], copy, store=True, positions=str(positions))
    worker.wait_for(f"replayed 0 {len(VALUES)}")
    cluster.publish(source, [b"more"], keys=1)
    eventually(lambda: len(cluster.values(copy)) > len(VALUES), "all copies")
    assert cluster.values(copy) == [*VALUES, b"more"]
