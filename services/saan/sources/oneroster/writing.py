"""Learners, written as a OneRoster 1.2 bundle: their schools, their homerooms, and their enrolment in them.

The keys of learners are their pseudonyms, so a system that knows the exchange's inbox knows them again. OneRoster has
no place for most of what is known of a pupil; ``student-template`` carries it all.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from saan.core.calendar import BUDDHIST_ERA
from saan.core.organisations import Organisation
from saan.core.world import World
from saan.sources import dmc
from saan.sources.fold import Known
from saan.sources.oneroster import reading
from saan.sources.oneroster.bundle import MANIFEST
from saan.sources.oneroster.gathered import ID_TYPES, PREFIX_COLUMN, SYSTEM
from saan.sources.oneroster.manifest import FILES, MANIFEST_VERSION, NEEDED, WRITTEN
from saan.sources.writes import names, safe

_KINDS = {id_type: kind for kind, id_type in ID_TYPES.items()}
_TERMS = ((1, (5, 16), (10, 12), 0), (2, (11, 1), (4, 2), 1))
"""Number, first day, and the day after the last one (a OneRoster end is exclusive), the years it ends after its start.
"""

_ONE_TIME = (1980, 1, 1, 0, 0, 0)
"""The time of every file in the zip file: the same learners give the same bytes."""

Row = Mapping[str, Any]


def files(learners: Iterable[Known], world: World) -> dict[str, bytes]:
    """File name to content. Learners who are at no school, or of whom grade or name was never said, are left out."""
    rows: dict[str, dict[str, Row]] = {name: {} for name in NEEDED}
    write = _Writer(rows, world)
    for known in learners:
        if known.school is not None and complete(known):
            write.learner(known)
    columns = {name: [c.name for c in world.files[reading.NAME].columns if c.part == name] for name in NEEDED}
    columns["users"].append(PREFIX_COLUMN)
    made = {f"{name}.csv": _table(columns[name], rows[name].values()) for name in NEEDED if rows[name]}
    return {MANIFEST: _manifest(made), **made}


def complete(known: Known) -> bool:
    """Whether enough is known of a learner for a roster."""
    return all(known.data.get(name) for name in ("nameThai", "lastNameThai", "gradeLevelCode", "academicYearBE"))


def zipped(made: Mapping[str, bytes]) -> bytes:
    """The files as one zip file, side by side."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in made.items():
            archive.writestr(zipfile.ZipInfo(name, _ONE_TIME), content, zipfile.ZIP_DEFLATED)
    return held.getvalue()


