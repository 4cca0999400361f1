"""How many records may be set aside before the process stops and shouts."""

from collections import deque


class PoisonLimit:
    """At most `most` in any 60 seconds; times are seconds of a monotonic clock."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._at: deque[float] = deque()

    def allows(self, now: float) -> bool:
        """Note one more, and return whether that is still within the limit."""
        self._at.append(now)
        while self._at[0] < now - 60.0:
            self._at.popleft()
        return len(self._at) <= self.most
