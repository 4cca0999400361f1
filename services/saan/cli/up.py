"""`saan up`: the whole exchange on this machine."""

import asyncio
import signal
from typing import Annotated

import typer

from saan.cli.bringup import applier, watcher
from saan.cli.options import Dir, settings
from saan.exchange.run import Exchange


def _one_or_three(brokers: int) -> int:
    if brokers not in (1, 3):
        raise typer.BadParameter("ใช้ 1 หรือ 3 · must be 1 or 3")
    return brokers


Brokers = Annotated[
    int,
    typer.Option("--brokers", help="1 หรือ 3 โบรกเกอร์ · One broker, or a cluster of three.", callback=_one_or_three),
]


def up(dir: Dir = None, brokers: Brokers = 1) -> None:
    """เริ่มทั้งระบบบนเครื่องนี้ · Run the whole exchange on this machine: real Kafka, real registry, all stations.

    The data stay in the folder, so that `saan up` after a crash goes on where it was. Ctrl-C stops it cleanly.
    While it runs, endpoints.json in the folder says where everything is.
    """
    chosen = settings(dir)
    seen = watcher()
    exchange = Exchange(chosen, applier(chosen, seen), brokers=brokers)
    endpoints = exchange.start(seen)
    try:
        print(f"Saan พร้อม · ready\n  console   {endpoints.console}\n  gateway   {endpoints.gateway}/docs")
        print(f"  bootstrap {endpoints.bootstrap_sasl} (participants)\n  Ctrl-C หยุด · stops", flush=True)
        asyncio.run(_until_asked(exchange))
    finally:
        try:
            seen.note("กำลังหยุด", "stopping")
        finally:  # also when nobody can be told: standard error may be a file on a full disk
            exchange.stop()


async def _until_asked(exchange: Exchange) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    await exchange.watch(stop)
