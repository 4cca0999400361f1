"""One OBEC DMC roster per school, as schools export it, with a realistic share of dirty rows.

The columns are those of the export; a school without an official code writes its stable key where others write their
8-digit code. Some schools export cp874, as older spreadsheets do.
"""

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Final

from saan.demo.ground import PROVINCE, PROVINCE_NAME, School
from saan.demo.planted import Planted, PlantedRoster, PlantedRow, RowFate, event_id
from saan.demo.province import Province, Pupil
from saan.demo.stains import STAINS, Cells, Stain, buddhist

TYPE: Final = "student.enrolled"
FURTHER: Final = ("health.measured", "student.background-changed", "disadvantage.recorded")
"""What a row with the sensitive columns filled becomes besides, in this order."""
_ASKED = 10
"""One pupil in ten: most schools leave the sensitive columns empty, for a roster is not where they are needed."""
_SENSITIVE: Final = ("น้ำหนัก", "ส่วนสูง", "กลุ่มเลือด", "ศาสนา", "เชื้อชาติ", "ความด้อยโอกาส")
DIRTY: Final = 0.06
TWICE: Final = 0.004
_OLD_SPREADSHEETS = 0.35
_SHORT = {"1": "อ.", "2": "ป.", "3": "ม.", "4": "ม."}
_UPPER_SECONDARY = "4"

COLUMNS: Final = (
    *("รหัสโรงเรียน", "ชื่อโรงเรียน", "เลขประจำตัวประชาชน", "ชั้น", "ห้อง", "เลขประจำตัวนักเรียน", "เพศ", "คำนำหน้าชื่อ"),
    *("ชื่อ", "นามสกุล", "วันเกิด", "อายุ(ปี)", "น้ำหนัก", "ส่วนสูง", "กลุ่มเลือด", "ศาสนา", "เชื้อชาติ", "สัญชาติ"),
    *("บ้านเลขที่", "หมู่", "ถนน/ซอย", "ตำบล", "อำเภอ", "จังหวัด"),
    *("ชื่อผู้ปกครอง", "นามสกุลผู้ปกครอง", "อาชีพของผู้ปกครอง", "ความเกี่ยวข้องของผู้ปกครองกับนักเรียน"),
    *("ชื่อบิดา", "นามสกุลบิดา", "อาชีพของบิดา", "ชื่อมารดา", "นามสกุลมารดา", "อาชีพของมารดา"),
    *("ความด้อยโอกาส", "ยังไม่สามารถจำหน่ายได้ (3.1.8)"),
)


def write(province: Province, run: str, folder: Path) -> Iterator[PlantedRoster]:
    """Write the rosters of all schools, one after the other, row by row; say of every row what must become of it."""
    folder.mkdir(parents=True, exist_ok=True)
    for school in province.ground.schools:
        yield _write(province, run, folder, school)


def grade_name(grade: str) -> str:
    """A grade level as rosters write it: 311 is ``ม.1``, 413 is ``ม.6``."""
    year = int(grade[2]) + (3 if grade[0] == _UPPER_SECONDARY else 0)
    return f"{_SHORT[grade[0]]}{year}"


def _write(province: Province, run: str, folder: Path, school: School) -> PlantedRoster:
    draw = Random(f"{province.seed}/roster/{school.uid}")
    old = draw.random() < _OLD_SPREADSHEETS
    path = folder / f"{school.participant}.csv"
    roster = PlantedRoster(school.participant, str(path), "cp874" if old else "utf-8")
    with path.open("w", encoding=roster.encoding, newline="") as file:
        out = csv.writer(file, lineterminator="\r\n")
        out.writerow(COLUMNS)
        for pupil in province.pupils(school):
            row = cells(school, pupil)
            stain = _stain(draw, pupil, old)
            if not _asked(pupil):
                row |= dict.fromkeys(_SENSITIVE, "")
            if stain:
                stain.spoil(row, pupil, draw)
            out.writerow([row[column] for column in COLUMNS])
            roster.rows.append(_planted(province, run, school, pupil, stain, len(roster.rows) + 1))
            if roster.rows[-1].event and draw.random() < TWICE:
                out.writerow([row[column] for column in COLUMNS])
                roster.rows.append(PlantedRow(len(roster.rows) + 1, RowFate.REFUSE, "DUP", None))
    return roster


def _asked(pupil: Pupil) -> bool:
    return pupil.key % _ASKED == 0


def _stain(draw: Random, pupil: Pupil, old: bool) -> Stain | None:
    if draw.random() >= DIRTY:
        return None
    citizen = pupil.id_type == "CITIZEN_ID"
    fitting = [s for s in STAINS if not (s.unicode_only and old) and (citizen or not s.citizens_only)]
    return draw.choices(fitting, [stain.share for stain in fitting])[0]


def cells(school: School, pupil: Pupil) -> Cells:
    """A clean row, by column."""
    father = (pupil.father, pupil.family, pupil.work)
    values = (
        *(school.code, school.name, pupil.identity, grade_name(pupil.grade), pupil.room, pupil.number),
        *("ช" if pupil.boy else "ญ", pupil.prefix, pupil.given, pupil.family, buddhist(pupil), str(pupil.age)),
        *(str(pupil.weight), str(pupil.height), pupil.blood, "อิสลาม" if pupil.muslim else "พุทธ", "ไทย", "ไทย"),
        *(pupil.house, pupil.moo, "-", pupil.place.name, pupil.place.district, PROVINCE_NAME),
        *(*father, "บิดา", *father, pupil.mother, pupil.mother_family, "รับจ้าง"),
        *("เด็กยากจน" if pupil.poor else "ไม่ด้อยโอกาส", ""),
    )
    return dict(zip(COLUMNS, values, strict=True))


def _planted(
    province: Province, run: str, school: School, pupil: Pupil, stain: Stain | None, number: int
) -> PlantedRow:
    fate, rule = (stain.fate, stain.rule) if stain else (RowFate.ACCEPT, "")
    if fate is RowFate.REFUSE:
        return PlantedRow(number, fate, rule, None)
    further: tuple[str, ...] = FURTHER if _asked(pupil) else ()
    if rule == "V4" and not further:
        further = ("student.background-changed",)  # the stain fills the column of the religion
    events = [_event(type, province, run, school, pupil) for type in (TYPE, *further)]
    flagged = FURTHER[1] if rule == "V4" else TYPE
    first, *others = (replace(one, rule=rule) if one.event["type"] == flagged else one for one in events)
    return PlantedRow(number, fate, rule, first, tuple(others))


def _event(type: str, province: Province, run: str, school: School, pupil: Pupil) -> Planted:
    """An event that the row must become: its attributes, and of its data what decides where it must go."""
    data = {
        "schoolUid": school.uid,
        "provinceCode": PROVINCE,
        "gradeLevelCode": pupil.grade,
        "classroom": pupil.room,
        "entryDate": province.day.entry.isoformat(),
    }
    event = {
        "id": event_id(run, type, pupil.key),
        "type": type,
        "source": school.participant,
        "time": province.day.at(0),
        "data": data,
    }
    return Planted(school.participant, event, pupil.key)
