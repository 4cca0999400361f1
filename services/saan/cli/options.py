"""Options that several commands share, and what follows from them."""

import os
from pathlib import Path
from typing import Annotated

import typer

from saan.cli.failure import not_running
from saan.exchange import endpoints as places
from saan.exchange.endpoints import Endpoints
from saan.wire.settings import Settings

Dir = Annotated[
    Path | None,
    typer.Option(
        "--dir", help="โฟลเดอร์ของระบบ · Folder of the exchange (default .saan, or SAAN_DIR).", show_default=False
    ),
]
Json = Annotated[bool, typer.Option("--json", help="พิมพ์เป็น JSON · Print JSON instead of a table.")]
Schemas = Annotated[
    Path | None, typer.Option("--schemas", help="โฟลเดอร์ schemas/ อื่น · Another schemas/ folder.", show_default=False)
]
As = Annotated[str, typer.Option("--as", metavar="PARTICIPANT", help="ผู้ส่ง · The participant who publishes.")]


def settings(dir: Path | None, **given: object) -> Settings:
    """Settings from the environment, with the folder and other options of the command line in front."""
    chosen = {name: value for name, value in {"dir": dir, **given}.items() if value is not None}
    return Settings.model_validate({**Settings().model_dump(), **chosen}) if chosen else Settings()


def running(chosen: Settings) -> Endpoints:
    """Where the exchange is: the one that runs in the folder, else the one that the environment names.

    Raises a ``Failure`` when there is neither.
    """
    found = places.read(chosen.dir)
    if found is not None and _alive(found.pids.get("supervisor")):
        return found
    elsewhere = Settings()
    if "bootstrap" not in elsewhere.model_fields_set:
        raise not_running(chosen.dir)
    return Endpoints(
        bootstrap=elsewhere.bootstrap,
        bootstrap_sasl=elsewhere.bootstrap_sasl,
        registry=elsewhere.registry,
        gateway=elsewhere.gateway,
        deliverer=elsewhere.deliverer,
    )


def _alive(pid: int | None) -> bool:
    if pid is None:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
