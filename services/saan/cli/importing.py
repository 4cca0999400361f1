"""`saan import FILE --as P`: the files that schools have today."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from saan.cli.failure import Failure, bad_file, no_participant
from saan.cli.options import As, Dir, Json, Schemas, running, settings
from saan.cli.printing import as_json
from saan.client import Publisher, Verdict
from saan.core.participants import Participant
from saan.core.world import World
from saan.sources.opening import NAMES, opened
from saan.sources.refusal import FileRefused
from saan.sources.report import Report
from saan.sources.row import Reading, occasion
from saan.wire import files
from saan.wire import world as worlds
from saan.wire.credentials import Vault
from saan.wire.settings import Settings

Format = Annotated[
    str | None, typer.Option("--format", help=f"รูปแบบ · One of: {', '.join(NAMES)}. Default: by the header.")
]
Check = Annotated[bool, typer.Option("--check", help="ตรวจอย่างเดียว ไม่ส่ง · Only check; needs no running exchange.")]
Day = Annotated[str | None, typer.Option("--on", help="วันที่ของข้อมูล · Day of the roster, YYYY-MM-DD (default today).")]
School = Annotated[
    str | None,
    typer.Option("--school", help="โรงเรียนของไฟล์ · School of a file that does not say it (8 or 10 digits, or SC-…)."),
]
Year = Annotated[int | None, typer.Option("--year", help="ปีการศึกษา พ.ศ. · Academic year, B.E. (default: of that day).")]


def import_file(
    file: Annotated[
        Path, typer.Argument(help="ไฟล์หรือโฟลเดอร์ของโรงเรียน · The school's file; for OneRoster a folder or a zip file.")
    ],
    participant: As,
    format: Format = None,
    check: Check = False,
    dir: Dir = None,
    schemas: Schemas = None,
    on: Day = None,
    year: Year = None,
    school: School = None,
    json: Json = False,
) -> None:
    """นำเข้าไฟล์ · Import a school's file: every row becomes events, and every row gets a verdict.

    Reads the **DMC roster** (36 columns), the sandbox template **STUDENT** (116 columns) and **OneRoster 1.2** CSV
    bundles; which one it is, the file itself tells. UTF-8 and TIS-620, any delimiter, title lines above the header and
    moved columns are understood (OneRoster files must be as its specification wants them).

    Cleans what is safe to clean (spaces, Thai digits, B.E. dates), flags what is doubtful, refuses what is wrong, each
    with rule, column and reason in Thai and English. A row goes whole or not at all. A file that cannot be read is
    refused whole and nothing of it is published. Importing a file twice has no second effect.

    Look first, then send: `saan import roster.csv --as sis-96022001 --check`, and then without `--check`.
    OneRoster: `saan import bundle.zip --as sis-96012001`. The way back: `saan export`.
    """
    chosen = settings(dir, schemas=schemas)
    if format is not None and format not in NAMES:
        raise Failure(
            "cli.no-format",
            f"ไม่มีรูปแบบ {format}",
            f"There is no format {format}.",
            f"ใช้ {', '.join(NAMES)} หรือไม่ต้องระบุ",
            f"Use {', '.join(NAMES)}, or leave it out.",
        )
    world = _world(chosen)
    who = world.participants.get(participant)
    if who is None:
        raise no_participant(participant)
    report = Report(file.name)
    verdicts = _run(
        chosen, file, who, world, report, check=check, on=on, year=year, format=format, school=school, quiet=json
    )
    _show(report, verdicts, json)
    raise typer.Exit(1 if report.refusal or any(v.word not in ("accepted", "duplicate") for v in verdicts) else 0)


def _world(chosen: Settings) -> World:
    """What is governed, from ``schemas/``: a check needs no running exchange."""
    return worlds.build(files.read(files.default_folder(chosen.schemas)).entities(), chosen.environment)


def _run(
    chosen: Settings,
    file: Path,
    who: Participant,
    world: World,
    report: Report,
    *,
    check: bool,
    on: str | None,
    year: int | None,
    format: str | None,
    school: str | None,
    quiet: bool,
) -> list[Verdict]:
    """Read, judge and (unless ``check``) publish; the gateway's verdicts that are not plain acceptance."""
    try:
        with opened(file, who, world, occasion(_day(on), year), format=format, school=school) as reading:
            events = _passing(reading, report, quiet)
            if check:
                for _ in events:
                    pass
                return []
            address = running(chosen).gateway
            with Publisher(address, Vault(chosen.dir / "credentials").read(who.id).token) as publisher:
                return [v for v in publisher.publish(events) if v.word != "accepted"]
    except FileRefused as refused:
        report.refusal = refused.refusal
        return []
    except OSError as error:
        raise bad_file(file, "เปิดไม่ได้", "it cannot be opened") from error


def _passing(reading: Reading, report: Report, quiet: bool) -> Iterator[Any]:
    columns = (
        TextColumn("{task.description}"),
        *Progress.get_default_columns()[1:2],
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=quiet) as bar:
        task = bar.add_task(report.file, total=reading.count)
        for row in report.watch(reading.rows):
            bar.advance(task)
            yield from row.events


def _day(on: str | None) -> dt.date:
    if on is None:
        return dt.datetime.now(dt.timezone(dt.timedelta(hours=7))).date()
    try:
        return dt.date.fromisoformat(on)
    except ValueError as error:
        raise typer.BadParameter("ต้องเป็น ปปปป-ดด-วว (ค.ศ.) · must be YYYY-MM-DD") from error


def _show(report: Report, verdicts: list[Verdict], json: bool) -> None:
    refused = [v for v in verdicts if v.word not in ("accepted", "duplicate")]
    if json:
        as_json({**report.as_json(), "gateway": [{"id": v.id, "verdict": v.word, "code": v.code} for v in refused]})
        return
    console = Console()
    if report.refusal:
        r = report.refusal
        console.print(f"{r.code}: {r.th}\n  → {r.fix_th}\n{r.code}: {r.en}\n  → {r.fix_en}", markup=False)
        return
    for language in ("th", "en"):
        for table in report.as_tables(language):
            console.print(table)
    repeated = sum(v.word == "duplicate" for v in verdicts)
    if repeated:
        console.print(f"ส่งแล้วก่อนหน้านี้ {repeated} เหตุการณ์ · events sent before")
    for verdict in refused[:20]:
        console.print(f"{verdict.id} {verdict.word} {verdict.code} {verdict.message['th']} · {verdict.message['en']}")
