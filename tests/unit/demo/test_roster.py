import csv
from pathlib import Path
from random import Random

import pytest

from saan.core.world import World
from saan.demo import roster
from saan.demo.planted import PlantedRoster, RowFate
from saan.demo.province import Province
from saan.demo.roster import COLUMNS, cells
from saan.demo.stains import STAINS, Stain
from saan.sources import formats

from .conftest import TUESDAY


@pytest.fixture
def rosters(province: Province, tmp_path: Path) -> list[PlantedRoster]:
    return list(roster.write(province, "a", tmp_path))


def rows_of(planted: PlantedRoster) -> list[list[str]]:
    with open(planted.path, encoding=planted.encoding, newline="") as file:
        return list(csv.reader(file))


def test_every_school_writes_a_roster_of_36_columns(province: Province, rosters: list[PlantedRoster]) -> None:
    assert [one.participant for one in rosters] == [school.participant for school in province.ground.schools]
    for one in rosters:
        header, *rows = rows_of(one)
        assert tuple(header) == COLUMNS
        assert len(header) == 36
        assert {len(row) for row in rows} == {36}


def test_an_expectation_is_planted_for_every_row_and_numbered_like_it(rosters: list[PlantedRoster]) -> None:
    for one in rosters:
        assert [row.number for row in one.rows] == list(range(1, len(rows_of(one))))


def test_rosters_come_in_both_encodings(rosters: list[PlantedRoster]) -> None:
    assert {one.encoding for one in rosters} == {"utf-8", "cp874"}


def test_a_few_rows_in_a_hundred_are_dirty(rosters: list[PlantedRoster]) -> None:
    rows = [row for one in rosters for row in one.rows]
    dirty = sum(row.fate is not RowFate.ACCEPT for row in rows)
    assert 0.02 < dirty / len(rows) < 0.10


def test_a_row_that_must_be_refused_has_no_event_and_any_other_has_one(rosters: list[PlantedRoster]) -> None:
    for one in rosters:
        for row in one.rows:
            assert (row.event is None) == (row.fate is RowFate.REFUSE)


def test_the_same_rosters_are_written_again(province: Province, tmp_path: Path) -> None:
    first, second = (list(roster.write(province, "a", tmp_path / name)) for name in ("one", "two"))
    assert [rows_of(one) for one in first] == [rows_of(one) for one in second]
    assert [one.rows for one in first] == [one.rows for one in second]


@pytest.mark.parametrize("stain", STAINS, ids=lambda stain: stain.name)
def test_every_stain_comes_out_as_planted(stain: Stain, province: Province, world: World, tmp_path: Path) -> None:
    school = next(school for school in province.ground.schools if school.code10)
    pupils = [pupil for pupil in province.pupils(school) if pupil.id_type == "CITIZEN_ID"][:20]
    path = tmp_path / "roster.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(COLUMNS)
        for pupil in pupils:
            row = cells(school, pupil)
            stain.spoil(row, pupil, Random(1))
            row["เลขประจำตัวประชาชน"] = row["เลขประจำตัวประชาชน"] or pupil.identity
            out.writerow([row[column] for column in COLUMNS])
    with path.open("rb") as file:
        rows = list(formats.rows(file, world.participants[school.participant], world, today=TUESDAY))
    alike = [row for row in rows if row.rules != ("DUP",)]
    assert {(row.outcome.value, " ".join(row.rules)) for row in alike} == {(stain.fate.value, stain.rule)}


def test_every_roster_comes_out_as_planted(rosters: list[PlantedRoster], world: World) -> None:
    for one in rosters:
        with open(one.path, "rb") as file:
            rows = list(formats.rows(file, world.participants[one.participant], world, today=TUESDAY))
        found = [(row.number, row.outcome.value, " ".join(row.rules)) for row in rows]
        assert found == [(row.number, row.fate.value, row.rule) for row in one.rows], one.participant
