"""The lock: which files make the engine, to the byte.

`runtime.lock` holds one line per file: ``sha256 size group:artifact:version[:packaging[:classifier]] set``. It names
coordinates and never a host. The sets are `kafka` (a broker), `kafka-tools` (Kafka's own command line programs, which
only tests and curious people need) and `registry`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Artifact:
    """One file of the lock. `size` is in bytes; `sha256` is lower-case hexadecimal."""

    sha256: str
    size: int
    group: str
    name: str
    version: str
    packaging: str
    classifier: str
    set: str

    @property
    def filename(self) -> str:
        return f"{self.stem}.{self.packaging}"

    @property
    def stem(self) -> str:
        return "-".join(part for part in (self.name, self.version, self.classifier) if part)

    @property
    def is_archive(self) -> bool:
        """True when the file is unpacked into a folder instead of being kept as it is."""
        return self.packaging == "tar.gz"


def read_lock(text: str) -> tuple[Artifact, ...]:
    """Parse a lock. Raises ValueError naming the line that is wrong; an empty lock and a file named twice are wrong."""
    artifacts: dict[tuple[str, str], Artifact] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        artifact = _read_line(line, number)
        if artifacts.setdefault((artifact.set, artifact.filename), artifact) is not artifact:
            raise ValueError(f"line {number} of the lock names {artifact.filename} a second time")
    if not artifacts:
        raise ValueError("the lock names no file")
    return tuple(artifacts.values())


def _read_line(line: str, number: int) -> Artifact:
    columns = line.split()
    coordinates = columns[2].split(":") if len(columns) == 4 else []
    if not 3 <= len(coordinates) <= 5 or not all(coordinates):
        raise ValueError(f"line {number} of the lock is not 'sha256 size group:artifact:version[:…] set'")
    sha256, size, _, set_name = columns
    if not _SHA256.fullmatch(sha256) or not size.isdecimal():
        raise ValueError(f"line {number} of the lock has no sha256 or no size in bytes")
    group, name, version, *rest = coordinates
    packaging, classifier = (*rest, *("jar", "")[len(rest) :])
    return Artifact(sha256, int(size), group, name, version, packaging, classifier, set_name)


@cache
def packaged_lock() -> tuple[Artifact, ...]:
    """The lock this version of Saan was tested with."""
    return read_lock(resources.files("saan.embedded").joinpath("runtime.lock").read_text(encoding="utf-8"))


def version_of(name: str, lock: tuple[Artifact, ...]) -> str:
    """The locked version of the artifact called `name`; KeyError when the lock has none."""
    for artifact in lock:
        if artifact.name == name:
            return artifact.version
    raise KeyError(name)
