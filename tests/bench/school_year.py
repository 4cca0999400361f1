"""A whole school year of invented pupils, in phases: what `bench_year.py` publishes.

Every event type that participants publish occurs; how often is set by the planning figures of a pilot of 450,000
pupils, 24,000 classes, 26,000 teachers and 1,800 schools: the events of a year divided by those. What the demo's teller
cannot tell is told after the first accepted example of the catalogue, for the pupil, the school and the day at hand.
"""

import csv
import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from random import Random
from typing import Any

import yaml

from saan.demo.ground import Ground, School
from saan.demo.happenings import TEST_OF_GRADE, Event, Teller
from saan.demo.planted import Fate, Planted, event_id
from saan.demo.province import GRADES, Province, Pupil
from saan.demo.schoolday import SchoolDay, school_day

YEAR_BE, BEGINS = 2568, date(2025, 5, 16)
TERMS = (
    (date(2025, 5, 19), date(2025, 6, 16), date(2025, 7, 14), date(2025, 8, 11), date(2025, 9, 8)),
    (date(2025, 11, 3), date(2025, 12, 1), date(2025, 12, 29), date(2026, 1, 26), date(2026, 2, 23)),
)
"""Mondays on which a stretch of four school weeks begins: together 200 school days."""
AFTER = date(2026, 4, 27)
"""When the year is over: promotions, graduations, what is ordered about records."""

OFFICE, AREA = "peo-96", "PEO-96"
SCHOOL_OF = 450
"""Pupils of an average school of the area, which says how many schools take part."""
TEACHES = 17
"""Pupils per teacher."""

STRETCHES = sum(map(len, TERMS))
PER_PUPIL = {
    "student.profile-changed": 1.46,
    "student.background-changed": 0.1,
    "grade.finalised": 20.0,
    "grade.corrected": 0.6,
    "competency.assessed": 5.0,
    "health.measured": 4.0,
    "special-need.assessed": 0.07,
    "welfare.screened": 0.89,
    "disadvantage.recorded": 0.1,
}
"""Events of a pupil in a year; others follow from terms, grades, and moves."""
PER_TEACHER = {"teacher.assigned": 8.0, "teacher-development.recorded": 0.5, "personnel.profile-changed": 0.25}
PER_SCHOOL = {
    "classroom.set": 24.0,
    "school.profile-changed": 7.3,
    "innovation.published": 4.0,
    "expense.recorded": 4.0,
    "curriculum.published": 3.0,
    "cooperation.changed": 1.0,
    "school-assessment.completed": 1.0,
    "area-identity.published": 1.0,
}
MOVES, LEAVES, EXPLAINED, SLIPS = 0.04, 0.0097, 0.1, 0.005
"""Of pupils in a year, who transfer and who leave; of class-days with its reason told; of grades with a wrong year."""
LEVELS = {"216": "P6", "313": "M3", "413": "M6"}
EDUCATION = {"1": "02", "2": "03", "3": "04", "4": "05"}
"""Education level by the first digit of a grade."""


def smaller(ground: Ground, pupils: int) -> Ground:
    """As many schools as so many pupils fill, three at least."""
    return replace(ground, schools=ground.schools[: max(3, math.ceil(pupils / SCHOOL_OF))])


def examples(schemas: Path) -> dict[str, dict[str, Any]]:
    """The data of the first accepted example of every event type, dates as text."""
    found = {}
    for path in sorted((schemas / "catalogue").glob("*.yaml")):
        plain = yaml.safe_load(path.read_text("utf-8"))
        if not plain.get("control"):
            data = plain["examples"]["accepted"][0]["data"]
            found[path.stem] = {n: v.isoformat() if isinstance(v, date) else v for n, v in data.items()}
    return found


