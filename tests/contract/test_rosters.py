"""Rosters and templates of invented pupils: outcome, rule and values of every row are those that were expected."""

import csv
import io
import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from saan.core.envelope import instant
from saan.core.message import Envelope
from saan.core.outcome import Accepted
from saan.core.validate import Validator
from saan.core.world import World
from saan.sources import formats
from saan.sources.row import Row
from saan.wire import files
from saan.wire import world as worlds
from saan.wire.avro import Codec

INPUTS = Path(__file__).parent / "inputs"
TODAY = date(2025, 6, 10)
YEAR = 2568

ROSTERS = {
    "dmc-roster-clean.utf8": ("sis-96022001", "dmc-roster-clean"),
    "dmc-roster-clean.cp874": ("sis-96022001", "dmc-roster-clean"),
    "dmc-roster-dirty.utf8": ("sis-96022002", "dmc-roster-dirty.utf8"),
    "dmc-roster-dirty.cp874": ("sis-96022002", "dmc-roster-dirty.cp874"),
    "student-template.utf8": ("sis-96022001", "student-template.utf8"),
}
PAYLOAD_NAMES = {"personalId": "idValue"}
IDENTITY = {"dmc-roster": "เลขประจำตัวประชาชน", "student-template": "หมายเลขบัตรประจำตัว"}
NAME = {"dmc-roster": "ชื่อ", "student-template": "ชื่อ(ไทย)"}


@pytest.fixture(scope="module")
def world() -> World:
    return worlds.build(files.read(files.default_folder()).entities())


def rows_of(name: str, world: World) -> list[Row]:
    content = (INPUTS / f"{name}.csv").read_bytes()
    participant = world.participants[ROSTERS[name][0]]
    return list(formats.rows(io.BytesIO(content), participant, world, today=TODAY, academic_year_be=YEAR))


@cache
def expected(name: str) -> list[dict[str, str]]:
    with (INPUTS / "expected" / f"{ROSTERS[name][1]}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def told(row: Row) -> dict[str, Any]:
    """Everything that the events of a row say, as if it were one."""
    texts = {field: text for event in row.events for field, text in event["data"].get("originalTexts", {}).items()}
    data = {name: value for event in row.events for name, value in event["data"].items() if value is not None}
    return {**data, "originalTexts": texts}


def said(row: Row) -> tuple[int, str, list[str]]:
    return row.number, row.outcome.value, list(row.rules)


def wanted(line: Mapping[str, str]) -> tuple[int, str, list[str]]:
    return int(line["row"]), line["outcome"], [line["rule"]] if line["rule"] else []


@pytest.mark.parametrize("name", ROSTERS)
def test_every_row_has_the_expected_outcome_and_rule(name: str, world: World) -> None:
    assert [said(row) for row in rows_of(name, world)] == [wanted(line) for line in expected(name)]


@pytest.mark.parametrize("name", ROSTERS)
def test_every_accepted_row_has_the_expected_canonical_values(name: str, world: World) -> None:
    smis8 = {
        data["schoolUid"]: school.codes["smis8"]
        for row in rows_of(name, world)
        if row.event and (data := told(row)) and (school := world.organisations.get(data["schoolUid"]))
    }
    for row, line in zip(rows_of(name, world), expected(name), strict=True):
        assert (row.event is None) == (line["outcome"] == "refuse")
        if row.event is not None:
            canonical: dict[str, Any] = json.loads(line["canonical"])
            data = told(row)
            assert smis8[data["schoolUid"]] == canonical.pop("schoolCode8")
            source = canonical.pop("religionSource", None)
            assert data["originalTexts"].get("religionCode") == source
            assert {key: data[PAYLOAD_NAMES.get(key, key)] for key in canonical} == canonical


@pytest.mark.parametrize("name", ROSTERS)
def test_every_event_of_a_roster_passes_the_schema_it_is_published_under(name: str, world: World) -> None:
    codecs = {type: Codec(event.schema) for type, event in world.events.items()}
    for row in rows_of(name, world):
        for event in row.events:
            codec = codecs[event["type"]]
            data = codec.from_json(event["data"])
            assert isinstance(data, dict)
            assert codec.decode(codec.encode(data)) == data


@pytest.mark.parametrize("name", ROSTERS)
def test_reading_a_file_twice_gives_the_same_event_ids(name: str, world: World) -> None:
    ids = [[event["id"] for row in rows_of(name, world) for event in row.events] for _ in range(2)]
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == len(ids[0])


def test_both_encodings_of_a_roster_give_the_same_events(world: World) -> None:
    assert rows_of("dmc-roster-clean.utf8", world) == rows_of("dmc-roster-clean.cp874", world)


@pytest.mark.parametrize("name", ROSTERS)
def test_no_remark_and_no_id_tells_an_identity_or_a_name(name: str, world: World) -> None:
    with (INPUTS / f"{name}.csv").open(encoding=name.rsplit(".")[-1].replace("utf8", "utf-8"), newline="") as file:
        people = list(csv.DictReader(file))
    for row, person in zip(rows_of(name, world), people, strict=True):
        heard = " ".join(f"{f.th} {f.en} {f.fix_th} {f.fix_en}" for f in row.findings)
        heard += "".join(event["id"] for event in row.events)
        kind = name.split(".")[0].removesuffix("-clean").removesuffix("-dirty")
        assert person[IDENTITY[kind]] not in heard
        assert person[NAME[kind]].strip() not in heard


def test_every_remark_says_column_problem_and_fix_in_both_languages(world: World) -> None:
    for row in rows_of("dmc-roster-dirty.utf8", world):
        for remark in row.findings:
            assert remark.column
            assert all((remark.th, remark.en, remark.fix_th, remark.fix_en))


def test_the_roster_says_of_a_row_what_the_validator_will_say_of_its_events(world: World) -> None:
    codecs = {type: Codec(event.schema) for type, event in world.events.items()}
    validator = Validator(world, bytes(range(32)))
    for row in rows_of("dmc-roster-dirty.utf8", world):
        warned = set()
        for event in row.events:
            data = codecs[event["type"]].from_json(event["data"])
            assert isinstance(data, dict)
            time = instant(event["time"])
            assert time is not None
            envelope = Envelope(event["id"], event["type"], event["source"], time, None, {})
            publisher = world.participants[event["source"]]
            verdict = validator.check(envelope, data, publisher=publisher, received=time + 3_600_000_000)
            assert isinstance(verdict, Accepted)
            warned |= {finding.code for finding in verdict.warnings}
        if row.events:
            assert set(row.rules) - {"V12", "V13"} <= warned
