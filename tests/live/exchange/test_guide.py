"""A new event type needs no Python: the guide's worked example, done on a running exchange word for word."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from saan.wire import files

from .conftest import Running, eventually

GUIDE = (files.default_folder() / "README.md").read_text(encoding="utf-8")
EXAMPLE = GUIDE.partition("### A worked example")[2].partition("\n## ")[0]
FILES = re.findall(r"`((?:avro|catalogue)/[\w.-]+)`.*?\n\n```\w+\n(.*?)```", EXAMPLE, re.DOTALL)
ALLOW, APPLY, PUBLISH, RECEIVE = re.findall(r"```bash\n(.*?)```", EXAMPLE, re.DOTALL)
EVENT = Path(FILES[0][0]).stem


def run(command: str, exchange: Running, cwd: Path) -> "subprocess.CompletedProcess[str]":
    """A shell block as somebody runs it who stands beside ``schemas/``."""
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "SAAN_DIR": str(exchange.folder),
        "SAAN_SCHEMAS": str(cwd / "schemas"),
        "PYTHONWARNINGS": "error",
    }
    shell = ["bash", "-euo", "pipefail", "-c", command]
    return subprocess.run(shell, cwd=cwd, env=environment, capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture
def beside(exchange: Running, tmp_path: Path) -> Iterator[Path]:
    """A folder with a copy of ``schemas/``; afterwards the shipped one is in force again."""
    shutil.copytree(files.default_folder(), tmp_path / "schemas")
    yield tmp_path
    shutil.rmtree(tmp_path / "schemas")
    shutil.copytree(files.default_folder(), tmp_path / "schemas")
    restored = run("saan apply", exchange, tmp_path)
    assert restored.returncode == 0, restored.stdout + restored.stderr


def test_two_files_and_two_permissions_make_an_event_type_that_travels(exchange: Running, beside: Path) -> None:
    assert [name for name, _ in FILES] == [f"avro/{EVENT}.avsc", f"catalogue/{EVENT}.yaml"]
    for name, content in FILES:
        (beside / "schemas" / name).write_text(content, encoding="utf-8")

    for block in (ALLOW, APPLY):
        done = run(block, exchange, beside)
        assert done.returncode == 0, f"{block}\n{done.stdout}\n{done.stderr}"

    eventually(lambda: run(PUBLISH, exchange, beside).returncode == 0)  # the gateway knows it within seconds
    eventually(lambda: EVENT in run(RECEIVE, exchange, beside).stdout)
