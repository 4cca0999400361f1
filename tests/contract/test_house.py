"""The tools that keep the house in order find nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["mypy"],
        ["lint-imports"],
    ],
    ids=lambda command: " ".join(command),
)
def test_the_tool_finds_nothing(command: list[str]) -> None:
    done = subprocess.run([BIN / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_top_level_holds_what_the_house_allows_and_nothing_else() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    top = {line.split("/")[0] for line in listed.splitlines()}

    allowed = {"pyproject.toml", "services", "schemas", "docker-compose.yml", "tests", "README.md", "LICENSE"}
    assert {name for name in top if not name.startswith(".")} == allowed


def test_no_lock_file_is_tracked() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert "uv.lock" not in listed.splitlines()


def test_every_folder_of_the_top_level_says_what_lives_there() -> None:
    missing = [name for name in ("services", "schemas", "tests") if not (ROOT / name / "README.md").is_file()]

    assert missing == []
