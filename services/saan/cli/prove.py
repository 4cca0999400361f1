"""`saan prove`: nothing lost, nothing doubled, nothing out of order, shown under faults."""

import asyncio
import logging
import shutil
import signal
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich.console import Console

from saan.cli.failure import Failure
from saan.cli.options import Dir, Json, Schemas, settings
from saan.cli.printing import as_json, as_table
from saan.cli.up import Brokers
from saan.prove.arsenal import UnknownFault
from saan.prove.options import Options, Tell
from saan.prove.page import page
from saan.prove.processes import NeverUp
from saan.prove.result import Result
from saan.prove.run import EXCHANGE, Cut
from saan.prove.run import prove as play
from saan.wire.settings import Settings

Only = Annotated[
    list[str] | None,
    typer.Option("--fault", help="ความผิดปกติชนิดเดียว · Strike with this kind only; can be given again."),
]
Keep = Annotated[
    bool,
    typer.Option("--keep", help="เก็บข้อมูลไว้ · Keep the exchange's data and the intents also when nothing was found."),
]
_CUT = 130


def prove(
    minutes: Annotated[float, typer.Option(min=0.2, help="กี่นาที · How many minutes of load and faults.")] = 2.0,
    seed: Annotated[int, typer.Option(help="เมล็ดสุ่ม · Seed: the same seed, the same faults in the same order.")] = 1,
    rate: Annotated[float, typer.Option(min=1, help="เหตุการณ์ต่อวินาทีต่อผู้ส่ง · Events a second, each publisher.")] = 20,
    faults: Annotated[bool, typer.Option(help="ก่อความผิดปกติ · Strike; without it the load runs alone.")] = True,
    only: Only = None,
    brokers: Brokers = 1,
    keep: Keep = False,
    dir: Dir = None,
    schemas: Schemas = None,
    json: Json = False,
) -> None:
    """พิสูจน์ว่าไม่สูญ ไม่ซ้ำ ไม่สลับ แม้ระบบล้ม · Kill, freeze and restart everything under load, then count.

    Starts an exchange of its own, publishes over Kafka and HTTP, writes every intent to disk before it is published,
    strikes processes by a schedule that follows from the seed, and then holds every intent against every topic, read
    with another client library. The report (report.json, report.html) and the logs stay in <dir>/prove/<run>/; the
    data go unless something was found. Exit code 1 when anything was lost, doubled, out of order, leaked, missing,
    altered, wrongly told or did not come back; 130 when the run was cut short (Ctrl-C, SIGTERM). Something that came
    back later than promised is told in the report and is no failure: seconds depend on what else the machine does.
    """
    chosen = settings(dir, schemas=schemas)
    folder = chosen.dir / "prove" / f"{time.strftime('%Y%m%d-%H%M%S')}-{seed}"
    err = Console(stderr=True)
    # A client that misses its broker says so hundreds of times; here that is what the run is about.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    options = Options(folder, minutes=minutes, seed=seed, rate=rate, faults=faults, brokers=brokers, only=only or ())
    try:
        result = asyncio.run(_until_asked(chosen, options, lambda line: err.print(line, highlight=False)))
    except UnknownFault as unknown:
        raise typer.BadParameter(str(unknown)) from unknown
    except NeverUp as down:
        raise _never_up(down) from down
    except Cut as cut:
        whole = cut.course.as_json() | {"cut": True}
        _write(folder, whole)
        err.print(str(cut))
        if json:
            as_json(whole)
        raise typer.Exit(_CUT) from cut
    _write(folder, result.as_json())
    (folder / "report.html").write_text(page(result), encoding="utf-8")
    if result.clean and not keep:
        _tidy(folder)
    _show(result, folder, json=json)
    raise typer.Exit(0 if result.clean else 1)


def _never_up(down: NeverUp) -> Failure:
    return Failure(
        "prove.never-up",
        "ระบบที่ทดสอบไม่ขึ้นภายในเวลา จึงไม่ได้ตรวจ",
        "The exchange under test did not come up in time: nothing was checked.",
        f"ดูเหตุผลใน {down.log} ปิดโปรแกรมที่ใช้เครื่องหนัก แล้วสั่งอีกครั้ง",
        f"The reason is in {down.log}; close what keeps the machine busy and run it again.",
    )


async def _until_asked(chosen: Settings, options: Options, tell: Tell) -> Result:
    """The run, cut short by the first Ctrl-C or SIGTERM; further ones change nothing, since it is stopping already."""
    run = asyncio.ensure_future(play(chosen, options, tell))

    def ask() -> None:
        if run.cancelling() == 0:
            tell("กำลังหยุด · stopping")
            run.cancel()

    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, ask)
    return await run


def _write(folder: Path, whole: Mapping[str, Any]) -> None:
    (folder / "report.json").write_bytes(orjson.dumps(whole, option=orjson.OPT_INDENT_2))


def _tidy(folder: Path) -> None:
    """Data of a run in which nothing was found: hundreds of megabytes that nobody will look at."""
    for name in (EXCHANGE, "schema-cache"):
        if (folder / name).exists():
            shutil.rmtree(folder / name)
    (folder / "intents.jsonl").unlink()


def _show(result: Result, folder: Path, *, json: bool) -> None:
    whole = result.as_json()
    if json:
        as_json(whole)
        return
    names = ("events", "deliveries", "refused", "unacknowledged", "unrecovered", *result.found)
    as_table(f"seed {result.course.seed}", ("", "#"), [(name, whole[name]) for name in names])
    rows = [
        (kind, one["times"], one["never"], one.get("median_s", "–"), one.get("worst_s", "–"), _promised(whole, kind))
        for kind, one in whole["recovery"].items()
    ]
    head = ("", "#ครั้ง · times", "#ไม่กลับ · never", "#median s", "#worst s", "#สัญญา · promise s")
    as_table("การฟื้นตัว · recovery", head, rows)
    print(folder / "report.html")


def _promised(whole: Mapping[str, Any], kind: str) -> str:
    one = whole["promises"].get(kind)
    return "" if one is None else f"{one['limit_s']:g} {'✓' if one['kept'] else '✗'}"
