"""What really lies in the inboxes, read with another Kafka client than the stations use (librdkafka).

Only committed records count. Receipts among them tell the publishers' side: which event was accepted, was a repeat, or
was refused and why, and under which pseudonym its learner is known.
"""

import io
import json
import time
import uuid
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self

import fastavro
from confluent_kafka import Consumer, IsolationLevel, KafkaError, Message, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec

from saan.demo.owed import Key

RECEIPT: Final = "receipt.issued"
_FRAME = 5
_AT_ONCE = 2_000
_PATIENCE = 10.0
_INBOX = "inbox."


class InboxesSilent(Exception):
    """An inbox could not be read to its end in time; ``partitions`` names the partitions."""

    def __init__(self, partitions: Iterable[str]) -> None:
        self.partitions = tuple(partitions)
        super().__init__(
            f"อ่านกล่องรับไม่ถึงปลายภายในเวลาที่กำหนด · these inboxes could not be read to their end in time: "
            f"{', '.join(self.partitions)}"
        )


@dataclass(slots=True)
class Receipts:
    """What receipts said. ``news`` are the publications of receipts that nobody has taken note of yet."""

    accepted: set[Key] = field(default_factory=set)
    repeats: Counter[Key] = field(default_factory=Counter)
    refused: dict[Key, tuple[str, ...]] = field(default_factory=dict)
    parked: set[Key] = field(default_factory=set)
    warned: set[Key] = field(default_factory=set)
    subjects: dict[Key, str] = field(default_factory=dict)
    news: deque[Key] = field(default_factory=deque)

    def add(self, receipt: dict[str, Any]) -> None:
        publisher = receipt["participant"]
        for one in receipt["accepted"]:
            key = (publisher, one["eventId"])
            self.accepted.add(key)
            self.subjects[key] = one["subject"]
            self.news.append(key)
        for id in receipt["duplicates"]:
            self.repeats[publisher, id] += 1
            self.news.append((publisher, id))
        self.warned.update((publisher, one["eventId"]) for one in receipt["warnings"])
        for one in receipt["refused"]:
            key = (publisher, one["eventId"])
            self.refused[key] = (*self.refused.get(key, ()), one["code"])
            if one["verdict"] == "PARKED":
                self.parked.add(key)
            self.news.append(key)

    def settled(self, key: Key, copies: int) -> bool:
        """Whether all ``copies`` of a publication are decided; a refusal decides all of them."""
        return key in self.refused or (key in self.accepted) + self.repeats[key] >= copies


class Inboxes:
    """Reads the inboxes of ``participants`` from where they end when it is made; blocking, for one thread at a time.

    ``delivered`` maps every participant to the publications in its inbox and how often each lies there, receipts not
    counted. ``first`` is the monotonic time at which the first delivery was read.
    """

    def __init__(self, bootstrap: str, participants: Sequence[str], schemas: Path) -> None:
        self.delivered: dict[str, Counter[Key]] = {name: Counter() for name in participants}
        self._receipts = Receipts()
        self.first: float | None = None
        self._receipt = fastavro.parse_schema(json.loads((schemas / "avro" / f"{RECEIPT}.avsc").read_text("utf-8")))
        # Questions have a connection of their own: on the consumer's they wait behind its long fetches.
        self._admin = AdminClient({"bootstrap.servers": bootstrap})
        self._consumer = Consumer(
            {
                "bootstrap.servers": bootstrap,
                "group.id": f"saan-demo-{uuid.uuid4()}",
                "enable.auto.commit": False,
                "enable.partition.eof": True,
                "isolation.level": "read_committed",
                "auto.offset.reset": "earliest",
            }
        )
        self._ends: dict[tuple[str, int], int] = {}
        self._places = self._ends_now()
        self._consumer.assign([TopicPartition(topic, number, end) for (topic, number), end in self._places.items()])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._consumer.close()

    @property
    def receipts(self) -> Receipts:
        return self._receipts

    def read(self, seconds: float) -> int:
        """Read what comes within so many seconds, less when there is much; how many records came."""
        messages = self._consumer.consume(_AT_ONCE, seconds)
        return sum(self._take(message) for message in messages)

    def finish(self, seconds: float = 30.0) -> None:
        """Read everything that lies in the inboxes now. Raises ``InboxesSilent`` when that takes too long."""
        wanted, deadline = self._ends_now(), time.monotonic() + seconds
        while behind := [place for place, end in wanted.items() if self._ends.get(place, -1) < end]:
            if time.monotonic() > deadline:
                raise InboxesSilent(f"{topic}/{number}" for topic, number in behind)
            self.read(0.2)

    def _take(self, message: Message) -> bool:
        """Count one record; the end of a partition is told as a message too and is remembered."""
        error = message.error()
        if error is not None:
            if error.code() == KafkaError._PARTITION_EOF:
                self._ends[message.topic(), message.partition()] = message.offset()
            elif error.fatal():
                raise RuntimeError(f"reading {message.topic()} failed: {error.str()}")
            return False
        headers = {name: value for name, value in message.headers() or () if name.startswith("ce_")}
        if headers["ce_type"].decode() == RECEIPT:
            self._receipts.add(self._decoded(message.value()))
        else:
            self.first = self.first or time.monotonic()
            key = (headers["ce_source"].decode(), headers["ce_id"].decode())
            self.delivered[message.topic().removeprefix(_INBOX)][key] += 1
        return True

    def _decoded(self, value: bytes) -> dict[str, Any]:
        return dict(fastavro.schemaless_reader(io.BytesIO(value[_FRAME:]), self._receipt, None))

    def _ends_now(self) -> dict[tuple[str, int], int]:
        """Where every partition of every inbox ends for readers of committed records."""
        topics = self._admin.list_topics(timeout=_PATIENCE).topics
        places = [
            TopicPartition(topic, number)
            for topic in (f"{_INBOX}{name}" for name in self.delivered)
            for number in topics[topic].partitions
        ]
        asked = self._admin.list_offsets(
            dict.fromkeys(places, OffsetSpec.latest()),
            isolation_level=IsolationLevel.READ_COMMITTED,
            request_timeout=_PATIENCE,
        )
        return {(place.topic, place.partition): answer.result().offset for place, answer in asked.items()}
