"""`saan demo`: a province's school day on the whole exchange."""

import asyncio
import signal
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from saan.cli.bringup import applier, watcher
from saan.cli.options import Dir, Json, Schemas, settings
from saan.cli.printing import as_json
from saan.demo.progress import Stage
from saan.demo.result import Result
from saan.demo.run import Options, play
from saan.demo.show import headline, tables
from saan.exchange.endpoints import Endpoints
from saan.exchange.run import Exchange
from saan.wire import files
from saan.wire.credentials import Vault
from saan.wire.settings import Settings


def demo(
    pupils: Annotated[int, typer.Option(min=21, help="จำนวนนักเรียน (สมมติ) · How many synthetic pupils.")] = 2000,
    seed: Annotated[int, typer.Option(help="เมล็ดสุ่ม · Seed: the same seed gives the same pupils.")] = 2568,
    once: Annotated[bool, typer.Option("--once", help="จบหลังแสดงตาราง · End after the table.")] = False,
    dir: Dir = None,
    schemas: Schemas = None,
    json: Json = False,
) -> None:
    """วันเรียนหนึ่งวันของจังหวัดนราธิวาส · A school day in Narathiwat on real Kafka, from rosters to inboxes.

    Starts everything, imports one DMC roster per school, plays attendance, profile changes, transfers, withdrawals,
    grades and test results with a realistic share of dirty records, then shows what every participant was owed and
    what it got. Schools are real, people are invented. Stays up until Ctrl-C unless --once; exit code 1 when the
    balance does not hold.
    """
    chosen = settings(dir, schemas=schemas)
    seen = watcher()
    exchange = Exchange(chosen, applier(chosen, seen))
    endpoints = exchange.start(seen)
    try:
        options = Options(chosen.dir / "demo", pupils=pupils, seed=seed)
        result = asyncio.run(_play(exchange, endpoints, chosen, options, stay=not once, json=json))
    finally:
        seen.note("กำลังหยุด", "stopping")
        exchange.stop()
    raise typer.Exit(0 if result is None or result.balanced else 1)


async def _play(
    exchange: Exchange, endpoints: Endpoints, chosen: Settings, options: Options, *, stay: bool, json: bool
) -> Result | None:
    """Play while the exchange is watched; ``None`` when Ctrl-C came first."""
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    watching = asyncio.create_task(exchange.watch(stop))
    playing = asyncio.create_task(_shown(endpoints, chosen, options, json=json))
    await asyncio.wait((watching, playing), return_when=asyncio.FIRST_COMPLETED)
    if not playing.done():
        playing.cancel()
        await asyncio.wait((playing,))
        return None
    try:
        result = playing.result()
        if stay and not stop.is_set():
            _invite(endpoints)
            await watching
        return result
    finally:
        stop.set()
        await watching


async def _shown(endpoints: Endpoints, chosen: Settings, options: Options, *, json: bool) -> Result:
    vault = Vault(chosen.dir / "credentials")
    with _Bars(quiet=json) as bars:
        result = await play(endpoints, vault, files.default_folder(chosen.schemas), options, bars)
    if json:
        as_json(result.as_json())
    else:
        console = Console()
        for table in tables(result):
            console.print(table)
        console.print(headline(result))
        console.print(f"console  {endpoints.console}", highlight=False)
    return result


def _invite(endpoints: Endpoints) -> None:
    print(f"เปิดดูที่ · watch at {endpoints.console}   Ctrl-C หยุด · stops", flush=True)


class _Bars:
    """The stages of the demo as progress bars on standard error."""

    def __init__(self, *, quiet: bool) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._bars = Progress(*columns, console=Console(stderr=True), disable=quiet)
        self._task = None if quiet else self._bars.add_task("", total=1, visible=False)

    def __enter__(self) -> "_Bars":
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end()
        self._bars.stop()

    def begin(self, stage: Stage, total: int) -> None:
        self._end()
        self._task = self._bars.add_task(f"{stage.th} · {stage.en}", total=total)

    def advance(self, by: int) -> None:
        if self._task is not None:
            self._bars.advance(self._task, by)

    def _end(self) -> None:
        if self._task is not None:
            self._bars.stop_task(self._task)
