"""Watches the canonical log while a run goes on: what comes out when, and how soon after a fault everything flows."""

import threading
import time
import uuid
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable
from typing import Self

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaException, TopicPartition

from saan.prove.intent import Key


class Flow:
    """Reads ``record.*`` in a thread of its own. Times are seconds since the epoch, by the clock of this process.

    ``handed_in`` tells when a publication was handed in, once. A record's own time would not do: the exchange writes
    it, and its clock may be what was struck.
    """

    def __init__(self, bootstrap: str, sources: frozenset[str], handed_in: Callable[[Key], float | None]) -> None:
        self._bootstrap, self._sources, self._handed_in = bootstrap, sources, handed_in
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="prove-flow")
        self._lock = threading.Lock()
        self._newest: list[tuple[float, str, float]] = []
        self.keys: set[Key] = set()
        self.per_second: Counter[int] = Counter()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def recovery(self, since: float) -> float | None:
        """Seconds until every publisher had something out that was handed in after ``since``; ``None``: not yet."""
        first: dict[str, float] = {}
        with self._lock:
            for arrived, source, handed_in in self._newest[bisect_left(self._newest, (since,)) :]:
                if handed_in >= since and source not in first:
                    first[source] = arrived
        return max(first.values()) - since if self._sources <= first.keys() else None

    def _run(self) -> None:
        consumer = Consumer(
            {
                "bootstrap.servers": self._bootstrap,
                "group.id": f"saan-prove-{uuid.uuid4()}",
                "isolation.level": "read_committed",
                "enable.auto.commit": False,
                "reconnect.backoff.max.ms": 500,
                "fetch.wait.max.ms": 100,
                "log_level": 0,
            }
        )
        try:
            consumer.assign(self._places(consumer))
            while not self._stop.is_set():
                self._take(consumer)
        finally:
            consumer.close()

    def _places(self, consumer: Consumer) -> list[TopicPartition]:
        while not self._stop.is_set():
            try:
                topics = consumer.list_topics(timeout=10).topics
            except KafkaException:
                continue
            logs = {name: topic for name, topic in topics.items() if name.startswith("record.")}
            return [TopicPartition(name, n, OFFSET_BEGINNING) for name, topic in logs.items() for n in topic.partitions]
        return []

    def _take(self, consumer: Consumer) -> None:
        messages = consumer.consume(500, 0.1)
        now = time.time()
        for message in messages:
            if message.error() is not None:
                continue
            headers = dict(message.headers() or ())
            source = (headers.get("ce_source") or b"").decode()
            key = (source, (headers.get("ce_id") or b"").decode())
            self.keys.add(key)
            self.per_second[int(now)] += 1
            if (handed_in := self._handed_in(key)) is not None:
                with self._lock:
                    self._newest.append((now, source, handed_in))
