"""`saan prove`: nothing lost, nothing doubled, nothing out of order, shown under faults."""

import asyncio
import logging
import time
from typing import Annotated

import orjson
import typer
from rich.console import Console

from saan.cli.options import Dir, Json, Schemas, settings
from saan.cli.printing import as_json, as_table
from saan.cli.up import Brokers
from saan.prove.arsenal import UnknownFault
from saan.prove.page import page
from saan.prove.run import Options
from saan.prove.run import prove as play

Only = Annotated[
    list[str] | None,
    typer.Option("--fault", help="ความผิดปกติชนิดเดียว · Strike with this kind only; can be given again."),
]


def prove(
    minutes: Annotated[float, typer.Option(min=0.2, help="กี่นาที · How many minutes of load and faults.")] = 2.0,
    seed: Annotated[int, typer.Option(help="เมล็ดสุ่ม · Seed: the same seed, the same faults in the same order.")] = 1,
    rate: Annotated[float, typer.Option(min=1, help="เหตุการณ์ต่อวินาทีต่อผู้ส่ง · Events a second, each publisher.")] = 20,
    faults: Annotated[bool, typer.Option(help="ก่อความผิดปกติ · Strike; without it the load runs alone.")] = True,
    only: Only = None,
    brokers: Brokers = 1,
    dir: Dir = None,
    schemas: Schemas = None,
    json: Json = False,
) -> None:
    """พิสูจน์ว่าไม่สูญ ไม่ซ้ำ ไม่สลับ แม้ระบบล้ม · Kill, freeze and restart everything under load, then count.

    Starts an exchange of its own, publishes over Kafka and HTTP, writes every intent to disk before it is published,
    strikes processes by a schedule that follows from the seed, and then holds every intent against every topic, read
    with another client library. The report (report.json, report.html) stays in <dir>/prove/<run>/. Exit code 1 when
    anything was lost, doubled, out of order, leaked, missing, altered, wrongly told or did not come back.
    """
    chosen = settings(dir, schemas=schemas)
    folder = chosen.dir / "prove" / f"{time.strftime('%Y%m%d-%H%M%S')}-{seed}"
    err = Console(stderr=True)
    # A client that misses its broker says so hundreds of times; here that is what the run is about.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    options = Options(folder, minutes=minutes, seed=seed, rate=rate, faults=faults, brokers=brokers, only=only or ())
    try:
        result = asyncio.run(play(chosen, options, lambda line: err.print(line, highlight=False)))
    except UnknownFault as unknown:
        raise typer.BadParameter(str(unknown)) from unknown
    whole = result.as_json()
    (folder / "report.json").write_bytes(orjson.dumps(whole, option=orjson.OPT_INDENT_2))
    (folder / "report.html").write_text(page(result), encoding="utf-8")
    if json:
        as_json(whole)
    else:
        names = ("events", "deliveries", "refused", "unacknowledged", "unrecovered", *result.found)
        as_table(f"seed {seed}", ("", "#"), [(name, whole[name]) for name in names])
        rows = [
            (kind, one["times"], one["never"], one.get("median_s", "–"), one.get("worst_s", "–"))
            for kind, one in result.recovery().items()
        ]
        as_table("การฟื้นตัว · recovery", ("", "#ครั้ง · times", "#ไม่กลับ · never", "#median s", "#worst s"), rows)
        print(folder / "report.html")
    raise typer.Exit(0 if result.clean else 1)
