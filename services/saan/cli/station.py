"""`saan station NAME`: one station against any cluster."""

import asyncio
import importlib
import logging
import os
import sys
from enum import StrEnum
from functools import partial
from typing import Annotated, Final, NoReturn

import structlog
import typer
import uvloop
from aiokafka.errors import KafkaError

from saan.cli import logs
from saan.cli.failure import report
from saan.cli.options import Dir, settings
from saan.exchange.stations import STATIONS
from saan.wire import turn
from saan.wire.connection import away
from saan.wire.log import LogAway
from saan.wire.registry_types import SchemaUnavailable
from saan.wire.trouble import Trouble

_LOG = structlog.get_logger()

UNABLE: Final = 69
MISSING_TOPIC: Final = 78
"""Of ``wire.transport.Exit``, which would bring Faust into stations that do without it."""

Name = StrEnum("Name", {name: name for name in STATIONS})  # type: ignore[misc]  # the names are those of STATIONS


def station(
    name: Annotated[Name, typer.Argument(help="สถานี · Which station.")],
    dir: Dir = None,
    in_turn: Annotated[
        bool,
        typer.Option(
            "--in-turn",
            help="รอพร้อมรับช่วงต่อจากโปรเซสของสถานีเดียวกันที่เริ่มแบบนี้ · Wait, ready, until no other process of this station "
            "that was started this way serves in the folder.",
        ),
    ] = False,
) -> None:
    """เรียกสถานีเดียวกับคลัสเตอร์ใดก็ได้ · Run one station against any cluster.

    Where Kafka and the registry are comes from the environment: SAAN_BOOTSTRAP, SAAN_REGISTRY, SAAN_PORT and the
    others of saan/wire/settings.py. It serves until SIGTERM; any doubt ends it with an exit code of its own, for
    whoever supervises it to start it again.
    """
    chosen = settings(dir)
    logs.as_json(name.value, chosen.log_level)
    module = importlib.import_module(f"saan.{name.value}.app")
    run = partial(module.run, turn=turn.of(chosen.state, name.value)) if in_turn else module.run
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            code = int(runner.run(run(chosen)) or 0)
    except (KafkaError, Trouble, LogAway, SchemaUnavailable) as error:
        said = away(error) if isinstance(error, KafkaError) else error
        _LOG.debug("station.unable", exc_info=error)
        report(said)
        code = exit_code(said)
    _end(code)


def exit_code(error: Exception) -> int:
    """What the end of a station says that could not begin, or not go on: what it depends on is away, or not applied."""
    if isinstance(error, Trouble) and not error.code.startswith(("cluster.", "registry.")):
        return 1
    missing = isinstance(error, Trouble) and error.code in ("cluster.no-governance", "cluster.no-topic")
    return MISSING_TOPIC if missing else UNABLE


def _end(code: int) -> NoReturn:
    """End at once: everything is closed, and taking the interpreter apart would keep a successor waiting."""
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
