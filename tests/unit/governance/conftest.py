"""A small folder of the shape of ``schemas/`` without faults, and a copy of it that a test may spoil."""

import shutil
from pathlib import Path

import pytest

GOOD = Path(__file__).parent / "good"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the good folder."""
    copy = tmp_path / "schemas"
    shutil.copytree(GOOD, copy)
    return copy