class _Writer:
    """Adds the rows that learners need, each once."""

    def __init__(self, rows: dict[str, dict[str, Row]], world: World) -> None:
        self._rows = rows
        self._organisations = world.organisations
        self._grade = names(world, "grade-level", SYSTEM)
        self._sex = names(world, "gender", SYSTEM)
        levels = world.codes["grade-level"].codes.values()
        short = {name: said for said, name in dmc.GRADES.items()}
        self._said = {level.code: short.get(level.th, level.th) for level in levels}

    def learner(self, known: Known) -> None:
        school, data = known.school or "", known.data
        self._org(school)
        terms = self._sessions(data["academicYearBE"])
        attended = self._class(
            school, data["gradeLevelCode"], data.get("classroom") or "-", data["academicYearBE"], terms
        )
        grade = self._grade(data["gradeLevelCode"])
        self._put(
            "users",
            known.subject,
            enabledUser="true",
            username=f"{data.get('studentNo') or known.subject}.{school}",
            userIds=self._user_ids(data),
            givenName=data["nameThai"],
            familyName=data["lastNameThai"],
            middleName=data.get("middleNameThai"),
            identifier=data.get("studentNo"),
            phone=data.get("phone"),
            grades=grade,
            userMasterIdentifier=known.subject,
            primaryOrgSourcedId=school,
            **{PREFIX_COLUMN: data.get("prefixCode")},
        )
        sex = self._sex(data.get("genderCode") or "")
        self._put(
            "demographics",
            known.subject,
            birthDate=data.get("birthDate"),
            sex=sex if sex in ("male", "female") else "unspecified",
        )
        since = data.get("entryDate")
        self._put(
            "roles",
            f"role-{known.subject}",
            userSourcedId=known.subject,
            roleType="primary",
            role="student",
            beginDate=since,
            orgSourcedId=school,
        )
        self._put(
            "enrollments",
            f"enrollment-{known.subject}",
            classSourcedId=attended,
            schoolSourcedId=school,
            userSourcedId=known.subject,
            role="student",
            beginDate=since,
        )

    def _put(self, part: str, key: str, **cells: Any) -> None:
        self._rows[part].setdefault(key, {"sourcedId": key, **cells})

    def _user_ids(self, data: Mapping[str, Any]) -> str:
        kind = _KINDS.get(data.get("idType") or "")
        return f"{{{kind}:{data['idValue']}}}" if kind and data.get("idValue") else ""

    def _org(self, id: str) -> None:
        school = self._organisations.get(id)
        office = self._office(school)
        if office is not None:
            self._put("orgs", office.id, name=office.name["th"], type="district")
        codes = school.codes if school else {}
        self._put(
            "orgs",
            id,
            name=school.name["th"] if school else id,
            type="school",
            identifier=codes.get("moe10") or codes.get("smis8"),
            parentSourcedId=office.id if office else None,
        )

    def _office(self, school: Organisation | None) -> Organisation | None:
        above = [self._organisations.get(parent.id) for parent in school.parents] if school else []
        return next((one for one in above if one and one.kind == "area-office"), None)

    def _sessions(self, year: int) -> str:
        start = year - BUDDHIST_ERA
        whole = f"year-{year}"
        shared = {"schoolYear": start + 1}
        _, _, over, later = _TERMS[-1]
        self._put(
            "academicSessions",
            whole,
            title=f"ปีการศึกษา {year}",
            type="schoolYear",
            startDate=date(start, *_TERMS[0][1]),
            endDate=date(start + later, *over),
            **shared,
        )
        keys = []
        for number, begin, end, later in _TERMS:
            keys.append(f"term-{year}-{number}")
            self._put(
                "academicSessions",
                keys[-1],
                title=f"ภาคเรียนที่ {number}/{year}",
                type="term",
                startDate=date(start, *begin),
                endDate=date(start + later, *end),
                parentSourcedId=whole,
                **shared,
            )
        return ",".join(keys)

    def _class(self, school: str, grade: str, room: str, year: int, terms: str) -> str:
        course, key = f"homeroom-{school}-{grade}", f"homeroom-{school}-{grade}-{room}"
        said = self._said.get(grade, grade)
        self._put(
            "courses",
            course,
            schoolYearSourcedId=f"year-{year}",
            title=f"โฮมรูม {said}",
            grades=self._grade(grade),
            orgSourcedId=school,
        )
        self._put(
            "classes",
            key,
            title=f"{said}/{room}",
            grades=self._grade(grade),
            courseSourcedId=course,
            classCode=f"{grade}/{room}",
            classType="homeroom",
            schoolSourcedId=school,
            termSourcedIds=terms,
        )
        return key


def _table(columns: list[str], rows: Iterable[Row]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([_cell(row.get(name)) for name in columns] for row in rows)
    return text.getvalue().encode()


def _cell(value: object) -> str:
    return "" if value is None else safe(str(value))


def _manifest(made: Mapping[str, bytes]) -> bytes:
    modes = {f"file.{name}": "bulk" if f"{name}.csv" in made else "absent" for name in FILES}
    versions = {"manifest.version": MANIFEST_VERSION, "oneroster.version": WRITTEN}
    stated = {**versions, **modes, "source.systemName": "Saan"}
    return _table(["propertyName", "value"], [{"propertyName": name, "value": value} for name, value in stated.items()])
