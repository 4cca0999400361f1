"""Topics on a real broker for the log of the HTTP stations, and an exchange of their own to run the stations in."""

import asyncio
import os
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from confluent_kafka import Consumer, KafkaException, Message, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from saan.embedded import Engine
from saan.governance.apply import apply
from saan.governance.site import site
from saan.wire import files
from saan.wire.credentials import Vault

Topic = Callable[[int], str]


@pytest.fixture
def topic(kafka: str) -> Topic:
    """Make a topic of its own with this many partitions and give its name."""
    admin = AdminClient({"bootstrap.servers": kafka})

    def make(partitions: int) -> str:
        name = f"t-{uuid.uuid4().hex[:12]}"
        admin.create_topics([NewTopic(name, partitions, 1)])[name].result(20)
        return name

    return make


def _end(consumer: Consumer, place: TopicPartition) -> int:
    """The end of a partition; one that was just frozen may have no leader for a moment."""
    deadline = time.monotonic() + 60
    while True:
        try:
            return int(consumer.get_watermark_offsets(place, 30)[1])
        except KafkaException:
            assert time.monotonic() < deadline
            time.sleep(0.2)


@dataclass(frozen=True)
class Station:
    """One running station process."""

    process: "subprocess.Popen[bytes]"
    address: str


@dataclass(frozen=True)
class Exchange:
    """A real broker and registry with the demo province applied, and a folder for secrets and state."""

    engine: Engine
    folder: Path

    @property
    def bootstrap(self) -> str:
        return self.engine.endpoints.bootstrap

    @property
    def broker(self) -> int:
        """The broker's process id."""
        return next(pid for name, pid in self.engine.endpoints.pids.items() if name != "registry")

    def token(self, participant: str) -> str:
        return Vault(self.folder / "credentials").read(participant).token

    def stored(self, topic: str) -> list[Message]:
        """Everything in a topic now, by a client of another make. The topic must not be transactional."""
        consumer = Consumer({"bootstrap.servers": self.bootstrap, "group.id": "look", "enable.auto.commit": False})
        parts = consumer.list_topics(topic, 30).topics[topic].partitions
        places = [TopicPartition(topic, number, 0) for number in parts]
        left = sum(_end(consumer, place) for place in places)
        consumer.assign(places)
        found: list[Message] = []
        while len(found) < left:
            message = consumer.poll(60)
            assert message is not None
            assert message.error() is None
            found.append(message)
        consumer.close()
        return found

    @contextmanager
    def station(self, name: str) -> Iterator[Station]:
        """Run a station until the block ends; ready when the block begins."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        environment = os.environ | {
            "SAAN_DIR": str(self.folder),
            "SAAN_BOOTSTRAP": self.bootstrap,
            "SAAN_REGISTRY": self.engine.endpoints.registry,
            "SAAN_PORT": str(port),
        }
        with (self.folder / f"{name}-{port}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "saan", "station", name], env=environment, stdout=log, stderr=log
            )
            try:
                self._await(process, f"http://127.0.0.1:{port}")
                yield Station(process, f"http://127.0.0.1:{port}")
            finally:
                process.kill()
                process.wait()

    def _await(self, process: "subprocess.Popen[bytes]", address: str) -> None:
        deadline = time.monotonic() + 60
        while True:
            assert process.poll() is None, "the station ended while it started"
            assert time.monotonic() < deadline, "the station did not get ready"
            try:
                if httpx.get(f"{address}/readyz").status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.1)


@pytest.fixture(scope="package")
def exchange(tmp_path_factory: pytest.TempPathFactory, engine_cache: Path | None) -> Iterator[Exchange]:
    folder = tmp_path_factory.mktemp("http-folder")
    with Engine(tmp_path_factory.mktemp("http-engine"), engine_cache) as engine:
        at = engine.endpoints
        with site(at.bootstrap, at.registry, folder / "credentials") as place:
            apply(files.read(files.default_folder()).entities(), place)
        yield Exchange(engine, folder)


@pytest.fixture
def eventually() -> Any:
    """Poll a coroutine function until it gives something true; fails after the deadline."""

    async def wait(attempt: Callable[[], Any], seconds: float = 60) -> Any:
        deadline = time.monotonic() + seconds
        while not (done := await attempt()):
            assert time.monotonic() < deadline
            await asyncio.sleep(0.05)
        return done

    return wait