class Book:
    """The grades that were published, for the average that the end of a term states (V14)."""

    def __init__(self, points: Mapping[str, float]) -> None:
        self._points = points
        self._grades: dict[int, dict[str, tuple[float, str]]] = {}
        self._terms: dict[int, tuple[int, int]] = {}

    def take(self, planted: Planted) -> None:
        """Take in a publication, in the order in which they are published."""
        data, learner = planted.event["data"], planted.learner
        if learner is None or planted.fate is not Fate.ACCEPTED:
            return
        if planted.event["type"] == "grade.finalised":
            self._of(learner, data)[data["subjectCode"]] = data["credit"], data["gradeCode"]
        elif planted.event["type"] == "grade.corrected":
            known = self._of(learner, data)
            if data["subjectCode"] in known:
                known[data["subjectCode"]] = known[data["subjectCode"]][0], data["newGradeCode"]

    def average(self, learner: int, term: tuple[int, int]) -> float | None:
        """The average of a term, an academic year and a semester; ``None`` where no grade of it counts."""
        grades = self._grades.get(learner, {}) if self._terms.get(learner) == term else {}
        counted = [(credit, self._points[code]) for credit, code in grades.values() if code in self._points]
        weight = sum(credit for credit, _ in counted)
        return round(sum(credit * point for credit, point in counted) / weight, 2) if weight else None

    def _of(self, learner: int, data: Mapping[str, Any]) -> dict[str, tuple[float, str]]:
        term = data["academicYearBE"], data["semester"]
        if self._terms.get(learner) != term:
            self._terms[learner], self._grades[learner] = term, {}
        return self._grades[learner]


def points_of_grades(schemas: Path) -> dict[str, float]:
    """The points of each code of the list of grades that counts for an average."""
    with (schemas / "codes" / "grade.csv").open(encoding="utf-8", newline="") as file:
        notes = {row["code"]: row["note"].split(";") for row in csv.DictReader(file)}
    told = {code: dict(pair.partition("=")[::2] for pair in note) for code, note in notes.items()}
    return {code: float(one["points"]) for code, one in told.items() if one.get("gpa") == "1" and "points" in one}


