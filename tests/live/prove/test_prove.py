"""Short runs of the fault harness: everything comes back, nothing is found, and every planted fault is."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from saan.prove.check import CHECKERS
from saan.prove.plant import KINDS

COUNTS = (*CHECKERS, "stale", "told")

ONE_BROKER = ("--minutes", "0.6", "--seed", "4")
"""Its first faults are killed stations, two of them at once."""

THREE_BROKERS = ("--brokers", "3", "--minutes", "1.2", "--seed", "5", "--rate", "8", "--fault", "lose-broker")
"""A cluster goes on without one broker, which stays away for longer than a transaction may last."""


@pytest.mark.timeout(500)
@pytest.mark.parametrize("given", [ONE_BROKER, THREE_BROKERS], ids=["one broker", "three brokers"])
def test_a_short_run_under_faults_finds_nothing_and_names_every_planted_fault(
    tmp_path: Path, engine_cache: Path | None, given: tuple[str, ...]
) -> None:
    command = [sys.executable, "-m", "saan", "prove", *given, "--json"]
    environment = {"SAAN_DIR": str(tmp_path), **({"SAAN_CACHE": str(engine_cache)} if engine_cache else {})}
    done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    report = json.loads(done.stdout)
    assert {name: report[name] for name in COUNTS} == dict.fromkeys(COUNTS, 0)
    assert report["planted"] == dict.fromkeys((*KINDS, "misremember"), True)
    assert sum(report["faults"].values()) >= 1
    (page,) = tmp_path.glob("prove/*/report.html")
    assert "<svg" in page.read_text(encoding="utf-8")
