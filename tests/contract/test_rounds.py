"""A certified roster is what replaying the events up to the cut-off gives: a synthetic province, worked out twice."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from saan.core import merkle
from saan.core.message import Envelope
from saan.core.roster import Entry, Roster, counted
from saan.core.rounds import Window
from saan.wire.files import default_folder, read
from saan.wire.world import build

PUPILS = 10_000
WORLD = build(read(default_folder()).entities())
JUNE: Window = WORLD.rounds.patterns["JUN10"].window(2568)
SCHOOLS = [f"SC-{n:012x}" for n in range(60)]
GRADES = [f"31{n}" for n in (1, 2, 3)] + [f"41{n}" for n in (1, 2, 3)]
HOUR = 3600 * 1_000_000

Record = tuple[str, Envelope, dict[str, Any], str, int]


@dataclass
class Pupil:
    """A pupil's life as it was lived and told; ``at`` is the school and grade that may be known at the cut-off."""

    subject: str
    sex: str
    at: tuple[str, str] | None = None
    told: list[Record] = field(default_factory=list)


def live(chance: random.Random, number: int) -> Pupil:
    """Enrol, perhaps move or leave or come back; some of it told late, some of it after the counted day."""
    pupil = Pupil(f"st-{number:020x}", chance.choice("12"))
    day, grade, school = JUNE.day - chance.randint(5, 25), chance.choice(GRADES), chance.choice(SCHOOLS)
    tell(chance, pupil, day, "student.enrolled", grade, {"schoolUid": school, "entryDate": day})
    for _ in range(chance.choice((0, 0, 0, 1, 1, 2))):
        day += chance.randint(1, 8)
        if chance.random() < 0.4:
            tell(chance, pupil, day, "student.withdrawn", "", {"schoolUid": school, "exitDate": day})
            day += 1
            tell(chance, pupil, day, "student.enrolled", grade, {"schoolUid": school, "entryDate": day})
        else:
            old, school = school, chance.choice([one for one in SCHOOLS if one != school])
            moved = {"fromSchoolUid": old, "toSchoolUid": school, "leaveDate": day, "entryDate": day}
            tell(chance, pupil, day, "student.transferred", grade, moved)
    return pupil


def tell(chance: random.Random, pupil: Pupil, day: int, type: str, grade: str, data: dict[str, Any]) -> None:
    """Note one happening, and what it does to where the pupil is if it counts."""
    time = (day * 24 + 2) * HOUR
    received = time + (HOUR if chance.random() < 0.95 else 30 * 24 * HOUR)
    envelope = Envelope(f"{pupil.subject}-{len(pupil.told)}", type, data.get("toSchoolUid", "sis"), time, None, {})
    facts = {"effectiveDate": day, "gradeLevelCode": grade or None, **data}
    if type == "student.enrolled":
        facts |= {"genderCode": pupil.sex, "statusCode": "001"}
    pupil.told.append((type, envelope, facts, pupil.subject, received))
    if received < JUNE.closes and day <= JUNE.day:
        match type:
            case "student.enrolled":
                pupil.at = data["schoolUid"], grade
            case "student.withdrawn":
                pupil.at = None if pupil.at and pupil.at[0] == data["schoolUid"] else pupil.at
            case _:
                pupil.at = data["toSchoolUid"], grade


@pytest.fixture(scope="module")
def province() -> list[Pupil]:
    chance = random.Random(10_06_2568)
    return [live(chance, number) for number in range(PUPILS)]


def replayed(records: list[Record]) -> Roster:
    roster = Roster(JUNE.day, JUNE.closes)
    for type, envelope, data, subject, received in records:
        roster.add(WORLD.events[type], envelope, data, subject, received)
    return roster


def orders(province: list[Pupil]) -> Iterator[list[Record]]:
    """As it was told, backwards, shuffled with a third of it told twice."""
    told = [record for pupil in province for record in pupil.told]
    yield told
    yield told[::-1]
    twice = told + told[::3]
    random.Random(1).shuffle(twice)
    yield twice


def test_replaying_to_the_cut_off_gives_exactly_the_certified_roster_in_any_order(province: list[Pupil]) -> None:
    said_sex = {
        p.subject: p.sex if any(_counts(r) for r in p.told if r[0] == "student.enrolled") else "" for p in province
    }
    expected = {(pupil.subject, *pupil.at, said_sex[pupil.subject]) for pupil in province if pupil.at}
    assert len(expected) > PUPILS * 0.9
    rosters = [replayed(records) for records in orders(province)]
    for roster in rosters:
        assert {entry[:4] for entry in roster.entries()} == expected
    by_school = Counter((school, grade, sex) for _, school, grade, sex in expected)
    for school in SCHOOLS:
        one, *others = [counted(roster, school) for roster in rosters]
        assert {(school, c.grade, c.sex): c.learners for c in one.counts} == {
            key: n for key, n in by_school.items() if key[0] == school
        }
        assert others == [one, one]


def test_late_and_later_happenings_are_really_in_the_province(province: list[Pupil]) -> None:
    told = [record for pupil in province for record in pupil.told]
    late = [r for r in told if r[4] >= JUNE.closes and r[2]["effectiveDate"] <= JUNE.day]
    after = [r for r in told if r[2]["effectiveDate"] > JUNE.day]
    assert len(late) > 300
    assert len(after) > 100
    assert Counter(r[0] for r in told).keys() == {"student.enrolled", "student.transferred", "student.withdrawn"}


def test_every_pupil_can_be_shown_to_be_in_the_certificate_and_nobody_else(province: list[Pupil]) -> None:
    roster = replayed([record for pupil in province for record in pupil.told])
    school = SCHOOLS[0]
    leaves = [entry.leaf() for entry in roster.entries(school)]
    root = counted(roster, school).root
    assert all(merkle.proves(merkle.prove(leaves, leaf), leaf, root) for leaf in leaves)
    stranger = Entry("st-ffffffffffffffffffff", school, "311", "1", "001").leaf()
    assert not any(merkle.proves(merkle.prove(leaves, leaf), stranger, root) for leaf in leaves)


def _counts(record: Record) -> bool:
    return record[4] < JUNE.closes and record[2]["effectiveDate"] <= JUNE.day
