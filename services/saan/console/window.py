"""What happened in the last seconds, second by second. The clock is an argument."""

from collections.abc import Callable
from typing import Final

SPAN: Final = 60
"""Seconds that are remembered."""

_SECOND = 1_000_000


class Window:
    """Values by the second they belong to; ``merge`` joins two values of one second.

    Instants are microseconds since the epoch. They may arrive out of order; what is older than the span, seen from the
    newest one, is forgotten at once.
    """

    def __init__(self, merge: Callable[[int, int], int]) -> None:
        self._merge = merge
        self._values: dict[int, int] = {}
        self._newest = 0

    def note(self, at: int, value: int) -> None:
        second = at // _SECOND
        if second > self._newest:
            self._newest = second
            self._forget(second - SPAN)
        if second >= self._newest - SPAN:
            self._values[second] = self._merge(self._values[second], value) if second in self._values else value

    def last(self, now: int, seconds: int) -> list[int]:
        """The values of so many whole seconds before ``now``; the second that runs is not among them."""
        end = now // _SECOND
        return [value for second, value in self._values.items() if end - seconds <= second < end]

    def rate(self, now: int, seconds: int) -> float:
        """Values per second over the last whole seconds."""
        return sum(self.last(now, seconds)) / seconds

    def _forget(self, before: int) -> None:
        for second in [second for second in self._values if second < before]:
            del self._values[second]
