"""Which pseudonyms are of one learner, followed: the topic ``links``, written by the router, read by every validator.

A record says of one pair that it is linked, and is written in the transaction that accepts the event which says so. The
topic is compacted by pair, so it holds every link once, for ever.
"""

import asyncio
import json
from collections.abc import Mapping
from typing import Any, Final

import structlog
from aiokafka import ConsumerRecord

from saan.core.links import ALIAS, Links
from saan.wire.following import follow
from saan.wire.trouble import Trouble

log = structlog.get_logger()

TOPIC: Final = "links"
HEADER: Final = f"ce_{ALIAS}"


def record(alias: str, subject: str) -> tuple[bytes, bytes]:
    """Key and value of the record that says that ``alias`` is the same learner as ``subject``."""
    return f"{alias}/{subject}".encode(), json.dumps({"alias": alias, "subject": subject}).encode()


class Linked:
    """Follows the links. ``connection`` holds aiokafka's arguments; ``links`` grows while it is followed."""

    def __init__(self, connection: Mapping[str, Any]) -> None:
        self.links = Links()
        self._connection = dict(connection)
        self._ready = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self, patience: float = 30.0) -> None:
        """Begin to follow; returns when all links are known. Raises ``Trouble`` when they are not in time."""
        self._task = asyncio.create_task(follow(TOPIC, self._connection, self), name=TOPIC)
        try:
            async with asyncio.timeout(patience):
                await self._ready.wait()
        except TimeoutError:
            await self.stop()
            raise Trouble("cluster.away", cause="links cannot be read") from None

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None

    def begin(self) -> None:
        """See ``Follower``. Links are never taken back, so those known already stay."""

    def take(self, record: ConsumerRecord) -> bool:
        """See ``Follower``. A record that cannot be read says nothing."""
        try:
            told = json.loads(record.value or b"")
            self.links.add(told["alias"], told["subject"])
        except (KeyError, TypeError, ValueError) as error:
            log.error("links.unreadable", offset=record.offset, cause=type(error).__name__)
            return False
        return True

    async def at_end(self) -> None:
        """See ``Follower``."""
        self._ready.set()
