"""A console on a real broker and a real registry with the demo province applied, and a real browser to look at it."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import confluent_kafka
import httpx
import pytest
from playwright.sync_api import Browser, sync_playwright

from saan.embedded import Engine
from saan.governance.apply import apply
from saan.governance.site import site
from saan.wire import files
from saan.wire.avro import Codec
from saan.wire.record import frame

_LEDGER = "th.saan.control.LedgerPosted"


@dataclass(frozen=True)
class Console:
    """A running console, the engine below it, and the ledger it reads."""

    engine: Engine
    folder: Path
    address: str
    process: "subprocess.Popen[bytes]"

    @property
    def broker(self) -> int:
        """The broker's process id."""
        return next(pid for name, pid in self.engine.endpoints.pids.items() if name != "registry")

    def board(self) -> dict[str, Any]:
        answer: dict[str, Any] = httpx.get(f"{self.address}/api/board").raise_for_status().json()
        return answer

    def post(self, station: str, **fields: Any) -> None:
        """Write a ledger entry as a station does: in a transaction, under the registered schema."""
        registry = f"{self.engine.endpoints.registry}/apis/ccompat/v7/subjects/{_LEDGER}/versions/latest"
        registered = httpx.get(registry).raise_for_status().json()
        now = time.time_ns() // 1000
        counts = (
            "outcomes",
            "published",
            "accepted",
            "rejected",
            "parked",
            "duplicates",
            "delivered",
            "types",
            "rules",
        )
        entry = {
            "station": station,
            "topic": "outbox.gateway",
            "partition": 0,
            "firstOffset": 0,
            "lastOffset": 0,
            "records": sum(fields.get("published", {}).values()),
            "postedAt": now,
            "oldest": now - 250_000,
            **{name: {} for name in counts},
            "refusals": [],
            "sketchIn": bytes(8),
            "sketchOut": bytes(8),
            **fields,
        }
        body = Codec(httpx.Response(200, text=registered["schema"]).json()).encode(entry)
        self.write(frame(registered["id"], body), station.encode())

    def write(self, value: bytes, key: bytes = b"validator", *, commit: bool = True) -> None:
        producer = confluent_kafka.Producer(
            {"bootstrap.servers": self.engine.endpoints.bootstrap, "transactional.id": f"console-test-{key.decode()}"}
        )
        producer.init_transactions(30)
        producer.begin_transaction()
        producer.produce("ledger", value, key)
        producer.flush(30)
        if commit:
            producer.commit_transaction(30)
        else:
            producer.abort_transaction(30)


def eventually(console: Console, holds: Any, seconds: float = 60) -> dict[str, Any]:
    """The board, once ``holds(board)``; fails when it does not in time."""
    deadline = time.monotonic() + seconds
    while not holds(board := console.board()):
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.2)
    return board


@contextmanager
def running(engine: Engine, folder: Path) -> Iterator[Console]:
    """A console process until the block ends; it answers when the block begins."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    at = engine.endpoints
    environment = os.environ | {
        "SAAN_DIR": str(folder),
        "SAAN_BOOTSTRAP": at.bootstrap,
        "SAAN_REGISTRY": at.registry,
        "SAAN_PORT": str(port),
    }
    command = [sys.executable, "-m", "saan", "station", "console"]
    with (folder / f"console-{port}.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=folder)
        try:
            _await(process, f"http://127.0.0.1:{port}")
            yield Console(engine, folder, f"http://127.0.0.1:{port}", process)
        finally:
            process.kill()
            process.wait()


def _await(process: "subprocess.Popen[bytes]", address: str) -> None:
    deadline = time.monotonic() + 90
    while True:
        assert process.poll() is None, "the console ended while it started"
        assert time.monotonic() < deadline, "the console does not answer"
        try:
            if httpx.get(f"{address}/healthz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)


@pytest.fixture(scope="module")
def governed(tmp_path_factory: pytest.TempPathFactory, engine_cache: Path | None) -> Iterator[tuple[Engine, Path]]:
    folder = tmp_path_factory.mktemp("console-folder")
    with Engine(tmp_path_factory.mktemp("console-engine"), engine_cache) as engine:
        at = engine.endpoints
        where = site(at.bootstrap, at.registry, folder / "credentials")
        with where.registrar:
            apply(files.read(files.default_folder()).entities(), where)
        yield engine, folder


@pytest.fixture(scope="module")
def console(governed: tuple[Engine, Path]) -> Iterator[Console]:
    with running(*governed) as started:
        yield started


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium as the system ships it."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        if os.environ.get("CI"):
            pytest.fail("continuous integration must have Chromium: the page is tested in a real browser")
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        # Chromium refuses its sandbox to root, which containers of continuous integration run as.
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        started = playwright.chromium.launch(executable_path=chromium, args=sandbox)
        yield started
        started.close()
