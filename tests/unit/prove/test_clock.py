"""The clock that jumps: by how much, for how long, and for whom."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from saan.prove.faults import Fault
from saan.prove.faults.clock import Clock
from saan.prove.processes import Processes
from saan.wire.settings import Settings


@pytest.mark.parametrize(("kind", "sign"), [("clock-ahead", 1), ("clock-back", -1)])
def test_a_jump_is_by_minutes_lasts_as_long_as_the_fault_and_is_undone(tmp_path: Path, kind: str, sign: int) -> None:
    clock = Clock(tmp_path)
    (act,) = (one.act for one in clock.kinds if one.name == kind)
    processes = Processes(Settings(dir=tmp_path), tmp_path)
    struck = threading.Thread(target=act, args=(processes, Fault(kind, ("stations",), lasts=1.0)))
    struck.start()
    wrong = _first_number(tmp_path / "clock")
    struck.join()

    assert 60 <= sign * wrong <= 600
    assert (tmp_path / "clock").read_text() == "+0"


def test_only_the_time_of_day_is_wrong_in_a_process_that_is_started_with_it(tmp_path: Path) -> None:
    clock = Clock(tmp_path)
    if (why := clock.lacking()) is not None:
        pytest.skip(why)
    given = clock.prepare(tmp_path)
    (tmp_path / "clock").write_text("+300")
    command = [sys.executable, "-c", "import time; print(time.time(), time.monotonic())"]
    told = subprocess.run(command, env={**os.environ, **given}, check=True, capture_output=True, text=True).stdout
    of_day, counting = map(float, told.split())

    assert 290 < of_day - time.time() <= 300
    assert time.monotonic() - counting < 10


def _first_number(path: Path) -> int:
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        if path.exists() and (number := int(path.read_text())):
            return number
        time.sleep(0.02)
    pytest.fail("the clock did not jump")
