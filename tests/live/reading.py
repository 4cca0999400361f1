"""Reads topics as somebody else would: by a client that shares no code with Saan, and never what is not committed."""

import time
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from confluent_kafka import (
    OFFSET_BEGINNING,
    Consumer,
    IsolationLevel,
    KafkaError,
    KafkaException,
    Message,
    TopicPartition,
)
from confluent_kafka.admin import AdminClient, OffsetSpec

Part = tuple[str, int]
PATIENCE = 60.0


class Reader:
    """Everything committed in topics. A second look at a topic reads on from the first: waiting for a record by looking
    again and again leaves the machine to those who are to write it.

    ``settings`` are librdkafka's; ``group`` is a group in which the client may take part.
    """

    def __init__(self, settings: Mapping[str, Any], group: str = "") -> None:
        quiet = {"log_level": 0, **settings}
        reading = {
            "group.id": group or uuid.uuid4().hex,
            "isolation.level": "read_committed",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "auto.offset.reset": "earliest",
        }
        self._consumer, self._quiet = Consumer({**quiet, **reading}), quiet
        self._admin = AdminClient(quiet)
        self._at: dict[Part, int] = {}
        self._found: defaultdict[str, list[Message]] = defaultdict(list)

    def read(self, *topics: str) -> list[Message]:
        """Everything committed in these topics now; the records of a partition are in their order."""
        ends = self._ends(topics)
        self._follow([part for part in ends if part not in self._at])
        deadline = time.monotonic() + PATIENCE
        while behind := sorted(part for part, end in ends.items() if self._at[part] < end):
            assert time.monotonic() < deadline, f"the end of {behind} was not reached"
            for message in self._consumer.consume(500, timeout=0.1):
                self._take(message)
        return [message for topic in topics for message in self._found[topic]]

    def close(self) -> None:
        self._consumer.close()

    def _ends(self, topics: Sequence[str]) -> dict[Part, int]:
        """The last stable offsets; asked anew by a client that knows nothing yet, where a broker had been away."""
        known = {topic: self._consumer.list_topics(topic, timeout=10).topics[topic] for topic in topics}
        parts = {TopicPartition(name, n): OffsetSpec.latest() for name, one in known.items() for n in one.partitions}
        deadline = time.monotonic() + PATIENCE
        while True:
            asked = self._admin.list_offsets(parts, isolation_level=IsolationLevel.READ_COMMITTED, request_timeout=10)
            try:
                return {(part.topic, part.partition): answer.result(20).offset for part, answer in asked.items()}
            except KafkaException:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)
                self._admin = AdminClient(self._quiet)

    def _follow(self, parts: Sequence[Part]) -> None:
        self._at.update(dict.fromkeys(parts, 0))
        if parts:
            self._consumer.incremental_assign([TopicPartition(*part, OFFSET_BEGINNING) for part in parts])

    def _take(self, message: Message) -> None:
        part, error = (str(message.topic()), message.partition()), message.error()
        if error is None:
            self._found[part[0]].append(message)
            self._at[part] = message.offset() + 1
        elif error.code() == KafkaError._PARTITION_EOF:
            self._at[part] = max(self._at[part], message.offset())
