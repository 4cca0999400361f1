"""Three brokers on one machine. Every test but the last leaves all of them running."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from confluent_kafka.admin import AdminClient

from saan.embedded import Engine

from .conftest import create_topic, read, write


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, engine_cache: Path | None) -> Iterator[Engine]:
    started = Engine(tmp_path_factory.mktemp("cluster"), engine_cache, brokers=3, registry=False)
    started.start()
    yield started
    started.stop(grace=1)


def kill(engine: Engine, *names: str) -> None:
    for name in names:
        psutil.Process(engine.endpoints.pids[name]).kill()


async def test_three_brokers_replicate_and_go_on_when_the_leader_is_gone(engine: Engine) -> None:
    endpoints = engine.endpoints
    create_topic(endpoints.bootstrap, "safe", copies=3)
    await write(endpoints.bootstrap, "safe", [b"before"])
    admin = AdminClient({"bootstrap.servers": endpoints.bootstrap, "log_level": 0})
    leader = admin.list_topics("safe", timeout=10).topics["safe"].partitions[0].leader
    kill(engine, f"kafka-{leader}")
    await write(endpoints.bootstrap, "safe", [b"after"])
    engine.restart(f"kafka-{leader}")
    assert all(engine.answers(name) for name in ("kafka-1", "kafka-2", "kafka-3"))
    assert await read(endpoints.bootstrap, "safe", 2) == [b"before", b"after"]
    until = time.monotonic() + 10
    while len(admin.list_topics(timeout=10).brokers) < 3:  # one that is at work may not yet be known to every other
        assert time.monotonic() < until
        await asyncio.sleep(0.1)


async def test_two_dead_brokers_of_three_come_back_although_either_needs_the_other(engine: Engine) -> None:
    endpoints = engine.endpoints
    create_topic(endpoints.bootstrap, "still-safe", copies=3)
    await write(endpoints.bootstrap, "still-safe", [b"before"])
    dead = ("kafka-1", "kafka-2")
    kill(engine, *dead)

    async with asyncio.timeout(60):
        await asyncio.gather(*(asyncio.to_thread(engine.restart, name) for name in dead))

    assert all(engine.answers(name) for name in engine.poll())
    await write(endpoints.bootstrap, "still-safe", [b"after"])
    assert await read(endpoints.bootstrap, "still-safe", 2) == [b"before", b"after"]


async def test_a_broker_that_comes_back_does_not_wait_for_one_that_does_not(engine: Engine) -> None:
    kill(engine, "kafka-1", "kafka-2")

    async with asyncio.timeout(60):
        await asyncio.to_thread(engine.restart, "kafka-1")

    assert engine.answers("kafka-1")
    assert not engine.answers("kafka-2")
