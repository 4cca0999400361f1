"""Where a running exchange listens: `endpoints.json` in its folder, readable by its owner only."""

import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

import structlog

_LOG = structlog.get_logger()

NAME = "endpoints.json"
AGAIN_AFTER = 1.0
"""Seconds after which a file that could not be written is tried again."""


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Addresses by part, and the process ids by name: `kafka`, `registry`, `validator`, …, `supervisor`.

    `validator.next` is the process that waits to take its turn.
    """

    bootstrap: str
    bootstrap_sasl: str
    registry: str
    gateway: str = ""
    deliverer: str = ""
    console: str = ""
    metrics: Mapping[str, str] = field(default_factory=dict)
    pids: Mapping[str, int] = field(default_factory=dict)


def write(folder: Path, endpoints: Endpoints) -> None:
    """Replace the file at once: a reader sees the old one or the new one, never half of it."""
    target, part = folder / NAME, folder / f"{NAME}.part"
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(endpoints), file, indent=2)
    part.replace(target)


def read(folder: Path) -> Endpoints | None:
    """What the exchange of this folder wrote last; ``None`` when none runs there."""
    try:
        return Endpoints(**json.loads((folder / NAME).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


def clear(folder: Path) -> None:
    (folder / NAME).unlink(missing_ok=True)


class Notice:
    """The file of one exchange while it runs. A full disk does not end what runs: the file is written when it can be.

    ``clock`` gives monotonic seconds.
    """

    def __init__(self, folder: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._folder, self._clock = folder, clock
        self._owed: Endpoints | None = None
        self._due = 0.0
        self._ours = False

    def put(self, endpoints: Endpoints) -> None:
        """Have the file say this, now or as soon as it can be written."""
        said, self._owed = self._owed is not None, endpoints
        try:
            write(self._folder, endpoints)
        except OSError as error:
            if not said:
                _LOG.warning("endpoints.unwritten", cause=error.strerror)
            self._due = self._clock() + AGAIN_AFTER
        else:
            self._owed, self._ours = None, True

    def look(self) -> None:
        """Cheap, to be called often: write what is still owed, once it is due."""
        if self._owed is not None and self._clock() >= self._due:
            self.put(self._owed)

    def remove(self) -> None:
        """Nothing runs any more. The file of another exchange stays."""
        if self._ours:
            clear(self._folder)
