"""How far readers are behind, in time: the age of the first record a group has not read.

The difference of offsets does not say it: on topics written in transactions the markers take offsets too, so that
difference never becomes 0.
"""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException
from confluent_kafka import TopicPartition as Place
from confluent_kafka.admin import AdminClient, OffsetSpec

from saan.wire.cluster import client_settings, translated
from saan.wire.trouble import Trouble

_STARTING = (
    KafkaError.NOT_COORDINATOR,
    KafkaError.COORDINATOR_NOT_AVAILABLE,
    KafkaError.COORDINATOR_LOAD_IN_PROGRESS,
)


@dataclass(frozen=True, slots=True)
class Lag:
    """One group on one partition. ``committed`` is the next offset it reads, ``end`` the one after the log's last.

    ``since`` is when the first unread record was written (milliseconds since the epoch); ``None``: nothing is unread.
    """

    group: str
    topic: str
    partition: int
    committed: int
    end: int
    since: int | None

    def seconds(self, now: int) -> float:
        """Its age at ``now`` (milliseconds since the epoch)."""
        return 0.0 if self.since is None else max(0, now - self.since) / 1000


class LagMeter:
    """Asks the cluster behind ``bootstrap``. Every call may raise ``Trouble`` (``cluster.*``)."""

    def __init__(self, bootstrap: str, security: Mapping[str, str] | None = None, *, timeout: float = 10.0) -> None:
        self._settings = client_settings(bootstrap, security or {})
        self._timeout = timeout
        self._admin = AdminClient(self._settings)

    def groups(self) -> list[str]:
        """Names of all consumer groups."""
        try:
            listed = self._admin.list_consumer_groups(request_timeout=self._timeout).result(self._timeout)
        except KafkaException as error:
            raise translated("list groups", error) from error
        except TimeoutError as error:
            raise Trouble("cluster.away", cause="timed out") from error
        if listed.errors and not listed.valid:  # brokers that are away are no cluster without groups
            raise translated("list groups", KafkaException(listed.errors[0]))
        return sorted(group.group_id for group in listed.valid)

    def ends(self, places: Mapping[tuple[str, int], int]) -> dict[tuple[str, int], int]:
        """The offset after the last committed record of each partition."""
        wanted = {Place(topic, partition): OffsetSpec.latest() for topic, partition in places}
        if not wanted:
            return {}
        futures = self._admin.list_offsets(wanted, request_timeout=self._timeout)
        found = {}
        for place, future in futures.items():
            try:
                found[place.topic, place.partition] = future.result(self._timeout).offset
            except KafkaException as error:
                if error.args[0].code() != KafkaError.UNKNOWN_TOPIC_OR_PART:
                    raise translated("read end offsets", error) from error
            except TimeoutError as error:
                raise Trouble("cluster.away", cause="timed out") from error
        return found

    def committed(self, group: str, topics: Iterable[str] | None = None) -> dict[tuple[str, int], int]:
        """Where a group stands on these topics (``None``: on all); empty for a group that never committed.

        Asked with a consumer that never joins: the administrative call for the same ends the whole process when the
        group's coordinator is not ready yet (librdkafka 2.16).
        """
        # Offsets of a transaction still open are no reason to wait: the last committed ones answer the question.
        asking = {"group.id": group, "enable.auto.commit": False, "isolation.level": "read_uncommitted"}
        consumer = Consumer({**self._settings, **asking})
        try:
            known = consumer.list_topics(timeout=self._timeout).topics
            names = [name for name in known if not name.startswith("__")] if topics is None else topics
            places = [Place(name, number) for name in names if name in known for number in known[name].partitions]
            found = self._offsets(consumer, places)
        except KafkaException as error:
            raise translated("read committed offsets", error) from error
        finally:
            consumer.close()
        return {(place.topic, place.partition): place.offset for place in found if place.offset >= 0}

    def of(self, group: str, topics: Iterable[str] | None = None) -> list[Lag]:
        """The lag of one group on every partition it has committed, in order of topic and partition."""
        committed = self.committed(group, topics)
        ends = self.ends(committed)
        behind = {place: committed[place] for place in ends if committed[place] < ends[place]}
        since = self._first_unread(behind)
        return [
            Lag(group, topic, partition, committed[topic, partition], end, since.get((topic, partition)))
            for (topic, partition), end in sorted(ends.items())
        ]

    def _offsets(self, consumer: Any, places: list[Place]) -> list[Place]:
        """Committed offsets, also from a coordinator that is still starting: it is asked again until the time-out."""
        deadline = time.monotonic() + self._timeout
        while places:
            try:
                found: list[Place] = consumer.committed(places, timeout=self._timeout)
            except KafkaException as error:
                if error.args[0].code() not in _STARTING or time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
            else:
                return found
        return []

    def _first_unread(self, behind: Mapping[tuple[str, int], int]) -> dict[tuple[str, int], int]:
        """When the first readable record at or after each offset was written; absent where only markers follow."""
        if not behind:
            return {}
        consumer = Consumer(
            {
                **self._settings,
                "group.id": "saan-lag",
                "enable.auto.commit": False,
                "enable.partition.eof": True,
                "isolation.level": "read_committed",
                "auto.offset.reset": "earliest",
                "fetch.message.max.bytes": 65_536,
            }
        )
        try:
            consumer.assign([Place(topic, partition, offset) for (topic, partition), offset in behind.items()])
            return self._collect(consumer, set(behind))
        except KafkaException as error:
            raise translated("read a log", error) from error
        finally:
            consumer.close()

    def _collect(self, consumer: Any, waiting: set[tuple[str, int]]) -> dict[tuple[str, int], int]:
        found: dict[tuple[str, int], int] = {}
        deadline = time.monotonic() + self._timeout
        while waiting:
            if time.monotonic() > deadline:
                raise Trouble("cluster.away", cause="timed out")
            record = consumer.poll(0.2)
            if record is None:
                continue
            place = (record.topic(), record.partition())
            if place not in waiting:
                continue
            fault = record.error()
            if fault is None:
                found[place] = record.timestamp()[1]
            elif fault.code() != KafkaError._PARTITION_EOF:
                raise translated("read a log", KafkaException(fault))
            waiting.discard(place)
            consumer.incremental_unassign([Place(*place)])
        return found
