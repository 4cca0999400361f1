"""The OBEC DMC roster (ระบบจัดเก็บข้อมูลนักเรียนรายบุคคล): one row per pupil of one school, 36 columns.

Every row becomes ``student.enrolled``. The columns, in the order of an export, and what becomes of them:

    รหัสโรงเรียน                          8-digit code -> the school; the publisher must be allowed to speak for it
                                         (also its 10-digit code, or its key SC-… where it has no official code)
    ชื่อโรงเรียน, อายุ(ปี)                 not read: the code and the birth date say it better
    เลขประจำตัวประชาชน                    citizen ID, or a G-code when it begins with G
    ชั้น, ห้อง, เลขประจำตัวนักเรียน         ``ม.3`` -> grade level; classroom and pupil number as they are
    เพศ, คำนำหน้าชื่อ, ชื่อ, นามสกุล        ``ช``/``ญ``, prefix by name, names in one Thai spelling
    วันเกิด                               dd/mm/B.E.
    น้ำหนัก, ส่วนสูง                       kilograms, centimetres
    กลุ่มเลือด, ศาสนา, เชื้อชาติ, สัญชาติ    codes by name; unmapped: UNKNOWN, with the text kept
    บ้านเลขที่, หมู่, ถนน/ซอย              as they are
    ตำบล, อำเภอ, จังหวัด                  codes by name, each below the one above it
    ผู้ปกครอง, บิดา, มารดา (10 columns)    names; occupation and relation by name
    ความด้อยโอกาส                         code by name
    ยังไม่สามารถจำหน่ายได้ (3.1.8)          any mark: the pupil is on the roll but cannot be struck off yet

Class, sex and prefix are mandatory: unmapped they refuse the row. A roster does not say how a pupil came, so every
row enters as ``new``.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from saan.core.calendar import days
from saan.core.outcome import Finding
from saan.core.participants import Participant
from saan.core.thai import suspicious
from saan.core.world import World
from saan.sources import cells
from saan.sources.codebook import UNKNOWN, Codebook
from saan.sources.judge import Draft, Judge
from saan.sources.places import Places
from saan.sources.row import Occasion, Row
from saan.sources.said import finding
from saan.sources.table import Table

NAME = "dmc-roster"
TITLE = {"th": "ทะเบียนนักเรียนรายบุคคล DMC ของ สพฐ.", "en": "OBEC DMC pupil roster"}
SYSTEM = "OBEC-DMC"
EVENT = "student.enrolled"

_TEXT, _DIGITS, _NUMBER, _CODE, _SPECIAL, _UNREAD = "text", "digits", "number", "code", "special", "unread"

_LAYOUT: tuple[tuple[str, str, str, str], ...] = (
    # column, field, how it is read, code list
    ("รหัสโรงเรียน", "schoolUid", _SPECIAL, ""),
    ("ชื่อโรงเรียน", "", _UNREAD, ""),
    ("เลขประจำตัวประชาชน", "idValue", _SPECIAL, ""),
    ("ชั้น", "gradeLevelCode", _CODE, "grade-level"),
    ("ห้อง", "classroom", _DIGITS, ""),
    ("เลขประจำตัวนักเรียน", "studentNo", _DIGITS, ""),
    ("เพศ", "genderCode", _CODE, "gender"),
    ("คำนำหน้าชื่อ", "prefixCode", _CODE, "prefix"),
    ("ชื่อ", "nameThai", _TEXT, ""),
    ("นามสกุล", "lastNameThai", _TEXT, ""),
    ("วันเกิด", "birthDate", _SPECIAL, ""),
    ("อายุ(ปี)", "", _UNREAD, ""),
    ("น้ำหนัก", "weightKg", _NUMBER, ""),
    ("ส่วนสูง", "heightCm", _NUMBER, ""),
    ("กลุ่มเลือด", "bloodCode", _CODE, "blood"),
    ("ศาสนา", "religionCode", _CODE, "religion"),
    ("เชื้อชาติ", "raceCode", _CODE, "race"),
    ("สัญชาติ", "nationalityCode", _CODE, "nationality"),
    ("บ้านเลขที่", "houseNumber", _DIGITS, ""),
    ("หมู่", "moo", _DIGITS, ""),
    ("ถนน/ซอย", "street", _TEXT, ""),
    ("ตำบล", "subdistrictCode", _SPECIAL, ""),
    ("อำเภอ", "districtCode", _SPECIAL, ""),
    ("จังหวัด", "addressProvinceCode", _SPECIAL, ""),
    ("ชื่อผู้ปกครอง", "guardianNameThai", _TEXT, ""),
    ("นามสกุลผู้ปกครอง", "guardianLastNameThai", _TEXT, ""),
    ("อาชีพของผู้ปกครอง", "guardianOccupationCode", _CODE, "occupation"),
    ("ความเกี่ยวข้องของผู้ปกครองกับนักเรียน", "guardianRelationCode", _CODE, "family-relation"),
    ("ชื่อบิดา", "fatherNameThai", _TEXT, ""),
    ("นามสกุลบิดา", "fatherLastNameThai", _TEXT, ""),
    ("อาชีพของบิดา", "fatherOccupationCode", _CODE, "occupation"),
    ("ชื่อมารดา", "motherNameThai", _TEXT, ""),
    ("นามสกุลมารดา", "motherLastNameThai", _TEXT, ""),
    ("อาชีพของมารดา", "motherOccupationCode", _CODE, "occupation"),
    ("ความด้อยโอกาส", "disadvantagedCode", _CODE, "disadvantaged"),
    ("ยังไม่สามารถจำหน่ายได้ (3.1.8)", "withdrawalPending", _SPECIAL, ""),
)

COLUMNS = tuple(column for column, *_ in _LAYOUT)
_COLUMN_OF = {field: column for column, field, *_ in _LAYOUT if field} | {"idType": "เลขประจำตัวประชาชน"}
_AT = {field: position for position, (_, field, *_) in enumerate(_LAYOUT) if field}

_STAGES = {"อ.": "อนุบาลปีที่", "ป.": "ประถมศึกษาปีที่", "ม.": "มัธยมศึกษาปีที่"}
_SPOKEN: Mapping[str, Mapping[str, str]] = {
    "grade-level": {f"{short}{year}": f"{stage} {year}" for short, stage in _STAGES.items() for year in range(1, 7)},
    "gender": {"ช": "ชาย", "ญ": "หญิง"},
}
_CODE_SYSTEM_OF_LENGTH = {8: "smis8", 10: "moe10"}
_STUDYING = "001"
_LONGEST_NAME = 100

_Cells = tuple[str, ...]
_Read = Callable[[_Cells, dict[str, Any], list[Finding]], None]
"""Reads its cells of a row into the payload and says what it found."""


def rows(table: Table, participant: Participant, world: World, occasion: Occasion) -> Iterator[Row]:
    """Every row of the roster, judged, in order."""
    judge = Judge(world, participant, EVENT, _COLUMN_OF, occasion)
    roster = _Roster(world, occasion)
    for line in table.rows():
        if line.cells is None:
            yield judge.refused(line.number, [finding("ragged", found=line.width, expected=table.width)])
        else:
            yield judge.judge(line.number, roster.draft(line.cells))


class _Roster:
    """Turns rows into drafts; everything that a row does not change is prepared once."""

    def __init__(self, world: World, occasion: Occasion) -> None:
        self._organisations = world.organisations
        self._places = Places(world)
        self._blank: dict[str, Any] = dict.fromkeys(f["name"] for f in world.events[EVENT].schema["fields"])
        self._blank |= {
            "academicYearBE": occasion.academic_year_be,
            "semester": occasion.semester,
            "effectiveDate": days(occasion.today),
            "entryDate": days(occasion.entry),
            "entryType": "new",
            "statusCode": _STUDYING,
        }
        self._reads: list[_Read] = [self._school, _identity, _birth, self._address, _pending]
        for at, (_, field, how, list_name) in enumerate(_LAYOUT):
            if how == _CODE:
                self._reads.append(_coded(at, field, Codebook(world, list_name, SYSTEM, _SPOKEN.get(list_name))))
            elif how in _PLAIN:
                self._reads.append(_PLAIN[how](at, field))

    def draft(self, row: _Cells) -> Draft:
        found = _invisible(row) if cells.has_invisible("".join(row)) else []
        data = {**self._blank, "originalTexts": {}}
        for read in self._reads:
            read(row, data, found)
        return Draft(data, tuple(found))

    def _school(self, row: _Cells, data: dict[str, Any], found: list[Finding]) -> None:
        code = cells.digits(cells.text(row[_AT["schoolUid"]]))
        school = self._organisations.get(code)
        if system := _CODE_SYSTEM_OF_LENGTH.get(len(code)):
            school = self._organisations.by_code(system, code)
        if school and school.kind == "school":
            data["schoolUid"] = school.id
            data["schoolCode10"] = school.codes.get("moe10")
            data["provinceCode"] = school.province
        elif code:
            found.append(finding("unknown-school", "schoolUid"))

    def _address(self, row: _Cells, data: dict[str, Any], found: list[Finding]) -> None:
        fields = ("addressProvinceCode", "districtCode", "subdistrictCode")
        names = [cells.given(row[_AT[field]]) for field in fields]
        place = self._places.find(*names)
        for field, name, code in zip(fields, names, (place.province, place.district, place.subdistrict), strict=True):
            data[field] = code
            if name and code is None:
                _keep_text(field, name, data, found)
                found.append(finding("unknown-place", field))


def _invisible(row: _Cells) -> list[Finding]:
    return [finding("invisible", field) for field, at in _AT.items() if cells.has_invisible(row[at])]


def _identity(row: _Cells, data: dict[str, Any], found: list[Finding]) -> None:
    value = cells.digits(cells.text(row[_AT["idValue"]]))
    data["idType"] = "G_CODE" if value.startswith("G") else "CITIZEN_ID"
    data["idValue"] = value or None


def _birth(row: _Cells, data: dict[str, Any], found: list[Finding]) -> None:
    cell = row[_AT["birthDate"]]
    if cells.given(cell) is None:
        return
    day = cells.day(cell)
    if day is None:
        found.append(finding("no-such-day", "birthDate"))
        return
    data["birthDate"] = days(day.value)
    if day.christian:
        found.append(finding("christian-year", "birthDate"))


def _pending(row: _Cells, data: dict[str, Any], found: list[Finding]) -> None:
    data["withdrawalPending"] = cells.given(row[_AT["withdrawalPending"]]) is not None


def _coded(at: int, field: str, book: Codebook) -> _Read:
    def read(row: _Cells, data: dict[str, Any], found: list[Finding]) -> None:
        text = cells.given(row[at])
        if text is None:
            return
        code = book.code(text) or book.code(cells.digits(text).replace(" ", ""))
        data[field] = code or UNKNOWN
        if code is None:
            _keep_text(field, text, data, found)

    return read


def _keep_text(field: str, text: str, data: dict[str, Any], found: list[Finding]) -> None:
    """Keeps what could not be mapped, as far as it is text that a person may have written into a list column."""
    if len(text) > _LONGEST_NAME or suspicious(text):
        found.append(finding("no-name", field))
    else:
        data["originalTexts"][field] = text


def _text(at: int, field: str) -> _Read:
    def read(row: _Cells, data: dict[str, Any], found: list[Finding]) -> None:
        data[field] = cells.given(row[at])

    return read


def _digits(at: int, field: str) -> _Read:
    def read(row: _Cells, data: dict[str, Any], found: list[Finding]) -> None:
        text = cells.given(row[at])
        data[field] = text and cells.digits(text)

    return read


def _number(at: int, field: str) -> _Read:
    def read(row: _Cells, data: dict[str, Any], found: list[Finding]) -> None:
        if cells.given(row[at]) is None:
            return
        data[field] = cells.number(row[at])
        if data[field] is None:
            found.append(finding("no-number", field))

    return read


_PLAIN: Mapping[str, Callable[[int, str], _Read]] = {_TEXT: _text, _DIGITS: _digits, _NUMBER: _number}
