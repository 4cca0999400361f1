"""Reads what topics retain, once, from the oldest kept record to the end, for administration."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, TopicPartition

from saan.wire.cluster import client_settings, translated
from saan.wire.trouble import Trouble

_AT_ONCE = 1_000
_READING = {
    "group.id": "saan-admin",  # never joined: partitions are assigned by hand and nothing is committed
    "enable.auto.commit": False,
    "enable.partition.eof": True,
    "isolation.level": "read_committed",
}

Progress = Callable[[int, int], None]
"""Called with how many offsets of how many are read."""


@dataclass(frozen=True, slots=True)
class Retained:
    """One committed record. ``stored`` is the broker's time in microseconds; ``headers`` are as they came."""

    topic: str
    partition: int
    offset: int
    stored: int
    headers: Mapping[str, bytes]
    value: bytes


def read(
    bootstrap: str,
    topics: Mapping[str, int],
    security: Mapping[str, str] | None = None,
    *,
    progress: Progress | None = None,
    patience: float = 30.0,
) -> Iterator[Retained]:
    """Every committed record of ``topics`` (by name, with their number of partitions), in order per partition.

    It ends where each log ended when it was reached. Raises ``Trouble`` (``cluster.*``), ``cluster.away`` when nothing
    comes for ``patience`` seconds.
    """
    consumer = Consumer({**client_settings(bootstrap, security or {}), **_READING})
    try:
        yield from _all(consumer, [(t, n) for t, count in topics.items() for n in range(count)], progress, patience)
    except KafkaException as error:
        raise translated("read retained records", error) from error
    finally:
        consumer.close()


def _all(
    consumer: Any, places: list[tuple[str, int]], progress: Progress | None, patience: float
) -> Iterator[Retained]:
    bounds = {place: consumer.get_watermark_offsets(TopicPartition(*place), timeout=patience) for place in places}
    total = sum(high - low for low, high in bounds.values())
    at = {place: low for place, (low, _) in bounds.items()}
    consumer.assign([TopicPartition(topic, number, OFFSET_BEGINNING) for topic, number in places])
    unread, deadline = set(places), time.monotonic() + patience
    while unread:
        batch = consumer.consume(_AT_ONCE, 0.2)
        if batch:
            deadline = time.monotonic() + patience
        elif time.monotonic() > deadline:
            raise Trouble("cluster.away", cause="timed out")
        for message in batch:
            place = message.topic(), message.partition()
            fault = message.error()
            if fault is None:
                at[place] = message.offset() + 1
                yield _retained(message)
            elif fault.code() == KafkaError._PARTITION_EOF:
                at[place] = bounds[place][1]
                unread.discard(place)
            else:
                raise KafkaException(fault)
        if progress is not None:
            progress(sum(at.values()) - sum(low for low, _ in bounds.values()), total)


def _retained(message: Any) -> Retained:
    headers: Iterable[tuple[str, bytes | None]] = message.headers() or ()
    return Retained(
        topic=message.topic(),
        partition=message.partition(),
        offset=message.offset(),
        stored=message.timestamp()[1] * 1000,
        headers={name: value or b"" for name, value in headers},
        value=message.value() or b"",
    )
