"""Reads inboxes from Kafka on behalf of readers without a Kafka client (``wire.log.Inboxes``).

A reader's consumer has its partitions assigned by hand: no group membership, so no rebalance, and any replica of a
station can serve any request. Only how far a reader acknowledged is kept, as committed offsets of a group of its own.
Consumers are kept open between requests, within a bound, because the next request usually goes on where this one ended.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from saan.wire.lifetimes import Lifetimes
from saan.wire.log import Arrived, LogAway, NoSuchInbox, Page, Positions

_LOG = structlog.get_logger()
_LONGEST_WAIT: Final = 30.0
"""Seconds that another request of the same reader may hold its consumer."""
_GRACE: Final = 2.0
"""Seconds to fetch what is known to be there, even for a reader that does not want to wait."""


class _Seat:
    """One reader's open consumer; ``lock`` lets its requests through one after another.

    ``at`` is where the consumer stands, in the reader's own positions; a new consumer stands nowhere.
    """

    def __init__(self, topic: str, group: str) -> None:
        self.topic = topic
        self.group = group
        self.lock = asyncio.Lock()
        self.consumer: AIOKafkaConsumer | None = None
        self.users = 0
        self.at: dict[int, int] = {}

    @property
    def open(self) -> AIOKafkaConsumer:
        if self.consumer is None:
            raise LogAway(self.topic)
        return self.consumer


class KafkaInboxes:
    """``connection`` holds the arguments that every client of this process shares (servers, SASL).

    ``group`` is a pattern with ``{reader}``. ``seats`` bounds the open consumers; a reader beyond it is told to come
    back. ``patience`` are the seconds after which a silent broker is called away, on top of the wait asked for.
    """

    def __init__(
        self,
        connection: Mapping[str, Any],
        *,
        group: str = "{reader}.http",
        seats: int = 256,
        patience: float = 8.0,
    ) -> None:
        self._connection = dict(connection) | {"request_timeout_ms": int(patience * 1000)}
        self._group = group
        self._limit = seats
        self._patience = patience
        self._seats: OrderedDict[tuple[str, str], _Seat] = OrderedDict()
        self._admin: AIOKafkaAdminClient | None = None
        self._admin_lock = asyncio.Lock()
        self._lifetimes = Lifetimes(_close)

    async def read(self, reader: str, topic: str, positions: Positions, limit: int, wait: float) -> Page:
        async with self._seat(reader, topic, wait) as seat:
            expired = await _place(seat, positions)
            consumer = seat.open
            parts = consumer.assignment()
            consumer.resume(*parts)
            try:
                found = await consumer.getmany(timeout_ms=int(wait * 1000), max_records=limit)
                if not found:
                    found = await _remaining(consumer, limit, max(0.0, _GRACE - wait))
            finally:
                consumer.pause(*parts)  # between requests an open consumer costs nothing
            records = tuple(
                Arrived(tp.partition, record.offset, tuple(record.headers), record.value or b"")
                for tp, batch in sorted(found.items())
                for record in batch
            )
            passed = {record.partition: record.offset + 1 for record in records}
            seat.at.update(passed)
        return Page(records, dict(positions) | passed, expired)

    async def acknowledged(self, reader: str, topic: str) -> Positions:
        async with self._seat(reader, topic) as seat:
            return await _committed(seat.open)

    async def acknowledge(self, reader: str, topic: str, positions: Positions) -> None:
        async with self._seat(reader, topic) as seat:
            consumer = seat.open
            kept = await _committed(consumer)
            ahead = {
                TopicPartition(topic, number): at
                for number, at in positions.items()
                if at > kept.get(number, 0) and TopicPartition(topic, number) in consumer.assignment()
            }
            if ahead:
                await consumer.commit(ahead)

    async def ready(self) -> bool:
        try:
            async with asyncio.timeout(min(self._patience, 2.0)):
                await (await self._administration()).describe_cluster()
        except (TimeoutError, KafkaError, OSError):
            return False
        return True

    async def stop(self) -> None:
        """Close every consumer."""
        for seat in list(self._seats.values()):
            self._leave(seat)
        self._seats.clear()
        if self._admin is not None:
            self._lifetimes.end(self._admin)
            self._admin = None
        await self._lifetimes.ended(2 * self._patience)

    @asynccontextmanager
    async def _seat(self, reader: str, topic: str, wait: float = 0.0) -> AsyncIterator[_Seat]:
        """The reader's consumer, alone. Any failure closes it: the next request starts from a clean one."""
        seat = self._take(reader, topic)
        try:
            async with self._alone(seat, self._patience + _LONGEST_WAIT), self._clean(reader, seat):
                async with asyncio.timeout(self._patience + wait):
                    if seat.consumer is None:
                        seat.consumer = await self._open(seat)
                    yield seat
        finally:
            seat.users -= 1

    @asynccontextmanager
    async def _alone(self, seat: _Seat, patience: float) -> AsyncIterator[None]:
        try:
            await asyncio.wait_for(seat.lock.acquire(), patience)
        except TimeoutError as busy:
            raise LogAway(seat.topic) from busy
        try:
            yield
        finally:
            seat.lock.release()

    @asynccontextmanager
    async def _clean(self, reader: str, seat: _Seat) -> AsyncIterator[None]:
        try:
            yield
        except (TimeoutError, KafkaError, OSError) as away:
            _LOG.warning("inbox.unreadable", topic=seat.topic, cause=type(away).__name__)
            self._forget(reader, seat)
            raise LogAway(seat.topic) from away
        except BaseException:
            # A request that was given up in the middle leaves a consumer in an unknown state.
            self._forget(reader, seat)
            raise

    def _take(self, reader: str, topic: str) -> _Seat:
        seat = self._seats.get((reader, topic))
        if seat is None:
            self._make_room()
            if len(self._seats) >= self._limit:
                _LOG.warning("inbox.no_seat", seats=self._limit)
                raise LogAway(topic)
            seat = self._seats[reader, topic] = _Seat(topic, self._group.format(reader=reader))
        self._seats.move_to_end((reader, topic))
        seat.users += 1
        return seat

    def _make_room(self) -> None:
        """Close the consumer that has been idle longest, if there is no room for another one."""
        if len(self._seats) < self._limit:
            return
        for key, seat in self._seats.items():
            if seat.users == 0:
                del self._seats[key]
                self._leave(seat)
                return

    def _forget(self, reader: str, seat: _Seat) -> None:
        if self._seats.get((reader, seat.topic)) is seat:
            del self._seats[reader, seat.topic]
        self._leave(seat)

    def _leave(self, seat: _Seat) -> None:
        consumer, seat.consumer, seat.at = seat.consumer, None, {}
        if consumer is not None:
            self._lifetimes.end(consumer)

    async def _open(self, seat: _Seat) -> AIOKafkaConsumer:
        found = (await (await self._administration()).describe_topics([seat.topic]))[0]
        numbers = [part["partition"] for part in found["partitions"]]
        if not numbers:
            raise NoSuchInbox(seat.topic)
        consumer = AIOKafkaConsumer(
            **self._connection,
            group_id=seat.group,
            enable_auto_commit=False,
            isolation_level="read_committed",
            auto_offset_reset="earliest",
            fetch_max_wait_ms=250,
            check_crcs=False,
        )
        await self._lifetimes.start(consumer)
        consumer.assign([TopicPartition(seat.topic, number) for number in numbers])
        consumer.pause(*consumer.assignment())
        return consumer

    async def _administration(self) -> AIOKafkaAdminClient:
        async with self._admin_lock:
            if self._admin is None:
                admin = AIOKafkaAdminClient(**self._connection)
                await self._lifetimes.start(admin)
                self._admin = admin
            return self._admin


