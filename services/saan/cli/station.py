"""`saan station NAME`: one station against any cluster."""

import asyncio
import importlib
import logging
import sys
from enum import StrEnum
from typing import Annotated

import structlog
import typer
import uvloop

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
    _log_as(name.value, chosen.log_level)
    module = importlib.import_module(f"saan.{name.value}.app")
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        sys.exit(int(runner.run(module.run(chosen)) or 0))


def _log_as(name: str, level: str) -> None:
    """Logs as JSON lines with the station's name, those of libraries too."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.contextvars.bind_contextvars(station=name)
    structlog.configure(
        processors=[
            *shared,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in ("aiokafka", "faust", "mode", "httpx", "uvicorn.access"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
