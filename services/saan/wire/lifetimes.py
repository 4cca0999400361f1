"""Starts and closes aiokafka clients so that giving up on a silent broker leaks no connection.

A client that is cancelled while it starts forgets the connection it was opening. So nobody cancels a start: whoever
gives up waiting leaves it to end with its own time-out, and the client is closed then.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from aiokafka.errors import KafkaError

_LOG = structlog.get_logger()

Close = Callable[[Any], Awaitable[None]]


class Lifetimes:
    """``close`` ends one client; it is never cancelled either, except at the very end."""

    def __init__(self, close: Close) -> None:
        self._close = close
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self, client: Any) -> None:
        """Start a client. When that fails, or when the caller gives up waiting, the client is closed."""
        starting = asyncio.create_task(client.start())
        try:
            await asyncio.shield(starting)
        except BaseException:
            self._keep(self._end_after(starting, client))
            raise

    def end(self, client: Any) -> None:
        """Close a client without waiting for it."""
        self._keep(self._end(client))

    async def ended(self, patience: float) -> None:
        """Wait for everything that is being closed, up to ``patience`` seconds; cancel the rest."""
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks, timeout=patience)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late)

    def _keep(self, ending: Any) -> None:
        task = asyncio.create_task(ending)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _end_after(self, starting: asyncio.Task[None], client: Any) -> None:
        try:
            await asyncio.wait([starting])
        finally:
            starting.cancel()
        await self._end(client)

    async def _end(self, client: Any) -> None:
        try:
            await self._close(client)
        except (KafkaError, OSError) as wrong:
            _LOG.warning("kafka.closed_badly", client=type(client).__name__, cause=type(wrong).__name__)
