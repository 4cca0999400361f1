"""A new version of a code list, published on a whole exchange: previewed, put in force, told, and decided by."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from saan.exchange.applying import place
from saan.wire import files
from saan.wire.settings import Settings

from .conftest import SCHOOL, Running, event, eventually, example, header

SAAN = Path(sys.executable).parent / "saan"
END = date(2026, 8, 1)
AFTER = {"effectiveDate": "2026-08-03", "entryDate": "2026-08-03", "academicYearBE": 2569, "schoolAdmissionYear": 2569}
"""An enrolment after the code has ended; no example of the catalogue is as late."""


def saan(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([SAAN, *arguments], capture_output=True, text=True, timeout=300, check=False)


def enrolment(number: int) -> dict[str, Any]:
    """The enrolment of somebody whom no other test knows; identities that begin with 99 are nobody's."""
    digits = f"9900006{number:05}"
    total = sum(int(digit) * (13 - position) for position, digit in enumerate(digits))
    identity = f"{digits}{(11 - total % 11) % 10}"
    return event("student.enrolled", SCHOOL, example("student.enrolled") | AFTER | {"idValue": identity})


@pytest.fixture
def schemas(exchange: Running, tmp_path: Path) -> Iterator[Path]:
    """A folder of its own to publish from; afterwards the shipped list is in force again, under its own version."""
    copy = tmp_path / "schemas"
    shutil.copytree(files.default_folder(), copy)
    yield copy
    shipped = files.read(files.default_folder()).entities()["codes/grade-level"]
    at = exchange.endpoints
    with place(Settings(dir=exchange.folder), at.bootstrap, at.registry) as site:
        site.log.write({"codes/grade-level": shipped})


def test_a_version_says_what_it_would_refuse_and_is_told_and_decided_by_once_it_is_in_force(
    exchange: Running, schemas: Path, tmp_path: Path
) -> None:
    kept = enrolment(1)
    exchange.publish(SCHOOL, kept)
    eventually(lambda: exchange.arrived("peo-96")[kept["id"]] == 1)
    ended = _with_end(schemas / "codes/grade-level.csv", kept["data"]["gradeLevelCode"], tmp_path)
    places = ("--dir", exchange.folder, "--schemas", schemas, "--json")

    looked = saan("codes", "publish", "grade-level", ended, *places)

    assert looked.returncode == 1, looked.stderr
    assert looked.stdout, looked.stderr
    told = json.loads(looked.stdout)
    assert (told["applied"], told["version"]) == (False, 2)
    assert kept["id"] in {one["id"] for one in told["named"]}
    assert {(one["code"], one["path"]) for one in told["named"]} == {("V4", "gradeLevelCode")}
    assert {(one["type"], one["publisher"]) for one in told["refused"]} == {("student.enrolled", SCHOOL)}
    assert files.read(schemas).lists["grade-level"].index["version"] == "1"
    assert _news(exchange) == []

    done = saan("codes", "publish", "grade-level", ended, *places, "--yes")

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["applied"]
    assert files.read(schemas).lists["grade-level"].index["version"] == "2"
    assert _news(exchange) == ["apply:codes/grade-level:2"]
    late: list[str] = []

    def refused() -> bool:
        one = enrolment(2 + len(late))
        late.append(one["id"])
        exchange.publish(SCHOOL, one)
        return any(exchange.refusals().get(id, {}).get("saan_code") == "V4" for id in late)

    eventually(refused)


def _with_end(listed: Path, code: str, folder: Path) -> Path:
    """A copy of a list in which one code has ended."""
    head, *lines = listed.read_text(encoding="utf-8").splitlines()
    ended = [f"{line},{END.isoformat() if line.startswith(f'{code},') else ''}" for line in lines]
    path = folder / "ended.csv"
    path.write_text("\n".join([f"{head},valid_to", *ended, ""]), encoding="utf-8")
    return path


def _news(exchange: Running) -> list[str]:
    return [
        header(message, "ce_id")
        for message in exchange.read("inbox.moe-edc")
        if header(message, "ce_type") == "code-list.published"
    ]