@dataclass(slots=True)
class Year:
    """One school year. ``subjects`` maps pupils to the pseudonyms that receipts told, and may grow between phases."""

    ground: Ground
    like: Mapping[str, Mapping[str, Any]]
    seed: int
    pupils: int
    run: str
    subjects: Mapping[int, str]
    book: Book
    people: list[Pupil] = field(default_factory=list)
    at: dict[int, School] = field(default_factory=dict)
    _schools: dict[str, School] = field(default_factory=dict)

    def __post_init__(self) -> None:
        first = self._province(BEGINS)
        for school in self.ground.schools:
            self._schools[school.uid] = school
            for pupil in first.pupils(school):
                self.people.append(pupil)
                self.at[pupil.key] = school

    def phases(self) -> Iterator[tuple[str, list[Planted]]]:
        """Name and publications of each phase, which is to be settled before the next one is asked for: events of one
        learner by several publishers lie in different phases."""
        for name, phase in self._phases():
            for planted in phase:
                self.book.take(planted)
            yield name, phase

    def _phases(self) -> Iterator[tuple[str, list[Planted]]]:
        yield "enrolments", list(self._begin())
        number = 0
        for term, mondays in enumerate(TERMS, 1):
            for monday in mondays:
                number += 1
                yield f"weeks {number * 4 - 3}-{number * 4}", list(self._stretch(monday, term, number))
                yield from self._moves(monday + timedelta(days=25), number)
                if number == 1:
                    yield "certification", list(self._certification())
            yield f"end of term {term}", list(self._end_of_term(mondays[-1] + timedelta(days=26), term))
        yield "end of the year", list(self._end())
        yield "orders", list(self._orders())

    # what happens when

    def _begin(self) -> Iterator[Planted]:
        day = school_day(BEGINS)
        teller = self._teller(BEGINS, "begin")
        for school in self.ground.schools:
            for teacher in range(self._teachers(school)):
                yield self._office("personnel.status-changed", school, day, teacher, teacherUid=_uid(school, teacher))
            yield self._office("round.opened", school, day, "JUN10")
            told = {"budgetId": _budget(school), "fiscalYearBE": YEAR_BE}
            yield self._told("budget.allocated", school, day, "budget", **told)
        for pupil in self.people:
            yield Planted(self.at[pupil.key].participant, teller.enrolment(self.at[pupil.key], pupil), pupil.key)
            if pupil.id_type == "G_CODE":
                yield self._of("student.identity-assigned", pupil, day, "begin", issueDate=BEGINS.isoformat())
        yield self._province_told("committee.appointed", day, appointmentNumber=int(_hex(self.run)[:4], 16) + 1)
        yield self._province_told("subscription.changed", day)
        one = self.ground.schools[0]
        yield self._office("school.status-changed", one, day, "status")

    def _stretch(self, monday: date, term: int, number: int) -> Iterator[Planted]:
        days = [monday + timedelta(days=7 * week + day) for week in range(4) for day in range(5)]
        for school in self.ground.schools:
            draw = Random(f"{self.seed}/{number}/{school.uid}")
            there = sorted((p for p in self.people if self.at.get(p.key) == school), key=lambda p: (p.grade, p.room))
            for day in days:
                yield from self._attendance(school, there, day, draw)
            yield from self._of_school(school, days, number, draw)
            for pupil in there:
                yield from self._of_pupil(pupil, school, days, number, draw)

    def _attendance(self, school: School, there: Sequence[Pupil], day: date, draw: Random) -> Iterator[Planted]:
        teller = self._teller(day, day.isoformat())
        for (grade, room), group in groupby(there, key=lambda pupil: (pupil.grade, pupil.room)):
            pupils = list(group)
            yield Planted(school.participant, teller.attendance(school, pupils, draw))
            if draw.random() < EXPLAINED:
                ill = [{"subjectUid": teller.pseudonym(draw.choice(pupils)), "reason": "sick"}]
                said = {"classroom": f"{grade}/{room}", "date": day.isoformat(), "reasons": ill}
                yield self._told("absence.explained", school, school_day(day), (grade, room, day), **said)

    def _of_school(self, school: School, days: Sequence[date], number: int, draw: Random) -> Iterator[Planted]:
        teachers = self._teachers(school)
        for type, rate in {**PER_SCHOOL, **{t: rate * teachers for t, rate in PER_TEACHER.items()}}.items():
            for n in range(_times(rate / STRETCHES, draw)):
                day, what = school_day(draw.choice(days)), (number, n)
                if type == "school.profile-changed":
                    event = self._teller(day.day, f"{number}/{n}").school_profile(school, draw)
                    yield Planted(school.participant, event)
                else:
                    yield self._told(type, school, day, what, **self._fitting(type, school, what, draw))

    def _fitting(self, type: str, school: School, what: object, draw: Random) -> dict[str, Any]:
        """What of an example must be of this school: its grades, its teachers, keys that are taken once."""
        grade, teacher = draw.choice(school.levels), _uid(school, draw.randrange(self._teachers(school)))
        key = _hex(self.run, school.uid, type, what)
        match type:
            case "classroom.set":
                return {"gradeLevelCode": grade, "homeroomTeacherUid": teacher}
            case "teacher.assigned":
                level = {"educationLevelCode": EDUCATION[grade[0]], "classroom": f"{grade}/1"}
                return {"teacherUid": teacher, "gradeLevelCode": grade, **level}
            case "teacher-development.recorded" | "personnel.profile-changed":
                return {"teacherUid": teacher}
            case "innovation.published":
                return {"innovationId": f"{int(key[:14], 16) % 10**16:016d}"}
            case "expense.recorded":
                return {"budgetId": _budget(school), "expenseId": f"E-{YEAR_BE}-{int(key[:8], 16) % 10**6:06d}"}
            case _:
                return {}

    def _of_pupil(
        self, pupil: Pupil, school: School, days: Sequence[date], number: int, draw: Random
    ) -> Iterator[Planted]:
        for type, rate in PER_PUPIL.items():
            for n in range(_times(rate / STRETCHES, draw)):
                day, what = draw.choice(days), f"{number}/{n}"
                if type == "student.profile-changed":
                    event = self._teller(day, what).profile(school, pupil, draw)
                    yield Planted(school.participant, event, pupil.key)
                elif type == "grade.finalised":
                    yield _slipped(self._teller(day, what).grade(school, pupil, draw), pupil, draw)
                else:
                    own = {"date": day.isoformat()} if type == "health.measured" else {}
                    if type == "grade.corrected" and pupil.key in self.subjects:
                        # As grades do: events of a publisher keep their order as long as they name a pupil alike.
                        own = {"idType": "SUBJECT_UID", "idValue": self.subjects[pupil.key]}
                    yield self._of(type, pupil, school_day(day), what, **own)

    def _certification(self) -> Iterator[Planted]:
        """Every school certifies its count in the round of 10 June, which whoever plays the year has opened."""
        day = school_day(date(YEAR_BE - 543, 6, 10))
        for school in self.ground.schools:
            yield self._told("round.certified", school, day, "JUN10")
        yield self._province_told("round.completeness-reported", day, officeUid=AREA)

    def _moves(self, day: date, number: int) -> Iterator[tuple[str, list[Planted]]]:
        """Transfers, asked for by the old school and confirmed by the new one, and pupils who leave."""
        draw, teller = Random(f"{self.seed}/moves/{number}"), self._teller(day, f"moves/{number}")
        asked, confirmed, left = [], [], []
        for pupil in self.people:
            old = self.at.get(pupil.key)
            if old is None or pupil.grade in LEVELS:
                continue
            chance = draw.random() * STRETCHES
            others = [one for one in self.ground.schools if one != old and pupil.grade in one.levels]
            if chance < MOVES and others:
                new = draw.choice(others)
                route = {"fromSchoolUid": old.uid, "toSchoolUid": new.uid, "requestedDate": day.isoformat()}
                asked.append(self._of("student.transfer-requested", pupil, school_day(day), number, **route))
                confirmed.append(Planted(new.participant, teller.transfer(old, new, pupil, draw), pupil.key))
                self.at[pupil.key] = new
            elif MOVES <= chance < MOVES + LEAVES:
                left.append(Planted(old.participant, teller.withdrawal(old, pupil, draw), pupil.key))
                left.append(Planted(old.participant, teller.reason(old, pupil, draw), pupil.key))
                del self.at[pupil.key]
        yield f"transfers asked for {number}", asked + left
        yield f"transfers {number}", confirmed

    def _end_of_term(self, day: date, term: int) -> Iterator[Planted]:
        draw = Random(f"{self.seed}/term/{term}")
        tests = self._teller(day, f"tests/{term}")
        for pupil in self.people:
            school = self.at.get(pupil.key)
            if school is None:
                continue
            ends = school_day(day)
            average = self.book.average(pupil.key, (ends.academic_year_be, ends.semester))
            told = {} if average is None else {"gpa": average}
            yield self._of("term-evaluation.finalised", pupil, ends, term, **told)
            if pupil.grade in TEST_OF_GRADE:
                yield Planted(self.ground.test_body, tests.test(self.ground.test_body, school, pupil, draw), pupil.key)

    def _end(self) -> Iterator[Planted]:
        over = replace(school_day(AFTER), academic_year_be=YEAR_BE, semester=2)
        for pupil in self.people:
            school = self.at.get(pupil.key)
            if school is None:
                continue
            if pupil.grade in LEVELS:
                told = {"level": LEVELS[pupil.grade], "graduatedDate": AFTER.isoformat()}
                yield self._of("student.graduated", pupil, over, "end", **told)
            else:
                grades = {"fromGrade": pupil.grade, "toGrade": GRADES[GRADES.index(pupil.grade) + 1]}
                yield self._of("student.promoted", pupil, over, "end", **grades, toYearBE=YEAR_BE + 1)

    def _orders(self) -> Iterator[Planted]:
        """What offices decide about records, and identities that become known, of pupils of whom nothing follows."""
        day = school_day(AFTER + timedelta(days=1))
        for school in self.ground.schools:
            yield self._office("licence.changed", school, day, "licence", teacherUid=_uid(school, 0))
        later = (day.day + timedelta(days=30)).isoformat()
        for pupil in self.people[::250]:
            order = {"restrictionId": f"R-{YEAR_BE}-{pupil.key:04d}", "until": later}
            yield self._of("processing.restricted", pupil, day, "order", **order)
        for pupil in self.people[1::250]:
            order = {"orderId": f"X-{YEAR_BE}-{pupil.key:04d}", "eraseBy": later}
            yield self._of("erasure.ordered", pupil, day, "order", **order)
        without = [pupil for pupil in self.people if pupil.id_type == "G_CODE" and pupil.key in self.at]
        for pupil in without[::3]:
            number = self._province(BEGINS).identity(pupil.key + 3 * self.pupils)
            linked = {"fromId": pupil.identity, "toId": number}
            event = self._event("student.identity-linked", self.at[pupil.key], day, ("linked", pupil.key), linked)
            yield Planted(OFFICE, {**event, "source": OFFICE}, pupil.key)

    # how it is said

    def _province(self, day: date) -> Province:
        return Province(self.ground, school_day(day), self.seed, self.pupils, self.run)

    def _teller(self, day: date, part: str) -> Teller:
        return Teller(self._province(day), f"{self.run}/{part}", self.subjects)

    def _teachers(self, school: School) -> int:
        share = self.pupils / len(self.ground.schools)
        return max(2, round(share / TEACHES))

    def _of(self, type: str, pupil: Pupil, day: SchoolDay, what: object, **told: Any) -> Planted:
        school = self.at.get(pupil.key) or self._schools[pupil.school]
        if type == "student.transfer-requested":
            school = self._schools[told["fromSchoolUid"]]
        identity = {"idType": pupil.id_type, "idValue": pupil.identity}
        event = self._event(type, school, day, (pupil.key, what), {**identity, **told})
        return Planted(school.participant, event, pupil.key)

    def _told(self, type: str, school: School, day: SchoolDay, what: object, **told: Any) -> Planted:
        return Planted(school.participant, self._event(type, school, day, what, told))

    def _office(self, type: str, school: School, day: SchoolDay, what: object, **told: Any) -> Planted:
        return Planted(OFFICE, {**self._event(type, school, day, what, told), "source": OFFICE})

    def _province_told(self, type: str, day: SchoolDay, **told: Any) -> Planted:
        event = self._event(type, self.ground.schools[0], day, type, told)
        data = {n: v for n, v in event["data"].items() if n not in ("schoolUid", "schoolCode10")}
        return Planted(OFFICE, {**event, "source": OFFICE, "data": data})

    def _event(self, type: str, school: School, day: SchoolDay, what: object, told: Mapping[str, Any]) -> Event:
        data = {
            **self.like[type],
            "schoolUid": school.uid,
            "schoolCode10": school.code10,
            "academicYearBE": day.academic_year_be,
            "semester": day.semester,
            "effectiveDate": day.day.isoformat(),
            **told,
        }
        return {
            "specversion": "1.0",
            "id": event_id(self.run, type, school.uid, what),
            "type": type,
            "source": school.participant,
            "time": day.at(500),
            "testdata": "true",
            "datacontenttype": "application/json",
            "data": data,
        }


def _slipped(event: Event, pupil: Pupil, draw: Random) -> Planted:
    """The event, now and then with a Christian-era year, which is refused (V13)."""
    if draw.random() >= SLIPS:
        return Planted(event["source"], event, pupil.key)
    wrong = {**event, "data": {**event["data"], "academicYearBE": YEAR_BE - 543}}
    return Planted(event["source"], wrong, pupil.key, Fate.REFUSED, "V13")


def _times(rate: float, draw: Random) -> int:
    """A whole number with this mean."""
    return int(rate) + (draw.random() < rate % 1)


def _uid(school: School, teacher: int) -> str:
    return f"tc-{_hex(school.uid, teacher)[:20]}"


def _budget(school: School) -> str:
    return f"B-{YEAR_BE}-{int(_hex(school.uid)[:8], 16) % 10**6:06d}"


def _hex(*what: object) -> str:
    return hashlib.sha256("/".join(map(str, what)).encode()).hexdigest()
