"""Rules about numbers (V14)."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from saan.core.codes import Code
from saan.core.outcome import Finding, Severity
from saan.core.rules.codes import codes_of
from saan.core.rules.kind import NOTHING, Check, Data, Facts, Form, Kind, Rule, Words, reader
from saan.core.rules.param import Param, Shape

_STEP_TOLERANCE: Final = 1e-9
_BAND = re.compile(r"(?:^|;)\s*score=(\d+)-(\d+)")


def number(path: str, scales: Mapping[str, int]) -> Callable[[Data], Any]:
    """Reads a number; a decimal, which travels as the bytes of its unscaled integer, is scaled."""
    read = reader(path)
    scale = scales.get(path)
    if scale is None:
        return read
    divisor = 10**scale

    def scaled(data: Data) -> Any:
        value = read(data)
        return value if value is None else int.from_bytes(value, "big", signed=True) / divisor

    return scaled


def _range(rule: Rule) -> Check:
    read, least, most, step = number(rule["field"], rule.tables.scales), rule["min"], rule["max"], rule["step"]
    said, said_step = rule.say(rule["field"]), rule.say(rule["field"], "step")

    def check(data: Data, _: Facts) -> tuple[Finding, ...]:
        value = read(data)
        if value is None:
            return NOTHING
        if not least <= value <= most:
            return said
        if step is not None and abs(value / step - round(value / step)) > _STEP_TOLERANCE:
            return said_step
        return NOTHING

    return check


def bands(grades: Mapping[str, Code]) -> dict[str, tuple[int, int]]:
    """The scores of each grade that notes them: from one to before another."""
    return {
        code.code: (int(band[1]), int(band[2]) + 1) for code in grades.values() if (band := _BAND.search(code.note))
    }


def _score_fits_grade(rule: Rule) -> Check:
    score, grade, said = number(rule["score"], rule.tables.scales), rule.get("grade"), rule.say(rule["score"])
    known = bands(codes_of(rule.tables, rule["list"]))

    def check(data: Data, _: Facts) -> tuple[Finding, ...]:
        points, band = score(data), known.get(grade(data))
        return NOTHING if points is None or band is None or band[0] <= points < band[1] else said

    return check


def _at_most(rule: Rule) -> Check:
    one, other = number(rule["field"], rule.tables.scales), number(rule["other"], rule.tables.scales)
    said = rule.say(rule["field"])

    def check(data: Data, _: Facts) -> tuple[Finding, ...]:
        value, limit = one(data), other(data)
        if value is None or limit is None:
            return NOTHING
        return NOTHING if (len(value) if isinstance(value, list) else value) <= limit else said

    return check


def _sums_to(rule: Rule) -> Check:
    read, by, per, said = rule.get("field"), reader(rule["by"]), reader(rule["per"]), rule.say(rule["field"])
    least, most = rule["min"], rule["max"]

    def check(data: Data, _: Facts) -> tuple[Finding, ...]:
        sums: dict[Any, float] = {}
        for item in read(data) or ():
            group = per(item)
            sums[group] = sums.get(group, 0) + (by(item) or 0)
        within = all(least - _STEP_TOLERANCE <= total <= most + _STEP_TOLERANCE for total in sums.values())
        return NOTHING if within else said

    return check


KINDS = (
    Kind(
        "range",
        "The number lies in a range, both ends included, and is a multiple of the step.",
        "V14",
        Severity.REJECT,
        Form.ONE_FIELD,
        (
            Param("field", Shape.FIELD, "the field with the number"),
            Param("min", Shape.NUMBER, "least value"),
            Param("max", Shape.NUMBER, "greatest value"),
            Param("step", Shape.NUMBER, "the value must be a multiple of this", None),
        ),
        {
            "": Words(
                "ตัวเลขในช่อง {path} ไม่อยู่ระหว่าง {min} ถึง {max}",
                "The number in {path} is not between {min} and {max}",
                "ตรวจหน่วยและจุดทศนิยม",
                "Check the unit and the decimal point",
            ),
            "step": Words(
                "ตัวเลขในช่อง {path} ไม่ลงตัวตามขั้น {step}",
                "The number in {path} is not a multiple of {step}",
                "ใช้ค่าที่เป็นขั้นละ {step}",
                "Use steps of {step}",
            ),
        },
        _range,
    ),
    Kind(
        "score_fits_grade",
        "The score lies in the band (`score=75-79`) that the code list notes for the grade; grades without one pass.",
        "V14",
        Severity.REJECT,
        Form.CODE_SET,
        (
            Param("score", Shape.FIELD, "the field with the score"),
            Param("grade", Shape.FIELD, "the field with the grade code"),
            Param("list", Shape.LIST, "the list of grades", "grade"),
        ),
        {
            "": Words(
                "คะแนนในช่อง {path} ไม่อยู่ในช่วงของผลการเรียนใน {grade}",
                "The score in {path} is outside the band of the grade in {grade}",
                "ตรวจคะแนนหรือผลการเรียน",
                "Check the score or the grade",
            )
        },
        _score_fits_grade,
    ),
    Kind(
        "at_most",
        "The number, or the length of the array, is not greater than another number of the record.",
        "V14",
        Severity.REJECT,
        Form.FIELDS,
        (
            Param("field", Shape.FIELD, "the field with the number or the array"),
            Param("other", Shape.FIELD, "the field with the limit"),
        ),
        {
            "": Words(
                "จำนวนในช่อง {path} มากกว่า {other}",
                "The number in {path} is greater than {other}",
                "ตรวจจำนวนทั้งสองช่อง",
                "Check both numbers",
            )
        },
        _at_most,
    ),
    Kind(
        "sums_to",
        "The numbers of an array's items, taken together or per group, add up to a total; an empty array passes.",
        "V14",
        Severity.REJECT,
        Form.FIELDS,
        (
            Param("field", Shape.FIELD, "the field with the array"),
            Param("by", Shape.TEXT, "the item's field with the number"),
            Param("min", Shape.NUMBER, "least total", 100),
            Param("max", Shape.NUMBER, "greatest total", 100),
            Param("per", Shape.TEXT, "the item's field that makes groups; left out: all items together", None),
        ),
        {
            "": Words(
                "ผลรวมของ {by} ในช่อง {path} ไม่อยู่ระหว่าง {min} ถึง {max}",
                "The sum of {by} in {path} is not between {min} and {max}",
                "แก้สัดส่วนให้รวมกันได้ตามที่กำหนด",
                "Mend the shares so that they add up",
            )
        },
        _sums_to,
    ),
)
