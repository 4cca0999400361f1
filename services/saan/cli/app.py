"""All commands of `saan`, in the order in which a newcomer meets them.

A command's module is imported when the command is asked for: a station starts without the tools of the others.
"""

import importlib
import importlib.metadata
from collections.abc import Mapping
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

COMMANDS: Final[Mapping[str, str]] = {
    "demo": "demo:demo",
    "prove": "prove:prove",
    "up": "up:up",
    "doctor": "doctor:doctor",
    "check": "governance:check",
    "standard": "standard:standard",
    "plan": "governance:plan",
    "apply": "governance:apply",
    "codes": "codes:app",
    "publish": "publish:publish",
    "import": "importing:import_file",
    "conformance": "conformance:conformance",
    "inbox": "inbox:inbox",
    "why": "why:why",
    "export": "exporting:export_inbox",
    "round": "round:app",
    "quarantine": "quarantine:app",
    "topics": "cluster:topics",
    "lag": "cluster:lag",
    "credentials": "credentials:credentials",
    "bench": "bench:bench",
    "station": "station:station",
}
"""Command to the module of this package and the function (or group) in it."""


class Lazy(TyperGroup):
    """Loads each command when it is needed."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        found = getattr(importlib.import_module(f"saan.cli.{module}"), attribute)
        if isinstance(found, typer.Typer):
            group = typer.main.get_command(found)
            group.name = cmd_name
            return group
        alone = typer.Typer(pretty_exceptions_enable=False, rich_markup_mode="markdown", add_completion=False)
        alone.command(cmd_name)(found)
        return typer.main.get_command(alone)


app = typer.Typer(
    name="saan", cls=Lazy, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode="markdown"
)


def _tell_version(wanted: bool) -> None:
    if wanted:
        print(f"saan {importlib.metadata.version('saan')}")
        raise typer.Exit


@app.callback()
def saan(
    version: Annotated[
        bool,
        typer.Option("--version", help="บอกรุ่น · Say which version this is.", callback=_tell_version, is_eager=True),
    ] = False,
) -> None:
    """**สาน (Saan)** ระบบแลกเปลี่ยนเหตุการณ์ข้อมูลการศึกษา · the event exchange for Thai education records.

    Start with `saan demo`. `saan up` runs an empty exchange; `saan COMMAND --help` teaches each command;
    `--debug` anywhere shows the traceback of an error.
    """
