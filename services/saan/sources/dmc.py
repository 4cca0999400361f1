"""The OBEC DMC roster (ระบบจัดเก็บข้อมูลนักเรียนรายบุคคล): one row per pupil of one school, 36 columns.

What becomes of each column stands in ``schemas/files/dmc-roster.csv``. Class, sex and prefix are mandatory: unmapped
they refuse the row. Name of the school and age are not read: the code and the birth date say it better. A roster does
not say how a pupil came, so every row enters as ``new``.
"""

from collections.abc import Mapping

NAME = "dmc-roster"
TITLE = {"th": "ทะเบียนนักเรียนรายบุคคล DMC ของ สพฐ.", "en": "OBEC DMC pupil roster"}
SYSTEM = "OBEC-DMC"

_STAGES = {"อ.": "อนุบาลปีที่", "ป.": "ประถมศึกษาปีที่", "ม.": "มัธยมศึกษาปีที่"}
GRADES = {f"{short}{year}": f"{stage} {year}" for short, stage in _STAGES.items() for year in range(1, 7)}
"""Classes as everybody says them, and their names in the list."""

SPOKEN: Mapping[str, Mapping[str, str]] = {
    "grade-level": GRADES,
    "gender": {"ช": "ชาย", "ญ": "หญิง"},
}
