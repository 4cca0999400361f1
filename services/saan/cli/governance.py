"""`saan check`, `saan plan`, `saan apply`: governance as code."""

from typing import Annotated

import typer
from rich.progress import Progress

from saan.cli import bringup
from saan.cli.options import Dir, Json, Schemas, running, settings
from saan.cli.printing import as_json, as_table
from saan.exchange.applying import place
from saan.governance.apply import apply as make
from saan.governance.apply import look
from saan.governance.changes import Change, Level, pending
from saan.governance.check import check as check_folder
from saan.governance.site import Site
from saan.wire import files
from saan.wire.settings import Settings

Bootstrap = Annotated[str | None, typer.Option(help="คลัสเตอร์อื่น · Another cluster than the one that runs in --dir.")]
Registry = Annotated[str | None, typer.Option(help="ทะเบียนอื่น · Its registry, as http://host:port.")]


def check(schemas: Schemas = None, json: Json = False) -> None:
    """ตรวจ schemas/ โดยไม่ใช้เครือข่าย · Check everything in schemas/ offline and name every fault at once.

    Schemas, catalogue entries with their examples, code lists, participants, organisations and topics. Exit code 1
    when there is a fault.
    """
    faults = check_folder(files.default_folder(settings(None, schemas=schemas).schemas))
    if json:
        as_json([{"file": f.file, "field": f.field, "th": f.said_th, "en": f.said_en} for f in faults])
    elif faults:
        rows = [(f.file, f.field, f.said_th, f.said_en) for f in faults]
        as_table(f"ข้อผิด {len(faults)} ข้อ · faults", ("ไฟล์ · file", "ช่อง · field", "เหตุ", "reason"), rows)
    else:
        print("schemas/ ไม่มีข้อผิด · no fault")
    raise typer.Exit(1 if faults else 0)


def plan(
    dir: Dir = None,
    schemas: Schemas = None,
    bootstrap: Bootstrap = None,
    registry: Registry = None,
    json: Json = False,
) -> None:
    """ดูสิ่งที่จะเปลี่ยน · Show what `saan apply` would change on the running broker and registry; changes nothing."""
    chosen = settings(dir, schemas=schemas)
    with _site(chosen, bootstrap, registry) as at:
        changes = look(bringup.checked(chosen).entities(), at, profile=chosen.profile)
    _show(changes, json)
    raise typer.Exit(1 if any(c.level is Level.REFUSED for c in changes) else 0)


def apply(
    dir: Dir = None,
    schemas: Schemas = None,
    bootstrap: Bootstrap = None,
    registry: Registry = None,
    json: Json = False,
) -> None:
    """ทำให้เป็นไปตาม schemas/ · Make broker and registry what schemas/ says: schemas, topics, access, records.

    Idempotent: run it twice, or again after an interruption. In force everywhere within five seconds.
    """
    chosen = settings(dir, schemas=schemas)
    with _site(chosen, bootstrap, registry) as at, Progress(transient=True, disable=json) as bar:
        task = bar.add_task("apply", total=None)

        def made(change: Change, done: int, total: int) -> None:
            bar.update(task, completed=done, total=total, description=f"{change.kind} {change.name}"[:50])

        entities = bringup.checked(chosen).entities()
        changes = make(entities, at, profile=chosen.profile, progress=made)
    _show(changes, json)


def _site(chosen: Settings, bootstrap: str | None, registry: str | None) -> Site:
    if bootstrap is None or registry is None:
        here = running(chosen)
        bootstrap, registry = bootstrap or here.bootstrap, registry or here.registry
    return place(chosen, bootstrap, registry)


def _show(changes: list[Change], json: bool) -> None:
    if json:
        as_json(
            [
                {
                    "kind": c.kind,
                    "action": c.action,
                    "name": c.name,
                    "level": str(c.level),
                    "th": c.said_th,
                    "en": c.said_en,
                    "before": c.before,
                    "after": c.after,
                }
                for c in changes
            ]
        )
        return
    if not pending(changes):
        print("ตรงตาม schemas/ อยู่แล้ว · nothing to change")
    rows = [(str(c.level), c.said_th, c.said_en) for c in changes]
    if rows:
        as_table(f"{len(rows)} ข้อ · changes", ("ระดับ · level", "สิ่งที่เปลี่ยน", "change"), rows)
