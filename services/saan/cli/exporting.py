"""`saan export P --format …`: an inbox as the files that old systems read."""

import asyncio
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn

from saan.cli import reading
from saan.cli.failure import Failure, no_inbox, no_participant
from saan.cli.options import Dir, Json, Schemas, running, settings
from saan.cli.printing import as_json
from saan.sources import export
from saan.wire import files
from saan.wire import world as worlds
from saan.wire.log import NoSuchInbox
from saan.wire.settings import Settings

Format = Annotated[str, typer.Option("--format", help=f"รูปแบบ · One of: {', '.join(export.FORMATS)}.")]
Out = Annotated[
    Path | None,
    typer.Option("-o", "--out", help="โฟลเดอร์ หรือไฟล์ .zip (oneroster) · A folder, or a .zip for oneroster."),
]


def export_inbox(
    participant: Annotated[str, typer.Argument(help="เจ้าของกล่องรับ · Whose inbox, for example peo-96.")],
    format: Format,
    out: Out = None,
    dir: Dir = None,
    schemas: Schemas = None,
    json: Json = False,
) -> None:
    """ส่งออกกล่องรับเป็นไฟล์ · Write what an inbox says of learners now as files that older systems read.

    **student-template** writes the sandbox form STUDENT (116 columns), one file per school: names for codes, Buddhist
    dates. **oneroster** writes a OneRoster 1.2 CSV bundle: a folder of files, or one zip file.

    Every learner appears once, with the last value of each field; who has left school is left out. Only what the inbox
    was given can be written: a field that the agreement withholds stays empty. Cells that a spreadsheet would run as a
    formula get an apostrophe before them. Nothing is acknowledged or changed.

    Examples: `saan export peo-96 --format student-template -o forms/`,
    `saan export sesa-nwt --format oneroster -o roster.zip`. Both read back with `saan import`.
    """
    if format not in export.FORMATS:
        known = ", ".join(export.FORMATS)
        raise Failure(
            "cli.no-format", f"ไม่มีรูปแบบ {format}", f"There is no format {format}.", f"ใช้ {known}", f"Use {known}."
        )
    chosen = settings(dir, schemas=schemas)
    world = worlds.build(files.read(files.default_folder(chosen.schemas)).entities(), chosen.environment)
    if participant not in world.participants:
        raise no_participant(participant)
    made = export.made(_received(chosen, participant, json), world, format)
    target = out or Path(f"{participant}-{format}")
    written = _write(made.files, target, format)
    if json:
        as_json({"files": [str(path) for path in written], "learners": made.learners, "left_out": made.left_out})
        return
    for path in written:
        print(path)
    print(f"{made.learners:,} คน · learners; {made.left_out:,} คนไม่อยู่ในไฟล์ · left out (no school, or too little known)")


def _received(chosen: Settings, participant: str, quiet: bool) -> list[Mapping[str, Any]]:
    client = reading.at(chosen, running(chosen))
    try:
        return asyncio.run(_events(client, participant, quiet))
    except NoSuchInbox as absent:
        raise no_inbox(participant) from absent


async def _events(client: Settings, participant: str, quiet: bool) -> list[Mapping[str, Any]]:
    columns = (SpinnerColumn(), TextColumn("{task.description} {task.completed:,}"))
    received: list[Mapping[str, Any]] = []
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=quiet) as bar:
        task = bar.add_task("เหตุการณ์ · events", total=None)
        async for event in reading.events(client, f"inbox.{participant}"):
            received.append(event)
            bar.advance(task)
    return received


def _write(made: Mapping[str, bytes], target: Path, format: str) -> list[Path]:
    """Write the files; each appears whole or not at all."""
    return list(_written(export.packed(made) if target.suffix == ".zip" else made, target, format))


def _written(made: Mapping[str, bytes] | bytes, target: Path, format: str) -> Iterator[Path]:
    contents = {target: made} if isinstance(made, bytes) else {target / name: content for name, content in made.items()}
    for path, content in contents.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f".{path.name}.unfinished")
        unfinished.write_bytes(content)
        unfinished.replace(path)
        yield path
