"""What a person sees while the engine is fetched and started: a bar on a terminal, plain lines elsewhere.

All of it goes to standard error, so that a command's own output stays clean.
"""

from __future__ import annotations

import sys
from typing import Protocol, TextIO

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TimeRemainingColumn, TransferSpeedColumn

_STEP = 10  # a plain line at every tenth of the way


class Watcher(Protocol):
    """Told about the work as it goes. Called from several threads."""

    def note(self, said_th: str, said_en: str) -> None:
        """One step began."""

    def begin(self, total: int) -> None:
        """A download of `total` bytes begins."""

    def advance(self, size: int) -> None:
        """`size` more bytes are here; negative when a broken download was thrown away."""

    def end(self) -> None:
        """The download is over, well or badly."""


class Silent:
    """Tells nobody."""

    def note(self, said_th: str, said_en: str) -> None:
        del said_th, said_en

    def begin(self, total: int) -> None:
        del total

    def advance(self, size: int) -> None:
        del size

    def end(self) -> None:
        return


class Lines:
    """Plain lines for logs and pipes."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._total = self._done = self._told = 0

    def note(self, said_th: str, said_en: str) -> None:
        self._stream.write(f"{said_th} · {said_en}\n")
        self._stream.flush()

    def begin(self, total: int) -> None:
        self._total, self._done, self._told = total, 0, 0

    def advance(self, size: int) -> None:
        self._done += size
        percent = self._done * 100 // self._total if self._total else 100
        if percent >= self._told + _STEP:
            self._told = percent - percent % _STEP
            self._stream.write(f"{self._told:3d} %  {self._done / 1e6:.0f} of {self._total / 1e6:.0f} MB\n")
            self._stream.flush()

    def end(self) -> None:
        return


class Bar:
    """A live bar on a terminal."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bar: Progress | None = None
        self._task = TaskID(0)

    def note(self, said_th: str, said_en: str) -> None:
        self._console.print(f"{said_th} [dim]· {said_en}[/dim]", highlight=False)

    def begin(self, total: int) -> None:
        columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
        self._bar = Progress(*columns, console=self._console)
        self._task = self._bar.add_task("", total=total)
        self._bar.start()

    def advance(self, size: int) -> None:
        if self._bar is not None:
            self._bar.advance(self._task, size)

    def end(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


class Download:
    """A download as a context, so that the bar is taken away whatever happens."""

    def __init__(self, watcher: Watcher, total: int) -> None:
        self._watcher, self._total = watcher, total

    def __enter__(self) -> None:
        self._watcher.begin(self._total)

    def __exit__(self, *error: object) -> None:
        self._watcher.end()


def watcher_for(stream: TextIO | None = None) -> Watcher:
    """The watcher that suits `stream` (standard error when none is given)."""
    stream = stream or sys.stderr
    return Bar(Console(file=stream)) if stream.isatty() else Lines(stream)
