"""Reads topics from their beginning, everything committed, for a count; joins no group and changes nothing."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from saan.wire.cluster import client_settings, translated
from saan.wire.trouble import Trouble

Ends = Mapping[str, int]
"""``topic/partition`` to the offset after the last record that is read."""

_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Entry:
    """One committed record. ``received`` is its time by the broker's clock, in microseconds since the epoch."""

    place: str
    offset: int
    key: bytes
    value: bytes
    headers: tuple[tuple[str, bytes], ...]
    received: int


class WholeLog:
    """The log behind ``bootstrap``. Every call may raise ``Trouble`` (``cluster.*``)."""

    def __init__(self, bootstrap: str, security: Mapping[str, str] | None = None, *, timeout: float = 20.0) -> None:
        self._settings = client_settings(bootstrap, security or {})
        self._timeout = timeout
        self.ends: dict[str, int] = {}
        """How far the last ``read`` came: positions below which everything is committed or will never be."""

    def read(
        self,
        topics: Iterable[str],
        *,
        ends: Ends | None = None,
        progress: Callable[[int], None] = lambda records: None,
    ) -> Iterator[Entry]:
        """Every committed record of ``topics``, in order per partition, up to ``ends`` or to where the log ends now.

        ``progress`` is told the number of records as they come.
        """
        reading = {"group.id": "saan-count", "enable.auto.commit": False, "enable.partition.eof": True}
        consumer = Consumer(
            {**self._settings, **reading, "isolation.level": "read_committed", "auto.offset.reset": "earliest"}
        )
        try:
            yield from self._all(consumer, list(topics), ends, progress)
        except KafkaException as error:
            raise translated("read a log", error) from error
        finally:
            consumer.close()

    def _all(
        self, consumer: Any, topics: list[str], ends: Ends | None, progress: Callable[[int], None]
    ) -> Iterator[Entry]:
        known = consumer.list_topics(timeout=self._timeout).topics
        places = [TopicPartition(name, n, 0) for name in topics if name in known for n in known[name].partitions]
        # A record before its end may still lie in an open transaction: what was not read then is not read later either.
        self.ends = {_place(place.topic, place.partition): 0 for place in places}
        waiting = {place for place in self.ends if ends is None or ends.get(place, 0) > 0}
        consumer.assign([place for place in places if _place(place.topic, place.partition) in waiting])
        deadline = time.monotonic() + self._timeout
        while waiting:
            some = consumer.consume(_AT_ONCE, timeout=0.2)
            if some:
                deadline = time.monotonic() + self._timeout
            elif time.monotonic() > deadline:
                raise Trouble("cluster.away", cause="timed out")
            read = [self._read(message, waiting, ends) for message in some]
            yield from (entry for entry in read if entry is not None)
            progress(len(some))

    def _read(self, message: Any, waiting: set[str], ends: Ends | None) -> Entry | None:
        place, fault = _place(message.topic(), message.partition()), message.error()
        if fault is not None:
            if fault.code() != KafkaError._PARTITION_EOF:
                raise KafkaException(fault)
            waiting.discard(place)
            return None
        end = None if ends is None else ends.get(place, 0)
        if end is not None and message.offset() + 1 >= end:
            waiting.discard(place)
        if end is not None and message.offset() >= end:
            return None
        self.ends[place] = message.offset() + 1
        headers = tuple((name, value or b"") for name, value in message.headers() or ())
        received = message.timestamp()[1] * 1000
        return Entry(place, message.offset(), message.key() or b"", message.value() or b"", headers, received)


def _place(topic: str, partition: int) -> str:
    return f"{topic}/{partition}"
