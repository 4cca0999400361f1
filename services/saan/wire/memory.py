"""A log in memory: the same promises as Kafka's, except durability. For tests and for trying things out.

Topics must be declared, as on a broker that creates none by itself. ``away`` set to true plays a broker that does not
answer.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence

from saan.wire.log import (
    Arrived,
    LogAway,
    NoSuchInbox,
    Outgoing,
    Page,
    Positions,
    Reason,
    Stored,
    Unstored,
)
from saan.wire.partition import partition


class MemoryLog:
    """Implements ``Log`` and ``Inboxes``. ``topics`` maps each topic's name to its number of partitions.

    ``appended`` keeps every record as it was given, in the order of arrival; ``waiting`` counts the reads that wait for
    a first record.
    """

    def __init__(self, topics: Mapping[str, int], max_record: int = 1024 * 1024) -> None:
        self.away = False
        self.max_record = max_record
        self.appended: list[Outgoing] = []
        self._topics: dict[str, list[list[Arrived]]] = {name: [[] for _ in range(n)] for name, n in topics.items()}
        self._forgotten: dict[tuple[str, int], int] = {}
        self._acknowledged: dict[tuple[str, str], dict[int, int]] = {}
        self._news = asyncio.Condition()
        self.waiting = 0

    def records(self, topic: str) -> list[Arrived]:
        """Everything in a topic, partition by partition."""
        return [record for part in self._part(topic) for record in part]

    def forget(self, topic: str, number: int, before: int) -> None:
        """Play retention: records of this partition below the offset are gone."""
        self._forgotten[topic, number] = before

    async def append(self, records: Sequence[Outgoing]) -> list[Stored | Unstored]:
        fates = [self._store(record) for record in records]
        async with self._news:
            self._news.notify_all()
        return fates

    def _store(self, record: Outgoing) -> Stored | Unstored:
        if self.away or record.topic not in self._topics:
            return Unstored(Reason.AWAY)
        if len(record.value) > self.max_record:
            return Unstored(Reason.TOO_LARGE)
        self.appended.append(record)
        parts = self._topics[record.topic]
        number = partition(record.key, len(parts))
        offset = len(parts[number])
        parts[number].append(Arrived(number, offset, record.headers, record.value))
        return Stored(number, offset)

    async def ready(self) -> bool:
        return not self.away

    async def read(self, reader: str, topic: str, positions: Positions, limit: int, wait: float) -> Page:
        del reader  # readers share one memory
        expired = any(at < self._forgotten.get((topic, number), 0) for number, at in positions.items())
        expired |= any(at > len(self._part(topic)[number]) for number, at in positions.items())
        await self._first(topic, positions, wait)
        taken = self._pending(topic, positions, limit)
        after = dict(positions) | {record.partition: record.offset + 1 for record in taken}
        return Page(tuple(taken), after, expired)

    async def _first(self, topic: str, positions: Positions, wait: float) -> None:
        """Wait until there is a record to read, or until the time is over."""
        self.waiting += 1
        try:
            async with asyncio.timeout(wait), self._news:
                await self._news.wait_for(lambda: self._pending(topic, positions, 1))
        except TimeoutError:
            return
        finally:
            self.waiting -= 1

    def _pending(self, topic: str, positions: Positions, limit: int) -> list[Arrived]:
        found: list[Arrived] = []
        for number, part in enumerate(self._part(topic)):
            at = positions.get(number, 0)
            start = max(at if at <= len(part) else 0, self._forgotten.get((topic, number), 0))
            found.extend(part[start : start + limit - len(found)])
        return found

    async def acknowledged(self, reader: str, topic: str) -> Positions:
        self._part(topic)
        return dict(self._acknowledged.get((reader, topic), {}))

    async def acknowledge(self, reader: str, topic: str, positions: Positions) -> None:
        self._part(topic)
        kept = self._acknowledged.setdefault((reader, topic), {})
        for number, at in positions.items():
            kept[number] = max(at, kept.get(number, 0))

    def _part(self, topic: str) -> list[list[Arrived]]:
        if self.away:
            raise LogAway(topic)
        if topic not in self._topics:
            raise NoSuchInbox(topic)
        return self._topics[topic]

    def add(self, topic: str, records: Iterable[tuple[bytes, Sequence[tuple[str, bytes]], bytes]]) -> None:
        """Put ``(key, headers, value)`` records where a station would have put them."""
        for key, headers, value in records:
            self._store(Outgoing(topic, key, value, tuple(headers)))
