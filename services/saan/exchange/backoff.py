"""How long to wait before a child is started again: pure, so that it can be proven."""

from dataclasses import dataclass, replace

FIRST = 0.2
LONGEST = 20.0
STEADY_AFTER = 30.0
"""Seconds of life after which a child counts as steady again."""
WANTED_AFTER = 5.0
"""Seconds of life after which an end that was asked for is no failure; sooner, it could come again and again."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """The history of one child: how often it fell over in a row. ``longest`` limits its waits, in seconds."""

    failures: int = 0
    longest: float = LONGEST

    def after(self, lived: float, *, wanted: bool = False) -> "Backoff":
        """The history once the child has ended, having lived so many seconds; ``wanted``: it was asked to."""
        if wanted and lived >= WANTED_AFTER:
            return replace(self, failures=0)
        return replace(self, failures=1 if lived >= STEADY_AFTER else self.failures + 1)

    @property
    def wait(self) -> float:
        """Seconds until the next start: nothing before the first failure, then doubling up to a limit."""
        return 0.0 if not self.failures else min(self.longest, FIRST * 2.0 ** (self.failures - 1))
