"""Whether broker and registry answer, and how long the first unread record of each reader has been waiting."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

import structlog

from saan.wire.lag import Lag
from saan.wire.trouble import Trouble

_LOG = structlog.get_logger()
_EVERY: Final = 2.0
_READERS_EVERY: Final = 5
"""Readers of inboxes are asked for every so many looks: there are many of them and they are less urgent."""
_MOST_READERS: Final = 200


class Meter(Protocol):
    """Measures how far groups are behind; see ``saan.wire.lag``. Its calls block and may raise ``Trouble``."""

    def groups(self) -> list[str]: ...

    def of(self, group: str) -> list[Lag]: ...


@dataclass(frozen=True, slots=True)
class Unread:
    """How a reader stands. ``since`` is when its first unread record was written (milliseconds since the epoch).

    ``None``: nothing is unread. A reader that never read anything has no ``Unread`` at all.
    """

    since: int | None

    def seconds(self, now: int) -> float:
        """How old that record is at ``now`` (microseconds since the epoch)."""
        return 0.0 if self.since is None else max(0, now // 1000 - self.since) / 1000


@dataclass(frozen=True, slots=True)
class Health:
    """What was found at the last look; ``None`` before the first. ``readers`` are by participant."""

    broker: bool | None = None
    registry: bool | None = None
    stations: Mapping[str, Unread] = field(default_factory=dict)
    readers: Mapping[str, Unread] = field(default_factory=dict)


class Watch:
    """Looks at the world around the stations again and again; ``health`` is what it saw last.

    ``registry`` says whether the registry answers; it raises nothing.
    """

    def __init__(self, meter: Meter, registry: Callable[[], Awaitable[bool]], stations: Sequence[str]) -> None:
        self.health = Health()
        self._meter = meter
        self._registry = registry
        self._stations = stations
        self._looks = 0

    async def run(self) -> None:
        while True:
            await self.look()
            await asyncio.sleep(_EVERY)

    async def look(self) -> None:
        registry, _ = await asyncio.gather(self._registry(), asyncio.to_thread(self._measure))
        self.health = replace(self.health, registry=registry)

    def _measure(self) -> None:
        try:
            stations = {name: self._of(f"saan-{name}") for name in self._stations}
            readers = self._readers() if self._looks % _READERS_EVERY == 0 else self.health.readers
        except (Trouble, TimeoutError) as away:
            if self.health.broker is not False:
                _LOG.warning("broker.away", cause=getattr(away, "code", type(away).__name__))
            self.health = replace(self.health, broker=False)
            return
        self._looks += 1
        known = {name: unread for name, unread in stations.items() if unread is not None}
        self.health = replace(self.health, broker=True, stations=known, readers=readers)

    def _readers(self) -> dict[str, Unread]:
        """Groups of participants begin with the participant's id and a dot; the slowest group of each counts."""
        found: dict[str, Unread] = {}
        for group in [group for group in self._meter.groups() if "." in group][:_MOST_READERS]:
            participant, unread = group.partition(".")[0], self._of(group)
            if unread is not None:
                found[participant] = _slower(found.get(participant, unread), unread)
        return found

    def _of(self, group: str) -> Unread | None:
        lags = self._meter.of(group)
        if not lags:
            return None
        return Unread(min((lag.since for lag in lags if lag.since is not None), default=None))


def _slower(one: Unread, other: Unread) -> Unread:
    return Unread(min((u.since for u in (one, other) if u.since is not None), default=None))
