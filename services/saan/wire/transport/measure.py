"""How many records a process takes at once: as many as it can decide and commit in the time it aims at.

The lanes of a process share one event loop, so what one decides keeps the others' commits waiting. On a machine that
is busy with something else that led to commits beyond their deadline, to a process that left and came back to an even
larger backlog, and so on without end. A size that begins small and follows the time, and a bound for what all lanes
have under way together, end that.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

FIRST: Final = 500
LEAST: Final = 50
AIM: Final = 1.5  # seconds for one block, well below the deadline of a transaction
AT_ONCE: Final = 2  # full blocks under way: one is decided while the other is committed


class Measure:
    """The size of the next block in records; `most` bounds it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.size = min(FIRST, most)

    def after(self, records: int, seconds: float) -> None:
        """Learn from a block: halve when it took too long, double when it was full and took less than half of it."""
        if seconds > AIM:
            self.size = min(self.size, max(LEAST, self.size // 2))
        elif seconds < AIM / 2 and records >= self.size:
            self.size = min(self._most, self.size * 2)


class Room:
    """For the records that all lanes of a process have under way, in the order in which they ask."""

    def __init__(self, measure: Measure) -> None:
        self._measure = measure
        self._held = 0
        self._line = asyncio.Lock()
        self._freed = asyncio.Event()

    @asynccontextmanager
    async def of(self, weigh: Callable[[], int]) -> AsyncIterator[None]:
        """Wait until `weigh()` records have room, or are alone; asked anew while it waits, because a block grows."""
        async with self._line:
            while self._held and self._held + weigh() > AT_ONCE * self._measure.size:
                self._freed.clear()
                await self._freed.wait()
            taken = weigh()
            self._held += taken
        try:
            yield
        finally:
            self._held -= taken
            self._freed.set()
