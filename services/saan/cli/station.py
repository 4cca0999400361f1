"""`saan station NAME`: one station against any cluster."""

import asyncio
import importlib
import sys
from enum import StrEnum
from typing import Annotated

import typer
import uvloop

from saan.cli import logs
from saan.cli.options import Dir, settings
from saan.exchange.stations import STATIONS

Name = StrEnum("Name", {name: name for name in STATIONS})  # type: ignore[misc]  # the names are those of STATIONS


def station(name: Annotated[Name, typer.Argument(help="สถานี · Which station.")], dir: Dir = None) -> None:
    """เรียกสถานีเดียวกับคลัสเตอร์ใดก็ได้ · Run one station against any cluster.

    Where Kafka and the registry are comes from the environment: SAAN_BOOTSTRAP, SAAN_REGISTRY, SAAN_PORT and the
    others of saan/wire/settings.py. It serves until SIGTERM; any doubt ends it with an exit code of its own, for
    whoever supervises it to start it again.
    """
    chosen = settings(dir)
    logs.as_json(name.value, chosen.log_level)
    module = importlib.import_module(f"saan.{name.value}.app")
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        sys.exit(int(runner.run(module.run(chosen)) or 0))
