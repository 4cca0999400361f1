"""Whose turn it is to serve, when several processes of a station were started to take turns.

One of them serves while another one waits with everything prepared that needs no exclusive possession, which is most
of what starting takes. The kernel passes the turn on in the moment in which the one that had it is gone, however it
went; nobody has to notice.
"""

import asyncio
import fcntl
import os
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path

import structlog

log = structlog.get_logger()

Turn = Callable[[], Awaitable[None]]
"""Returns when this process may serve: open ports, take partitions, write to its folder."""


async def at_once() -> None:
    """The turn of a process that takes turns with nobody."""


def of(folder: Path, station: str) -> Turn:
    """The turn of a process among those of the station that share ``folder``; once had, it lasts until its end."""

    async def wait() -> None:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder / f"{station}.turn", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        loop, mine = asyncio.get_running_loop(), asyncio.Event()

        def take() -> None:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            loop.call_soon_threadsafe(mine.set)

        log.info("turn.waits")
        # A daemon, not an executor's thread: nobody could end a process that had to wait for this one first.
        threading.Thread(target=take, name="turn", daemon=True).start()
        await mine.wait()

    return wait
