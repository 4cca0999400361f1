"""Topics, foreign clients and worker processes for the tests of the transport."""

import json
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Message, Producer
from confluent_kafka.admin import AdminClient, NewTopic
from tests.live.reading import Reader

WORKER = Path(__file__).with_name("worker.py")


def eventually(holds: Callable[[], bool], what: str, seconds: float = 60.0) -> None:
    """Poll until `holds()`; fail with `what` after the deadline."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.05)


@dataclass
class Process:
    """A worker process and what it has said so far."""

    popen: subprocess.Popen[str]
    said: list[str] = field(default_factory=list)

    def listen(self) -> None:
        assert self.popen.stdout is not None
        self.said.extend(line.rstrip() for line in self.popen.stdout)

    def wait_for(self, words: str, times: int = 1, seconds: float = 60.0) -> None:
        """Wait until `times` lines contain `words`."""
        eventually(
            lambda: sum(words in line for line in list(self.said)) >= times, f"{words!r}, got {self.said}", seconds
        )

    def lanes(self) -> set[tuple[str, int]]:
        """Partitions opened and not given back."""
        held: set[tuple[str, int]] = set()
        for line in list(self.said):
            match line.split():
                case ["lane", topic, partition, _]:
                    held.add((topic, int(partition)))
                case ["closed", topic, partition]:
                    held.discard((topic, int(partition)))
        return held

    def stop(self) -> int:
        """SIGTERM, then the exit code."""
        self.popen.send_signal(signal.SIGTERM)
        return self.popen.wait(30)


class Cluster:
    """Everything a test does with real Kafka; names are unique to the test, clients are foreign ones."""

    def __init__(self, bootstrap: str, folder: Path) -> None:
        self.bootstrap, self.folder = bootstrap, folder
        self.tag = uuid.uuid4().hex[:8]
        self.group = f"saan-copy-{self.tag}"
        self.processes: list[Process] = []
        self.admin = AdminClient({"bootstrap.servers": bootstrap})
        self.reader = Reader({"bootstrap.servers": bootstrap})

    def topic(self, name: str, partitions: int = 1) -> str:
        """Create a topic and return its full name."""
        full = f"{self.tag}.{name}"
        for done in self.admin.create_topics([NewTopic(full, partitions, 1)]).values():
            done.result(20)
        return full

    def producer(self, transactional_id: str | None = None) -> Producer:
        producer = Producer(
            {"bootstrap.servers": self.bootstrap, "log_level": 0, "batch.num.messages": 20, "enable.idempotence": True}
            | ({"transactional.id": f"{self.tag}-{transactional_id}"} if transactional_id else {})
        )
        if transactional_id:
            producer.init_transactions(20)
        return producer

    def publish(self, topic: str, values: Sequence[bytes], partitions: int = 1, keys: int = 7) -> None:
        """Write every value, in order, spread over keys and partitions so that a key stays in one partition."""
        producer = self.producer()
        for number, value in enumerate(values):
            key = number % keys
            producer.produce(
                topic, value, key=b"k%d" % key, partition=key % partitions, headers=[("n", b"%d" % number)]
            )
        assert producer.flush(60) == 0

    def read(self, topic: str) -> list[Message]:
        """Everything committed; the records of a partition are in their order."""
        return self.reader.read(topic)

    def values(self, topic: str) -> list[bytes]:
        return [message.value() for message in self.read(topic)]

    def left(self) -> bool:
        """Whether the group has no members any more."""
        described = self.admin.describe_consumer_groups([self.group])[self.group].result(20)
        return not described.members

    def worker(self, topics: Sequence[str], output: str, slot: int | str = 0, **order: Any) -> Process:
        """Start a worker process; `slot` is its folder, so that a second one can find what the first has left."""
        whole = {
            "bootstrap": self.bootstrap,
            "group": self.group,
            "folder": str(self.folder / str(slot)),
            "topics": list(topics),
            "output": output,
        } | order
        popen = subprocess.Popen(
            [sys.executable, str(WORKER), json.dumps(whole)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        process = Process(popen)
        threading.Thread(target=process.listen, daemon=True).start()
        self.processes.append(process)
        return process


@pytest.fixture
def cluster(kafka: str, tmp_path: Path) -> Iterator[Cluster]:
    cluster = Cluster(kafka, tmp_path)
    yield cluster
    for process in cluster.processes:
        if process.popen.poll() is None:
            process.popen.send_signal(signal.SIGCONT)
            process.popen.kill()
            process.popen.wait(10)
        if process.popen.stdout is not None:
            process.popen.stdout.close()
    cluster.reader.close()
