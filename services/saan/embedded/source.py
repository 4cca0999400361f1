"""The port to wherever the engine's files come from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from saan.embedded.lock import Artifact


class Unreachable(Exception):
    """The source did not answer, or stopped in the middle."""


class Absent(Exception):
    """The source answered and does not have the file."""


class Source(Protocol):
    """Somewhere that has the files of a lock. Called from several threads at once."""

    def obtain(self, artifact: Artifact, scratch: Path, advance: Callable[[int], None]) -> Path:
        """Download one file under the empty folder `scratch` and return its path, unverified.

        `advance` hears the number of bytes as they come. Raises Unreachable, Absent, or OSError for a disk that
        cannot take the file.
        """
