"""What the rows before an enrolment have said, and the enrolment's event that follows from it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from saan.core.calendar import days
from saan.core.identity import citizen_id_ok, g_code_ok
from saan.core.organisations import Organisation, Organisations
from saan.core.outcome import Finding
from saan.core.world import World
from saan.sources import cells, reads
from saan.sources.codebook import UNKNOWN
from saan.sources.judge import Draft
from saan.sources.oneroster.checks import iso_date
from saan.sources.row import Occasion
from saan.sources.said import finding

SYSTEM = "ONEROSTER-V1P2"
EVENT_PART = "enrollments"
ID_TYPES = {"TH-CITIZEN": "CITIZEN_ID", "TH-GCODE": "G_CODE", "TH-PASSPORT": "PASSPORT", "TH-ALIEN": "ALIEN_ID"}
PREFIX_COLUMN = "metadata.th.prefixCode"

Cells = Mapping[str, str]

_ID = re.compile(r"\{([^:{}]+):([^{}]+)\}")
_TO_BUDDHIST = 542
"""A OneRoster school year is named after the year in which it ends, a Thai one after the year in which it begins."""

_GROWN = 15
_PREFIXES = {("1", False): "001", ("2", False): "002", ("1", True): "003", ("2", True): "004"}
"""Prefix by sex and by being fifteen or older."""


@dataclass(frozen=True, slots=True)
class Class:
    """One class: its grade as written, its room, whether it is a homeroom, and the school year (B.E.) of its terms."""

    grade: str
    room: str
    homeroom: bool
    year: int | None


@dataclass(slots=True)
class Gathered:
    """What is known so far, by the keys of the rows that were sound."""

    schools: dict[str, Organisation] = field(default_factory=dict)
    years: dict[str, int] = field(default_factory=dict)
    classes: dict[str, Class] = field(default_factory=dict)
    users: dict[str, Cells] = field(default_factory=dict)
    demographics: dict[str, Cells] = field(default_factory=dict)
    learners: dict[tuple[str, str], int] = field(default_factory=dict)


def keep_session(known: Gathered, row: Cells) -> None:
    known.years[row["sourcedId"]] = int(row["schoolYear"]) + _TO_BUDDHIST


def keep_org(known: Gathered, row: Cells, organisations: Organisations) -> None:
    """A school by its key in the exchange, else by the official code in ``identifier``; offices are passed over."""
    found = organisations.get(row["sourcedId"])
    for system in ("moe10", "smis8"):
        found = found or organisations.by_code(system, row["identifier"])
    if found is not None and found.kind == "school":
        known.schools[row["sourcedId"]] = found


def keep_class(known: Gathered, row: Cells) -> None:
    room = next((text.rpartition("/")[2] for text in (row["title"], row["classCode"]) if "/" in text), "")
    years = {known.years[term] for term in row["termSourcedIds"].split(",") if term in known.years}
    known.classes[row["sourcedId"]] = Class(
        grade=row["grades"].split(",")[0],
        room=cells.text(cells.digits(room)) or row["classCode"] or row["title"],
        homeroom=row["classType"] == "homeroom",
        year=years.pop() if len(years) == 1 else None,
    )


def identity(row: Cells) -> tuple[str, str] | None:
    """Kind and number of the identity in ``userIds`` that the exchange knows, if there is one."""
    for kind, number in _ID.findall(row["userIds"]):
        if kind in ID_TYPES:
            return ID_TYPES[kind], cells.digits(cells.text(number))
    return None


def user_objections(known: Gathered, number: int, row: Cells, year: int) -> list[Finding]:
    """What is wrong with a user as a person: an identity that is none (V1, V2), or that another row has (DUP)."""
    person = identity(row)
    if person is None:
        return []
    kind, value = person
    if kind == "CITIZEN_ID" and not citizen_id_ok(value):
        return [finding("no-citizen-id", "userIds")]
    if kind == "G_CODE" and not g_code_ok(value, year):
        return [finding("no-g-code", "userIds")]
    first = known.learners.setdefault(person, number)
    return [finding("same-learner", "userIds", first=first)] if first != number else []


class Enrolments:
    """Turns enrolments of learners into drafts; ``event`` is the event of an enrolment."""

    def __init__(self, world: World, occasion: Occasion, event: str, texts: Sequence[tuple[str, str]]) -> None:
        self.event = event
        self._texts = texts
        self._occasion = occasion
        self._grade = reads.codes(world, "grade-level", SYSTEM, None)
        self._sex = reads.codes(world, "gender", SYSTEM, None)
        self._blank: dict[str, Any] = dict.fromkeys(f["name"] for f in world.events[event].schema["fields"])
        self._blank |= {"effectiveDate": days(occasion.today), "semester": occasion.semester}
        self._blank |= {"entryType": "new", "statusCode": "001"}

    def draft(self, known: Gathered, row: Cells) -> Draft:
        found: list[Finding] = []
        data = {**self._blank, "originalTexts": {}}
        user = known.users[row["userSourcedId"]]
        person = identity(user)
        data["idType"], data["idValue"] = person or ("CITIZEN_ID", None)
        for column, name in self._texts:
            data[name] = cells.given(user[column])
        self._put_class(known, row, user, data, found)
        self._put_person(known, row, user, data, found)
        return Draft(((self.event, data),), tuple(found))

    def _put_class(self, known: Gathered, row: Cells, user: Cells, data: dict[str, Any], found: list[Finding]) -> None:
        attended = known.classes[row["classSourcedId"]]
        begins = iso_date(row["beginDate"])
        data["academicYearBE"] = attended.year or self._occasion.academic_year_be
        data["classroom"] = attended.room
        data["entryDate"] = days(begins or self._occasion.entry)
        school = known.schools.get(row["schoolSourcedId"])
        if school is None:
            found.append(finding("unknown-school", "schoolUid"))
        else:
            reads.put_school(school, data)
        _put_code(data, "gradeLevelCode", user["grades"].split(",")[0] or attended.grade, self._grade, found)

    def _put_person(self, known: Gathered, row: Cells, user: Cells, data: dict[str, Any], found: list[Finding]) -> None:
        said = known.demographics.get(row["userSourcedId"], {})
        born = iso_date(said.get("birthDate", ""))
        data["birthDate"] = None if born is None else days(born)
        _put_code(data, "genderCode", said.get("sex", ""), self._sex, found)
        data["prefixCode"] = user.get(PREFIX_COLUMN) or self._prefix(data["genderCode"], born)

    def _prefix(self, sex: str | None, born: date | None) -> str | None:
        if born is None or sex is None:
            return None
        today = self._occasion.today
        age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
        return _PREFIXES.get((sex, age >= _GROWN))


def _put_code(
    data: dict[str, Any], name: str, text: str, code_of: Callable[[str], str | None], found: list[Finding]
) -> None:
    cleaned = cells.given(text)
    if cleaned is None:
        return
    data[name] = code_of(cleaned) or UNKNOWN
    if data[name] == UNKNOWN:
        reads.keep_text(name, cleaned, data, found)
