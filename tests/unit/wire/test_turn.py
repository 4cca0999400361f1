"""The turn of a station passes on when the process that has it is gone, and not before."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def process(folder: Path, station: str) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-c", TAKING, str(folder), station]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as started:
        try:
            yield started
        finally:
            started.kill()


def said(started: "subprocess.Popen[str]") -> str:
    """Its next word; what it logs is JSON."""
    assert started.stdout is not None
    return next(line.strip() for line in started.stdout if "turn.waits" not in line)


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
