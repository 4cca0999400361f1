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


def running(folder: Path) -> Endpoints:
    """Where the exchange of this folder listens. Raises a ``Failure`` when none runs there."""
    found = places.read(folder)
    if found is None or not _alive(found.pids.get("supervisor")):
        raise not_running(folder)
    return found


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
