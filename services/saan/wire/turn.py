"""Whose turn it is to serve, when several processes of a station were started to take turns.

One of them serves while another one waits with everything prepared that needs no exclusive possession, which is most
of what starting takes. The kernel passes the turn on in the moment in which the one that had it is gone, however it
went; nobody has to notice.
"""

import asyncio
import fcntl
import os
import select
import sys
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path

import structlog

log = structlog.get_logger()

_ENDING = 2.0
"""Seconds that the process before may take to end once it has given up its turn."""

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
            _see_off(descriptor)
            _sign(descriptor)
            loop.call_soon_threadsafe(mine.set)

        log.info("turn.waits")
        # A daemon, not an executor's thread: nobody could end a process that had to wait for this one first.
        threading.Thread(target=take, name="turn", daemon=True).start()
        await mine.wait()

    return wait


def _see_off(turn: int) -> None:
    """Wait until the process that had the turn is gone: it lets go of locks, files and ports in no certain order, so
    that its turn may come before its port.
    """
    pid = os.pread(turn, 32, 0).strip()
    if sys.platform != "linux" or not pid.isdigit() or int(pid) == os.getpid():
        return
    try:
        before = os.pidfd_open(int(pid))
    except OSError:  # gone, or nothing this system tells about
        return
    try:
        ending = select.poll()
        ending.register(before, select.POLLIN)
        if not ending.poll(_ENDING * 1000):  # another process has its number by now, or it takes very long to end
            log.warning("turn.not-alone", pid=int(pid))
    finally:
        os.close(before)


def _sign(turn: int) -> None:
    """Leave a number by which the next process sees this one off. As long as ever, so that it takes no more disk."""
    try:
        os.pwrite(turn, b"%-31d\n" % os.getpid(), 0)
    except OSError as error:
        log.warning("turn.unsigned", cause=error.strerror)
