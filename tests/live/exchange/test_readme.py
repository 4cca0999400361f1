"""Every snippet of the README does what the README says, on a running exchange."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from .conftest import SCHOOL, Running, event, eventually, example

ROOT = Path(__file__).parents[3]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SHELL = re.findall(r"```bash\n(.*?)```", README, re.DOTALL)[2:]
PYTHON = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
ROSTER = ROOT / "tests" / "contract" / "inputs" / "dmc-roster-clean.cp874.csv"


def test_every_shell_snippet_ends_well(exchange: Running, tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_bytes(ROSTER.read_bytes())
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "SAAN_DIR": str(exchange.folder), "PYTHONWARNINGS": "error"}

    for snippet in SHELL:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", snippet],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, f"{snippet}\n{done.stdout}\n{done.stderr}"


def test_the_python_snippet_publishes_and_receives(exchange: Running, capsys: Any) -> None:
    sent = event("student.enrolled", SCHOOL, example("student.enrolled"))
    exchange.publish(SCHOOL, sent)
    eventually(lambda: exchange.arrived("peo-96")[sent["id"]] == 1)
    names = {
        "gateway": exchange.endpoints.gateway,
        "deliverer": exchange.endpoints.deliverer,
        "school_token": exchange.credentials(SCHOOL).token,
        "office_token": exchange.credentials("peo-96").token,
        "event": event("student.enrolled", SCHOOL, example("student.enrolled")),
    }

    for snippet in PYTHON:
        exec(compile(snippet, "README.md", "exec"), names)

    printed = capsys.readouterr().out
    assert "accepted" in printed
    assert "student.enrolled" in printed
