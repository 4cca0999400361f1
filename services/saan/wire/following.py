"""Following a small topic of one partition for ever: from its beginning to its end as it is, then whatever comes."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Final, Protocol

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

from saan.wire.trouble import Trouble

log = structlog.get_logger()

_AGAIN_AFTER: Final = 0.5


class Follower(Protocol):
    """What is done with what is read."""

    def begin(self) -> None:
        """A broker answered; everything is read from the beginning."""

    def take(self, record: ConsumerRecord) -> bool:
        """Take one record in; true when it changes something."""

    async def at_end(self) -> None:
        """Something changed, and everything committed has been taken in: half of a transaction is never seen."""


async def follow(topic: str, connection: Mapping[str, Any], follower: Follower) -> None:
    """Read for ever; a broker that goes away is waited for. ``connection`` holds aiokafka's arguments."""
    while True:
        try:
            await _read(TopicPartition(topic, 0), connection, follower)
        except (KafkaError, OSError) as error:
            log.warning(f"{topic}.away", cause=type(error).__name__)
            await asyncio.sleep(_AGAIN_AFTER)


async def _read(place: TopicPartition, connection: Mapping[str, Any], follower: Follower) -> None:
    consumer = AIOKafkaConsumer(
        **connection,
        isolation_level="read_committed",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        fetch_max_wait_ms=1000,
    )
    try:
        await consumer.start()
        follower.begin()
        consumer.assign([place])
        await consumer.seek_to_beginning(place)
        changed = True
        while True:
            found = await consumer.getmany(place, timeout_ms=1000)
            for record in found.get(place, ()):
                changed |= follower.take(record)
            if changed and await consumer.position(place) >= (await consumer.end_offsets([place]))[place]:
                await follower.at_end()
                changed = False
    finally:
        await consumer.stop()


class Followed(ABC):
    """What a station knows by following ``topic``. ``connection`` holds aiokafka's arguments."""

    topic: ClassVar[str]

    def __init__(self, connection: Mapping[str, Any]) -> None:
        self._connection = dict(connection)
        self._ready = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self, patience: float = 30.0) -> None:
        """Begin to follow; returns when it is ``ready``."""
        self._task = asyncio.create_task(follow(self.topic, self._connection, self), name=self.topic)
        await self.ready(patience)

    async def ready(self, patience: float = 30.0) -> None:
        """Wait until all of it is known. Raises ``Trouble`` when it is not within ``patience`` seconds."""
        try:
            async with asyncio.timeout(patience):
                await self._ready.wait()
        except TimeoutError:
            await self.stop()
            raise Trouble("cluster.away", cause=f"{self.topic} cannot be read") from None

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None

    @abstractmethod
    def begin(self) -> None:
        """See ``Follower``."""

    @abstractmethod
    def take(self, record: ConsumerRecord) -> bool:
        """See ``Follower``. A record that cannot be read says nothing."""

    async def at_end(self) -> None:
        """See ``Follower``."""
        self._ready.set()