async def _committed(consumer: AIOKafkaConsumer) -> dict[int, int]:
    parts = sorted(consumer.assignment())
    offsets = await asyncio.gather(*(consumer.committed(tp) for tp in parts))
    return {tp.partition: at for tp, at in zip(parts, offsets, strict=True) if at is not None}


async def _place(seat: _Seat, positions: Positions) -> bool:
    """Put the consumer at these positions and say whether one of them is no longer held."""
    consumer = seat.open
    wanted = {tp: positions.get(tp.partition, 0) for tp in consumer.assignment()}
    moved = {tp: at for tp, at in wanted.items() if seat.at.get(tp.partition) != at}
    if not moved:
        return False
    first = await consumer.beginning_offsets(list(moved))
    last = await consumer.end_offsets(list(moved))
    expired = False
    for tp, at in moved.items():
        held = first[tp] <= at <= last[tp]
        expired |= not held and tp.partition in positions
        consumer.seek(tp, at if held else first[tp])
        seat.at[tp.partition] = at
    return expired


async def _remaining(consumer: AIOKafkaConsumer, limit: int, patience: float) -> dict[TopicPartition, list[Any]]:
    """What lies between the consumer and the end of its partitions, so that empty means empty.

    The last offsets may be transaction markers, which nobody sees; the consumer passes them silently.
    """
    ends = await consumer.end_offsets(list(consumer.assignment()))
    deadline = asyncio.get_running_loop().time() + patience
    while asyncio.get_running_loop().time() < deadline:
        if all([await consumer.position(tp) >= end for tp, end in ends.items()]):
            break
        if found := await consumer.getmany(timeout_ms=100, max_records=limit):
            return dict(found)
    return {}


async def _close(client: AIOKafkaConsumer | AIOKafkaAdminClient) -> None:
    await (client.close() if isinstance(client, AIOKafkaAdminClient) else client.stop())
