"""The turn of a station passes on when the process that has it is gone, and not before."""

import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

TAKING = """
import asyncio, pathlib, sys
from saan.wire import turn

async def serve():
    print("waits", flush=True)
    await turn.of(pathlib.Path(sys.argv[1]), sys.argv[2])()
    print("serves", flush=True)
    await asyncio.sleep(60)

asyncio.run(serve())
"""


HOLDING = """
import asyncio, pathlib, socket, sys
import structlog
from saan.wire import turn
from saan.wire.slot import Slot

structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
before = [socket.socket() for _ in range(300)]
port = socket.socket()

async def serve():
    folder = pathlib.Path(sys.argv[1])
    await turn.of(folder, sys.argv[2])()
    port.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    port.bind(("127.0.0.1", int(sys.argv[3])))
    port.listen()
    after = [socket.socket() for _ in range(300)]
    print(Slot(folder, sys.argv[2]).number, flush=True)
    await asyncio.sleep(60)

asyncio.run(serve())
"""
"""With so much to let go of that its turn is over before its port or its folder is free."""


@contextmanager
def process(folder: Path, station: str, *more: str, script: str = TAKING) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-c", script, str(folder), station, *more]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as started:
        try:
            yield started
        finally:
            started.kill()


def said(started: "subprocess.Popen[str]") -> str:
    """Its next word; what it logs is JSON."""
    assert started.stdout is not None
    return next(line.strip() for line in started.stdout if "turn." not in line)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_one_serves_and_the_other_takes_over_when_it_is_gone(tmp_path: Path, number: signal.Signals) -> None:
    with process(tmp_path, "router") as first:
        assert [said(first), said(first)] == ["waits", "serves"]
        with process(tmp_path, "router") as second:
            assert said(second) == "waits"
            first.send_signal(number)

            assert said(second) == "serves"
            assert first.wait(10) == -number


def test_the_turns_of_two_stations_are_two(tmp_path: Path) -> None:
    with process(tmp_path, "router") as first, process(tmp_path, "validator") as second:
        assert [said(first), said(first)] == ["waits", "serves"]
        assert [said(second), said(second)] == ["waits", "serves"]


def test_a_process_that_waits_for_its_turn_can_be_asked_to_stop(tmp_path: Path) -> None:
    with process(tmp_path, "router") as first:
        assert [said(first), said(first)] == ["waits", "serves"]
        with process(tmp_path, "router") as second:
            assert said(second) == "waits"
            second.terminate()

            assert second.wait(10) == -signal.SIGTERM


def test_whoever_takes_over_finds_the_port_and_the_folder_of_the_one_before_free(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    with ExitStack() as stack:
        line = [stack.enter_context(process(tmp_path, "router", port, script=HOLDING)) for _ in range(8)]
        while line:
            serving = first_to_speak(line)
            assert said(serving) == "0"
            line.remove(serving)
            serving.kill()


def first_to_speak(line: Sequence["subprocess.Popen[str]"]) -> "subprocess.Popen[str]":
    ready, _, _ = select.select([one.stdout for one in line if one.stdout is not None], [], [], 20)
    return next(one for one in line if one.stdout in ready)


def test_a_number_that_is_another_process_s_by_now_keeps_nobody_for_long(tmp_path: Path) -> None:
    (tmp_path / "router.turn").write_text(f"{os.getpid()}\n", encoding="ascii")

    with process(tmp_path, "router") as only:
        assert [said(only), said(only)] == ["waits", "serves"]
