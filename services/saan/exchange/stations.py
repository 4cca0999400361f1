"""The stations as processes: what each is started with."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog

from saan.wire.settings import Settings

_LOG = structlog.get_logger()

STATIONS = ("validator", "router", "gateway", "deliverer", "console")
"""In the order of the journey as far as starting goes: what reads comes before what takes in."""

WITH_HTTP = frozenset({"gateway", "deliverer", "console"})
WITH_SUCCESSOR = frozenset({"validator", "router", "gateway", "deliverer"})
"""On a record's way: a second process, started beforehand, waits to take their place. It costs some 80 MiB each."""

STOPPING_ORDER = ("gateway", "validator", "router", "deliverer", "console")
"""First no more intake, then let what is under way arrive."""

WANTED_ENDS = frozenset({0, 75})
"""``DONE`` and ``TOPICS_CHANGED`` of ``wire.transport.Exit``, which would bring Faust into every command."""


@dataclass(frozen=True, slots=True)
class Ports:
    """Loopback ports of one station; ``http`` is 0 where it has no HTTP face."""

    http: int
    metrics: int


def command(name: str) -> Sequence[str]:
    in_turn = ["--in-turn"] if name in WITH_SUCCESSOR else []
    return [sys.executable, "-m", "saan", "station", *in_turn, name]


def environment(
    base: Mapping[str, str], settings: Settings, ports: Ports, bootstrap: str, registry: str
) -> dict[str, str]:
    """The environment of one station: everything this process has, and where the exchange is."""
    given = {
        "SAAN_DIR": str(settings.dir.absolute()),
        "SAAN_BOOTSTRAP": bootstrap,
        "SAAN_REGISTRY": registry,
        "SAAN_ENVIRONMENT": settings.environment,
        "SAAN_HOST": settings.host,
        "SAAN_PORT": str(ports.http),
        "SAAN_METRICS_PORT": str(ports.metrics),
        "SAAN_LOG_LEVEL": settings.log_level,
        "PYTHONUNBUFFERED": "1",
    }
    return {**base, **given}


def log_file(folder: Path, name: str) -> Path:
    """Where the output of a station goes; what the process before wrote is kept beside it, if the disk lets us."""
    logs = folder / "logs"
    current = logs / f"{name}.log"
    try:
        logs.mkdir(parents=True, exist_ok=True)
        if current.exists():
            current.replace(logs / f"{name}.1.log")
    except OSError as error:
        _LOG.warning("log.not-kept", station=name, cause=error.strerror)
    return current


def log_of_the_next(folder: Path, name: str) -> Path:
    """Where the output of a process goes that waits to take its turn."""
    return folder / "logs" / f"{name}.next.log"


def follow_log(folder: Path, name: str) -> None:
    """The process that waited serves now: what it writes, and has written, is the station's log."""
    current = log_file(folder, name)
    try:
        log_of_the_next(folder, name).replace(current)
    except OSError as error:  # it goes on writing where it began
        _LOG.warning("log.not-followed", station=name, cause=error.strerror)
