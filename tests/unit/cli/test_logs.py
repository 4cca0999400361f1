"""A log that cannot be written to is no reason to fail."""

import subprocess
import sys

import pytest

LOGGING = """
import logging, sys, structlog
from saan.cli import logs
log = structlog.get_logger()
logs.to_stderr() if sys.argv[1] == "stderr" else logs.as_json("gateway", "INFO")
for n in range(1000):
    log.warning("append.unacknowledged", n=n)
logging.getLogger("saan.transport").warning("said by a library")
import os
os._exit(7)
"""


@pytest.mark.parametrize("stream", ["stderr", "stdout"])
def test_lines_for_a_full_disk_are_lost_and_work_goes_on(stream: str) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-c", LOGGING, stream], stdout=full, stderr=full, timeout=600, check=False
        )

    assert done.returncode == 7


@pytest.mark.parametrize("stream", ["stderr", "stdout"])
def test_every_line_is_written_where_there_is_room(stream: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOGGING, stream], capture_output=True, text=True, timeout=600, check=False
    )

    assert str(getattr(done, stream)).count("append.unacknowledged") == 1000
