"""`saan codes show|diff|publish`: the code lists, what a file would change in one, and its next version."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from saan.cli import bringup, code_tables
from saan.cli.options import Dir, Json, Schemas, running, settings
from saan.cli.printing import as_json
from saan.core.calendar import days
from saan.core.code_changes import changes
from saan.exchange.applying import place
from saan.exchange.publishing import previewed, published
from saan.governance.edition import as_list, edition, find, rows_of
from saan.wire.world import BANGKOK

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="รายการรหัสและรุ่นของรายการ · The code lists and their versions: show, compare, publish the next one.",
)

_LIST = typer.Argument(metavar="LIST", help="ชื่อรายการ · A list by its name: religion or CLS_RELIGION.")
_FILE = typer.Argument(
    metavar="FILE", help="ไฟล์ CSV · The whole list: code,name_th,name_en,note[,valid_from,valid_to]."
)
_DAY = ["%Y-%m-%d"]


@app.command()
def show(
    name: Annotated[str | None, _LIST] = None,
    on: Annotated[
        datetime | None,
        typer.Option("--on", formats=_DAY, help="เฉพาะรหัสที่ใช้ได้ในวันนี้ · Only what is valid on this day, as it is then."),
    ] = None,
    schemas: Schemas = None,
    json: Json = False,
) -> None:
    """ดูรายการ · Show all lists, or the codes of one with validity and certainty.

    Works offline, on schemas/. Marks: F found in a published source, I inferred, R remembered, M or P made for this
    project. Example: `saan codes show subdistrict --on 2009-12-25`.
    """
    folder = bringup.checked(settings(None, schemas=schemas))
    day = days(on.date()) if on else None
    if name is None:
        code_tables.lists([as_list(one) for one in folder.lists.values()], json=json)
    else:
        code_tables.codes(as_list(find(folder, name)), day, json=json)


@app.command()
def diff(
    name: Annotated[str, _LIST], file: Annotated[Path, _FILE], schemas: Schemas = None, json: Json = False
) -> None:
    """เทียบกับไฟล์ · Show what a file would change in a list: codes added, retired, renamed, gone, valid at other times.

    Works offline and changes nothing. Example: `saan codes diff religion new-religion.csv`.
    """
    folder = bringup.checked(settings(None, schemas=schemas))
    had = find(folder, name)
    before, after = as_list(had), as_list(had.with_rows(rows_of(file)))
    found = changes(before.codes, after.codes)
    if json:
        told = [code_tables.plain_change(one) for one in found]
        as_json({"list": before.official, "version": before.version, "changes": told})
    else:
        code_tables.difference(before, found)


@app.command()
def publish(
    name: Annotated[str, _LIST],
    file: Annotated[Path, _FILE],
    start: Annotated[
        datetime | None,
        typer.Option(
            "--from", formats=_DAY, help="วันที่เริ่มใช้ · First day of the new codes; without it they always were."
        ),
    ] = None,
    retire_missing: Annotated[
        bool, typer.Option("--retire-missing", help="ให้รหัสที่ไม่อยู่ในไฟล์สิ้นสุด · End codes that the file does not have.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="ไม่ต้องถาม · Do not ask before it is put in force.")] = False,
    dir: Dir = None,
    schemas: Schemas = None,
    json: Json = False,
) -> None:
    """ประกาศรุ่นใหม่ · Preview the next version of a list on the running exchange, then put it in force.

    The preview decides every retained event that uses the list again and says which would be refused by the new
    version; nothing retained is changed. Then the list and its row of codes/index.csv are written and applied, and
    whoever has an agreement over `code-list.published` is told. With --json and without --yes it only previews. Exit
    code 1 when it is not put in force although retained events would be refused.
    """
    chosen = settings(dir, schemas=schemas)
    here = running(chosen)
    folder = bringup.checked(chosen)
    today, first = datetime.now(BANGKOK).date(), start.date() if start else None
    made = edition(folder, name, rows_of(file), today=today, start=first, retire_missing=retire_missing)
    with place(chosen, here.bootstrap, here.registry) as at:
        with Progress(console=Console(stderr=True), transient=True, disable=json) as bar:
            task = bar.add_task("record.*", total=None)

            def read(done: int, total: int) -> None:
                bar.update(task, completed=done, total=total)

            seen = previewed(made, folder, at, chosen, progress=read)
        if not json:
            code_tables.difference(made.before, made.changes)
            code_tables.preview(seen)
        agreed = yes or (not json and typer.confirm("ประกาศใช้หรือไม่ · Put it in force?", default=False))
        if agreed:
            published(made, at, chosen)
    if json:
        as_json(code_tables.plain_edition(made, seen, applied=agreed))
    elif agreed:
        print(f"ประกาศใช้แล้ว · in force: {made.after.official} {made.after.version}")
    raise typer.Exit(1 if seen.refused and not agreed else 0)
