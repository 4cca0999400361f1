"""A OneRoster 1.2 bundle of invented pupils: every row of every file gets the outcome and rule that were expected."""

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from saan.core.participants import Participant
from saan.core.world import World
from saan.sources.oneroster import bundle, manifest, reading
from saan.sources.row import Row, occasion
from saan.wire import files
from saan.wire import world as worlds
from saan.wire.avro import Codec

INPUTS = Path(__file__).parent / "inputs"
TODAY = date(2025, 6, 10)


@pytest.fixture(scope="module")
def world() -> World:
    return worlds.build(files.read(files.default_folder()).entities())


@pytest.fixture(scope="module")
def vendor(world: World) -> Participant:
    """One system that speaks for the three schools of the bundle."""
    own = [world.participants[f"sis-9601200{n}"] for n in (1, 2, 3)]
    return replace(own[0], speaks_for=frozenset().union(*(one.speaks_for for one in own)))


def judged(world: World, vendor: Participant) -> list[Row]:
    return list(reading.read(bundle.folder(INPUTS / "oneroster"), vendor, world, occasion(TODAY)).rows)


def test_every_row_has_the_expected_outcome_and_rule_and_all_others_are_accepted(
    world: World, vendor: Participant
) -> None:
    with (INPUTS / "expected" / "oneroster.csv").open(encoding="utf-8", newline="") as file:
        expected = {
            (line["file"], int(line["row"])): (line["outcome"], (line["rule"],)) for line in csv.DictReader(file)
        }

    found = {(row.file, row.number): (row.outcome.value, row.rules) for row in judged(world, vendor)}

    assert {key: said for key, said in found.items() if said != ("accept", ())} == expected


def test_every_row_of_every_file_is_judged_once(world: World, vendor: Participant) -> None:
    read = reading.read(bundle.folder(INPUTS / "oneroster"), vendor, world, occasion(TODAY))
    rows = [(row.file, row.number) for row in read.rows]
    assert len(rows) == len(set(rows)) == read.count
    assert {file for file, _ in rows} == set(manifest.NEEDED)


def test_every_pupil_of_the_three_schools_is_enrolled_once_by_an_event_of_the_catalogue(
    world: World, vendor: Participant
) -> None:
    events = [event for row in judged(world, vendor) for event in row.events]
    assert len({event["data"]["idValue"] for event in events}) == len(events) == 60
    assert {event["data"]["schoolUid"] for event in events} == vendor.speaks_for
    for event in events:
        codec = Codec(world.events[event["type"]].schema)
        data = codec.from_json(event["data"])
        assert isinstance(data, dict)
        assert codec.decode(codec.encode(data)) == data


def test_an_enrolment_says_what_user_class_session_and_demographics_say(world: World, vendor: Participant) -> None:
    first = next(row.events[0] for row in judged(world, vendor) if row.events)
    said = {name: value for name, value in first["data"].items() if value is not None}
    assert {
        name: said[name] for name in ("academicYearBE", "gradeLevelCode", "classroom", "genderCode", "birthDate")
    } == {
        "academicYearBE": 2568,
        "gradeLevelCode": "311",
        "classroom": "1",
        "genderCode": "1",
        "birthDate": "2012-03-13",
    }
    assert (said["prefixCode"], said["entryDate"], said["studentNo"]) == ("001", "2025-05-16", "28856")
