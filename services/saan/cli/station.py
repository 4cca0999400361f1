"""`saan station NAME`: one station against any cluster."""

import asyncio
import importlib
import logging
import os
import sys
from enum import StrEnum
from functools import partial
from typing import Annotated, NoReturn

import typer
import uvloop

from saan.cli import logs
from saan.cli.options import Dir, settings
from saan.exchange.stations import STATIONS
from saan.wire import turn

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
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        code = int(runner.run(run(chosen)) or 0)
    _end(code)


def _end(code: int) -> NoReturn:
    """End at once: everything is closed, and taking the interpreter apart would keep a successor waiting."""
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
