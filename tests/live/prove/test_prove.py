"""A short run of the fault harness: everything comes back, nothing is found, and every planted fault is."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from saan.prove.check import CHECKERS
from saan.prove.plant import KINDS

SEED = 4
"""Its first faults are a zombie, two killed workers and a killed supervisor."""


@pytest.mark.timeout(400)
def test_a_short_run_under_faults_finds_nothing_and_names_every_planted_fault(
    tmp_path: Path, engine_cache: Path | None
) -> None:
    command = [sys.executable, "-m", "saan", "prove", "--minutes", "1", "--seed", str(SEED), "--json"]
    given = {"SAAN_DIR": str(tmp_path), **({"SAAN_CACHE": str(engine_cache)} if engine_cache else {})}
    done = subprocess.run(command, env={**os.environ, **given}, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    report = json.loads(done.stdout)
    assert {name: report[name] for name in (*CHECKERS, "stale", "told")} == dict.fromkeys(
        (*CHECKERS, "stale", "told"), 0
    )
    assert report["planted"] == dict.fromkeys((*KINDS, "misremember"), True)
    assert sum(report["faults"].values()) >= 2
    (page,) = tmp_path.glob("prove/*/report.html")
    assert "<svg" in page.read_text(encoding="utf-8")
