"""One station under watch: the process that serves, and another one that waits to take its turn (``exchange.turn``)."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import structlog

from saan.exchange.backoff import Backoff
from saan.exchange.stations import WANTED_ENDS, follow_log, log_file, log_of_the_next

_LOG = structlog.get_logger()
SUCCESSOR_AFTER = 3.0
"""Seconds that a process has served before another one is made to wait for its turn: a start comes first, alone."""
ANOTHER_AFTER = 20.0
"""Seconds until another successor is tried when one has ended while it waited."""


class Process(Protocol):
    """What is watched: ``saan.embedded.child.Child``."""

    pid: int

    @property
    def exit_code(self) -> int | None: ...

    def ask_to_stop(self) -> None: ...

    def wait(self, deadline: float) -> int: ...


Start = Callable[[Path], Process]


class Watched:
    """One station and its history. ``start`` begins a process that writes into that log; its turn decides who serves.

    ``logs`` is the folder of this exchange. ``clock`` gives monotonic seconds.
    """

    def __init__(
        self, name: str, start: Start, folder: Path, *, succeeded: bool, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.name = name
        self.serving: Process | None = None
        self.successor: Process | None = None
        self._start, self._folder, self._clock, self._succeeded = start, folder, clock, succeeded
        self._backoff = Backoff()
        self._since = self._due = self._successor_due = 0.0

    def begin(self) -> None:
        """Start a process that serves as soon as nobody else of this folder does. Raises ``OSError``."""
        self.serving = self._start(log_file(self._folder, self.name))
        self._since = self._clock()

    def look(self) -> bool:
        """Never waits; true when another process serves now than at the last look."""
        now = self._clock()
        if self.successor is not None and (code := self.successor.exit_code) is not None:
            _LOG.warning("successor.ended", station=self.name, exit=code)
            self._successor_due = now + ANOTHER_AFTER
            self.dismiss()
        if self.serving is not None and (code := self.serving.exit_code) is not None:
            self.serving.wait(now)
            self.serving = None
            self._backoff = self._backoff.after(now - self._since, wanted=code in WANTED_ENDS)
            self._due = now + (0.0 if self.successor is not None else self._backoff.wait)
            _LOG.warning("station.ended", station=self.name, exit=code, again_in=self._due - now)
        if self.serving is not None or now < self._due:
            return False
        return self._take_over()

    def prepare(self) -> bool:
        """Start a successor where one is missed; true when that was so."""
        now = self._clock()
        if not self._succeeded or self.successor is not None or now < self._successor_due:
            return False
        if self.serving is None or now - self._since < SUCCESSOR_AFTER:
            return False
        try:
            self.successor = self._start(log_of_the_next(self._folder, self.name))
        except OSError as error:
            _LOG.warning("successor.not-started", station=self.name, cause=str(error))
            self._successor_due = now + ANOTHER_AFTER
        return self.successor is not None

    def wait_no_longer(self) -> None:
        """What the process fell over for is back: if it is waited for, it is started now, as if for the first time."""
        if self.serving is None:
            self._backoff, self._due = Backoff(), 0.0

    def dismiss(self) -> None:
        """End the successor, which serves nobody, at once; before the serving process is asked to stop."""
        if self.successor is not None:
            self.successor.wait(self._clock())
            self.successor = None

    def _take_over(self) -> bool:
        if self.successor is None:
            return self._begin_again()
        follow_log(self._folder, self.name)
        self.serving, self.successor = self.successor, None
        self._since = self._clock()
        return True

    def _begin_again(self) -> bool:
        """No process can be started while a disk is full or a table of the system is: that ends only this try."""
        try:
            self.begin()
        except OSError as error:
            self._backoff = self._backoff.after(0.0)
            self._due = self._clock() + self._backoff.wait
            _LOG.warning("station.not-started", station=self.name, cause=str(error), again_in=self._backoff.wait)
            return False
        return True
