"""How many records a lane takes at once: as many as it can decide and commit in the time it aims at.

The lanes of a process share one event loop, so a large block keeps the others' commits waiting. On a machine that is
busy with something else that led to commits beyond their deadline, to a process that left and came back to an even
larger backlog, and so on without end. Small first blocks and a size that follows the time end that.
"""

from typing import Final

FIRST: Final = 500
LEAST: Final = 50
AIM: Final = 1.5  # seconds for one block, well below the deadline of a transaction


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
