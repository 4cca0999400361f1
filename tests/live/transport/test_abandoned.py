"""What a dead process or a careless client leaves open holds readers back for a bounded time, and is never read."""

import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from tests.live.transport.conftest import Cluster, eventually

LOOKS_EVERY = 10.0
"""Seconds between two looks of a broker for transactions that took too long; Kafka's default, and the engine's."""
SLACK = 5.0

CARELESS = """
import asyncio, gc, os, signal, sys
from aiokafka import AIOKafkaProducer

async def main(bootstrap, topic, name, how):
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, transactional_id=name, transaction_timeout_ms=2000)
    await producer.start()
    await producer.begin_transaction()
    for number in range(10):
        await producer.send_and_wait(topic, b"never", partition=0)
    print("open", flush=True)
    if how == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    del producer
    gc.collect()
    await asyncio.sleep(60)

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.fixture
def careless(cluster: Cluster) -> Iterator[dict[str, str]]:
    """Topics by what became of a client that has a transaction open on each."""
    topics = {how: cluster.topic(how) for how in ("killed", "collected")}
    clients = [
        subprocess.Popen(
            [sys.executable, "-c", CARELESS, cluster.bootstrap, topic, topic, how],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        for how, topic in topics.items()
    ]
    for client in clients:
        assert client.stdout is not None
        assert client.stdout.readline() == "open\n"
    yield topics
    for client in clients:
        client.kill()
        client.communicate(timeout=10)


def test_a_client_that_died_or_forgot_its_producer_holds_a_station_back_only_until_its_time_out(
    cluster: Cluster, careless: dict[str, str]
) -> None:
    copies = {how: cluster.topic(f"copy-{how}") for how in careless}
    began = time.monotonic()
    for how, topic in careless.items():
        cluster.publish(topic, [b"%d" % number for number in range(50)], keys=1)
        cluster.worker([topic], copies[how], slot=how, group=topic)
    for copy in copies.values():
        eventually(lambda copy=copy: len(cluster.values(copy)) == 50, "the records behind", 2 + LOOKS_EVERY + SLACK)
        assert cluster.values(copy) == [b"%d" % number for number in range(50)]
    assert time.monotonic() - began < 2 + LOOKS_EVERY + 2 * SLACK


def test_what_a_dead_station_left_open_holds_readers_back_no_longer_than_its_transaction_time_out(
    cluster: Cluster,
) -> None:
    source, copy = cluster.topic("in"), cluster.topic("out")
    cluster.publish(source, [b"%d" % number for number in range(10)])
    dead = cluster.worker(
        [source], copy, settings={"transaction_timeout": 2.0}, **{"break": {"before_commit": ("kill", 1)}}
    )
    dead.popen.wait(60)
    cluster.publish(copy, [b"behind"])
    assert cluster.values(copy) == []
    eventually(lambda: cluster.values(copy) == [b"behind"], "the record behind it", 2 * 1.5 + LOOKS_EVERY + SLACK)


def test_what_a_dead_station_left_open_is_settled_as_soon_as_a_successor_takes_over(cluster: Cluster) -> None:
    source, copy = cluster.topic("in"), cluster.topic("out")
    cluster.publish(source, [b"%d" % number for number in range(10)])
    patient = {"transaction_timeout": 120.0}
    dead = cluster.worker([source], copy, settings=patient, **{"break": {"before_commit": ("kill", 1)}})
    dead.popen.wait(60)
    cluster.publish(copy, [b"behind"])
    assert cluster.values(copy) == []
    successor = cluster.worker([source], copy, slot=1, settings=patient)
    successor.wait_for("lane")
    eventually(lambda: cluster.values(copy)[:1] == [b"behind"], "the record behind it", SLACK)
    eventually(lambda: len(cluster.values(copy)) == 11, "the copies")
    assert cluster.values(copy)[1:] == [b"%d" % number for number in range(10)]
