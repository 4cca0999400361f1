"""Tells when a disk of the exchange runs low, is full, and has room again."""

import time
from collections.abc import Callable, Iterable
from pathlib import Path

import structlog

from saan.wire.space import Room, said_full, said_low

_LOG = structlog.get_logger()
_EVERY = 1.0


class RoomWatch:
    """``look`` measures (see ``wire.space.rooms``); below ``reserve`` free bytes a disk is low.

    ``clock`` gives monotonic seconds. Each change is said once.
    """

    def __init__(
        self, look: Callable[[], Iterable[Room]], reserve: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._look, self._reserve, self._clock = look, reserve, clock
        self._due = clock()
        self._known: dict[Path, str] = {}

    def look(self) -> None:
        """Cheap, to be called often: measures once a second."""
        now = self._clock()
        if now < self._due:
            return
        self._due = now + _EVERY
        for room in self._look():
            level = "full" if room.full else "low" if room.free < self._reserve else "enough"
            if level != self._known.get(room.folder, "enough"):
                _tell(level, room)
            self._known[room.folder] = level


def _tell(level: str, room: Room) -> None:
    if level == "full":
        _LOG.error("engine.disk-full", said=said_full(room.folder))
    elif level == "low":
        _LOG.warning("engine.disk-low", said=said_low(room.folder, room.free))
    else:
        _LOG.info("engine.disk-free-again", folder=str(room.folder), free=room.free)
