"""Files of schools, in and out of a running exchange: what an inbox was told survives the export and the way back."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from saan.core.participants import Participant
from saan.core.world import World
from saan.sources.opening import opened
from saan.sources.row import occasion
from saan.wire import files
from saan.wire import world as worlds

from .conftest import Running, eventually

INPUTS = Path(__file__).parents[2] / "contract" / "inputs"
OFFICE = "peo-96"
DAY = date(2025, 6, 10)
ON = ("--on", DAY.isoformat())

Key = tuple[str, ...]
Told = dict[Key, dict[str, Any]]
"""What events say, by learner and by what they are about."""


@pytest.fixture(scope="module")
def world() -> World:
    return worlds.build(files.read(files.default_folder()).entities())


def told(events: Iterable[Mapping[str, Any]]) -> Told:
    """The fields that hold something. A code that could not be mapped holds nothing without its text, which the
    agreement of the office withholds."""
    return {
        key(event): {
            name: value
            for name, value in event["data"].items()
            if value not in (None, "UNKNOWN", []) and name != "originalTexts"
        }
        for event in events
    }


def key(event: Mapping[str, Any]) -> Key:
    data = event["data"]
    return data["idType"], data["idValue"], event["type"], data.get("part") or ""


def read(path: Path, participant: Participant, world: World, school: str | None = None) -> list[Mapping[str, Any]]:
    """The events that an import of the file would publish."""
    with opened(path, participant, world, occasion(DAY), school=school) as reading:
        return [event for row in reading.rows for event in row.events]


def received(exchange: Running, meant: Iterable[Mapping[str, Any]]) -> Told:
    """What the office was told by these events, as far as it may be told."""
    ids = {event["id"] for event in meant}
    lines = exchange.saan("inbox", OFFICE, "--json").splitlines()
    return told(event for event in map(json.loads, lines) if event["id"] in ids)


def imported(exchange: Running, path: Path, participant: str, *more: str) -> dict[str, Any]:
    """The report of an import."""
    report: dict[str, Any] = json.loads(exchange.saan("import", path, "--as", participant, *ON, *more, "--json"))
    assert "refused" not in report
    assert report["gateway"] == []
    return report


def test_a_template_comes_back_from_an_inbox_with_all_that_its_events_told(
    exchange: Running, world: World, tmp_path: Path
) -> None:
    system, school = "sis-96022001", "SC-73ac495accea"
    speaker = world.participants[system]
    sent = read(INPUTS / "student-template.utf8.csv", speaker, world, school)
    enrolled = sum(event["type"] == "student.enrolled" for event in sent)
    imported(exchange, INPUTS / "student-template.utf8.csv", system, "--school", school)
    eventually(lambda: _enrolled(received(exchange, sent)) == enrolled, seconds=120)

    made = json.loads(exchange.saan("export", OFFICE, "--format", "student-template", "-o", tmp_path, "--json"))

    (written,) = [Path(path) for path in made["files"] if school in path]
    report = imported(exchange, written, system, "--school", school, "--check")
    assert report["summary"]["refuse"] == 0
    there = told(read(written, speaker, world, school))
    for one, data in received(exchange, sent).items():
        assert there[one] == data, one[2:]


def test_a_bundle_comes_back_from_an_inbox_with_all_that_its_events_told(
    exchange: Running, world: World, tmp_path: Path
) -> None:
    system = "sis-96012001"
    speaker = world.participants[system]
    sent = read(INPUTS / "oneroster", speaker, world)
    assert {event["type"] for event in sent} == {"student.enrolled"}
    imported(exchange, INPUTS / "oneroster", system)
    eventually(lambda: _enrolled(received(exchange, sent)) == len(sent), seconds=120)

    written = tmp_path / "roster.zip"
    exchange.saan("export", OFFICE, "--format", "oneroster", "-o", written)

    rows = imported(exchange, written, system, "--check")["rows"]
    assert {row["outcome"] for row in rows if row["file"] != "enrollments"} == {"accept"}
    there = told(read(written, speaker, world))
    for one, data in received(exchange, sent).items():
        year = {"academicYearBE": there[one]["academicYearBE"]}  # others may enrol the same learners in a later one
        assert there[one] == data | year, one[2:]


def _enrolled(found: Told) -> int:
    return sum(one[2] == "student.enrolled" for one in found)
