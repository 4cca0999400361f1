"""The deliverer as processes on real Kafka and a real registry."""

import asyncio
import signal
import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer

from saan.client import Subscriber
from saan.wire import files, world
from saan.wire.avro import Codec
from saan.wire.governed import Governed
from saan.wire.partition import partition
from saan.wire.record import cloud_event, frame

WHO = "peo-96"
INBOX = f"inbox.{WHO}"


@pytest.fixture(scope="module")
def deliverer(exchange: Any) -> Iterator[Any]:
    with exchange.station("deliverer") as station:
        yield station


@pytest.fixture(scope="module")
def enrolled() -> Any:
    return world.build(files.read(files.default_folder()).entities()).events["student.enrolled"]


async def arrive(exchange: Any, enrolled: Any, count: int, *, commit: bool = True, learners: int = 5) -> list[str]:
    """Put events into the inbox as the router does, in one transaction; gives their ids."""
    governed = Governed({"bootstrap_servers": exchange.bootstrap})
    await governed.start()
    schema_id = governed.schema_id(enrolled.record)
    await governed.stop()
    assert schema_id is not None
    codec = Codec(enrolled.schema)
    data = codec.from_json(enrolled.examples["accepted"][0]["data"])
    assert isinstance(data, dict)
    ids = [f"e-{uuid.uuid4()}" for _ in range(count)]
    async with AIOKafkaProducer(bootstrap_servers=exchange.bootstrap, transactional_id=f"t-{uuid.uuid4()}") as producer:
        parts = len(await producer.partitions_for(INBOX))
        await producer.begin_transaction()
        for number, id in enumerate(ids):
            subject = f"st-{number % learners:020x}"
            headers = cloud_event({"id": id, "type": enrolled.name, "source": "sis-96012007", "subject": subject})
            value = frame(schema_id, codec.encode(data | {"studentNo": str(number)}))
            key = subject.encode()
            await producer.send(INBOX, value, key=key, partition=partition(key, parts), headers=list(headers))
        await (producer.commit_transaction() if commit else producer.abort_transaction())
    return ids


def subscriber(exchange: Any, station: Any) -> Subscriber:
    return Subscriber(station.address, exchange.token(WHO))


async def test_every_committed_event_comes_once_with_its_data_and_each_learners_in_order(
    exchange: Any, deliverer: Any, enrolled: Any
) -> None:
    ids = await arrive(exchange, enrolled, 250)
    await arrive(exchange, enrolled, 3, commit=False)
    with subscriber(exchange, deliverer) as client:
        events = list(client.events(max=40))
        assert list(client.events()) == []
    assert sorted(event["id"] for event in events) == sorted(ids)
    for learner in range(5):
        subject = f"st-{learner:020x}"
        numbers = [int(event["data"]["studentNo"]) for event in events if event["subject"] == subject]
        assert numbers == list(range(learner, 250, 5))
    assert events[0]["data"]["nameThai"] == "ซากี"
    assert events[0]["data"]["birthDate"] == "2011-11-14"


async def test_two_replicas_serve_the_same_cursor_and_an_acknowledgement_outlives_both(
    exchange: Any, deliverer: Any, enrolled: Any
) -> None:
    ids = await arrive(exchange, enrolled, 12, learners=1)
    with exchange.station("deliverer") as second:
        with subscriber(exchange, deliverer) as one, subscriber(exchange, second) as two:
            page = one.pull(max=5)
            assert [event["id"] for event in page.events] == ids[:5]
            assert [event["id"] for event in two.pull(page.cursor, max=5).events] == ids[5:10]
            assert [event["id"] for event in one.pull(page.cursor, max=5).events] == ids[5:10]
            two.ack(page.cursor)
            assert [event["id"] for event in one.pull(max=5).events] == ids[5:10]
        second.process.send_signal(signal.SIGKILL)
        second.process.wait()
    with exchange.station("deliverer") as third, subscriber(exchange, third) as client:
        rest = client.pull(max=100)
        assert [event["id"] for event in rest.events] == ids[5:]
        client.ack(rest.cursor)
        assert client.pull().events == ()
        third.process.send_signal(signal.SIGTERM)
        assert third.process.wait(15) == 0


async def test_a_long_poll_ends_with_the_event_it_waited_for(exchange: Any, deliverer: Any, enrolled: Any) -> None:
    def poll() -> tuple[list[str], float]:
        with subscriber(exchange, deliverer) as client:
            page = client.pull(wait=25)
            client.ack(page.cursor)
            return [event["id"] for event in page.events], time.monotonic()

    polling = asyncio.create_task(asyncio.to_thread(poll))
    await asyncio.sleep(0.5)
    ids = await arrive(exchange, enrolled, 1)
    arrived = time.monotonic()
    received, at = await polling
    assert received == ids
    assert at - arrived < 5
