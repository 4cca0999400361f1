"""Kafka's own command line programs, from the same jars as the broker: a foreign witness for tests."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from saan.embedded import java, store
from saan.embedded.fetch import fetch
from saan.embedded.lock import packaged_lock

CONSOLE_CONSUMER = "org.apache.kafka.tools.consumer.ConsoleConsumer"

_SETS = ("kafka", "kafka-tools")

# Without a configuration Log4j prints its errors among the records.
_QUIET = "-Dlog4j2.level=ERROR"


def run_tool(
    main_class: str, arguments: Sequence[str], *, cache: Path | None = None, seconds: float = 60.0
) -> subprocess.CompletedProcess[str]:
    """Run `main_class` with `arguments` and return its exit code and what it printed (UTF-8).

    Fetches the tools' jars when they are not in `cache` (this user's when None). Raises EngineError when that fails
    and subprocess.TimeoutExpired after `seconds`.
    """
    lock = packaged_lock()
    cache = (cache or store.default_cache()).absolute()
    fetch(cache, (artifact for artifact in lock if artifact.set in _SETS))
    program = ["-cp", store.class_path(cache, lock, *_SETS), main_class, *arguments]
    with tempfile.TemporaryDirectory(prefix="saan-tool-") as temporary:
        command = java.command(
            program, heap_mb=128, temporary=Path(temporary), properties=[_QUIET, "-Dstdout.encoding=UTF-8"]
        )
        return subprocess.run(
            command, capture_output=True, encoding="utf-8", timeout=seconds, check=False, env=java.ENVIRONMENT
        )
