"""Starts again what ends in the engine, beside everything else that is watched.

A broker may die again while it is being started again, and a start takes long: neither may take the rest down or keep
stations waiting. Each child is mended by itself, side by side: of three brokers two that are dead cannot come back one
after the other, since the first needs the second for a controller.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Protocol

import structlog

from saan.embedded.errors import EngineError
from saan.exchange.backoff import Backoff

_LOG = structlog.get_logger()
_LONGEST = 2.0
"""Seconds between two tries: nothing works without these children, so they are missed more than they are spared."""


class Mendable(Protocol):
    """What is mended: ``saan.embedded.engine.Engine``."""

    def poll(self) -> Mapping[str, int | None]: ...

    def restart(self, name: str) -> None:
        """Called from a thread per child."""


class Mender:
    """Watches the children of one engine. ``clock`` gives monotonic seconds."""

    def __init__(self, engine: Mendable, clock: Callable[[], float] = time.monotonic) -> None:
        self._engine, self._clock = engine, clock
        self._made = clock()
        self._started: dict[str, float] = {}
        self._backoffs: dict[str, Backoff] = {}
        self._mending: dict[str, asyncio.Task[bool]] = {}

    def look(self) -> bool:
        """Never waits; true when something was started again since the last look."""
        for name, code in self._engine.poll().items():
            if code is not None and name not in self._mending:
                _LOG.warning("engine.ended", child=name, exit=code)
                self._mending[name] = asyncio.create_task(self._mend(name))
        done = {name: task.result() for name, task in self._mending.items() if task.done()}
        for name in done:
            del self._mending[name]
        return any(done.values())

    async def finish(self) -> None:
        """Let starts that are under way end, however they end: nobody may stop the engine meanwhile."""
        await asyncio.gather(*self._mending.values())
        self._mending.clear()

    async def _mend(self, name: str) -> bool:
        lived = self._clock() - self._started.get(name, self._made)
        backoff = self._backoffs[name] = self._backoffs.get(name, Backoff(longest=_LONGEST)).after(lived)
        await asyncio.sleep(backoff.wait)
        self._started[name] = self._clock()
        try:
            await asyncio.to_thread(self._engine.restart, name)
        except (EngineError, OSError) as error:
            _LOG.warning("engine.not_back", child=name, code=getattr(error, "code", type(error).__name__))
            return False
        return True
