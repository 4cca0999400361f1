"""Foreign clients for the tests of the engine."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from confluent_kafka.admin import AdminClient, NewTopic

from saan.embedded import Engine

Make = Callable[..., Engine]


def create_topic(bootstrap: str, topic: str, partitions: int = 1, copies: int = 1) -> None:
    admin = AdminClient({"bootstrap.servers": bootstrap, "log_level": 0})
    for done in admin.create_topics([NewTopic(topic, partitions, copies)]).values():
        done.result(20)


async def write(bootstrap: str, topic: str, values: list[bytes]) -> None:
    async with AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all") as producer:
        for value in values:
            await producer.send_and_wait(topic, value, partition=0)


async def read(bootstrap: str, topic: str, count: int) -> list[bytes]:
    """The first `count` values of the topic; asyncio.TimeoutError when they do not come."""
    async with AIOKafkaConsumer(topic, bootstrap_servers=bootstrap, auto_offset_reset="earliest") as consumer:
        return [(await asyncio.wait_for(consumer.getone(), 20)).value for _ in range(count)]


@pytest.fixture
def make_engine(tmp_path: Path, engine_cache: Path | None) -> Iterator[Make]:
    """Make an engine without a registry in this test's own folder; whatever runs at the end is stopped."""
    made: list[Engine] = []

    def make(folder: Path = tmp_path, **options: object) -> Engine:
        engine = Engine(folder, engine_cache, **({"registry": False} | options))
        made.append(engine)
        return engine

    yield make
    for engine in made:
        engine.stop(grace=1)
