"""Rules about what earlier events of the term have said (V14): an average is that of the marks it is made of.

Such a rule refuses and never waits. A publisher's events about one learner keep their order and the marks come before
their average, so nothing that is under way can put it right.
"""

import re
from typing import Final

from saan.core.outcome import Finding, Severity
from saan.core.rules.codes import codes_of
from saan.core.rules.kind import NOTHING, Check, Data, Facts, Form, Kind, Rule, Words
from saan.core.rules.numbers import number
from saan.core.rules.param import Param, Shape

_TOLERANCE: Final = 1e-9
_POINTS = re.compile(r"(?:^|;)\s*points=([0-9.]+)")
_COUNTS = re.compile(r"(?:^|;)\s*gpa=1")


def _average(rule: Rule) -> Check:
    stated, year, semester = number(rule["field"], rule.tables.scales), rule.get("year"), rule.get("semester")
    within, said = rule["within"], rule.say(rule["field"])
    points = {
        code.code: float(found[1])
        for code in codes_of(rule.tables, rule["list"]).values()
        if (found := _POINTS.search(code.note)) and _COUNTS.search(code.note)
    }

    def check(data: Data, facts: Facts) -> tuple[Finding, ...]:
        term, value = facts.learner.term if facts.learner else None, stated(data)
        if term is None or value is None or not term.holds(year(data), semester(data)):
            return NOTHING
        known = term.average(points)
        return NOTHING if known is None or abs(value - known) < within - _TOLERANCE else said

    return check


KINDS = (
    Kind(
        "average_of_term",
        "The number is the weighted average of the marks that earlier events of the term gave, where they gave any "
        "that count. Cut off and rounded are both taken.",
        "V14",
        Severity.REJECT,
        Form.HISTORY,
        (
            Param("field", Shape.FIELD, "the field with the average"),
            Param("list", Shape.LIST, "the code list of the marks, with points and whether they count (gpa=1)"),
            Param("year", Shape.FIELD, "the field with the academic year, B.E.", "academicYearBE"),
            Param("semester", Shape.FIELD, "the field with the semester", "semester"),
            Param("within", Shape.NUMBER, "how far the average may be off, less than this", 0.01),
        ),
        {
            "": Words(
                "ค่าเฉลี่ยในช่อง {path} ไม่ตรงกับที่คำนวณจากผลการเรียนของภาคเรียนนี้ที่แจ้งไว้",
                "The average in {path} is not that of the grades that were reported for the term",
                "ตรวจค่าเฉลี่ย หรือส่งผลการเรียนที่ขาดหรือแก้ไขก่อน แล้วส่งอีกครั้ง",
                "Check the average, or send the grades that are missing or corrected first, then send it again",
            )
        },
        _average,
    ),
)
