"""Rules about what must be there (V18): one of several fields, enough items."""

from saan.core.outcome import Finding, Severity
from saan.core.rules.kind import NOTHING, Check, Data, Facts, Form, Kind, Rule, Words, reader
from saan.core.rules.param import Param, Shape

_EMPTY = (None, "")


def _some_given(rule: Rule) -> Check:
    reads = [reader(name) for name in rule["fields"]]
    said = rule.say(rule["fields"][0])

    def check(data: Data, _: Facts) -> tuple[Finding, ...]:
        return NOTHING if any(read(data) not in _EMPTY for read in reads) else said

    return check


def _count(rule: Rule) -> Check:
    read, least, most, said = rule.get("field"), rule["min"], rule["max"], rule.say(rule["field"])

    def check(data: Data, _: Facts) -> tuple[Finding, ...]:
        items = read(data)
        return NOTHING if items is None or least <= len(items) <= most else said

    return check


KINDS = (
    Kind(
        "some_given",
        "At least one of the fields is given: not null and not empty. The first of them is named.",
        "V18",
        Severity.REJECT,
        Form.FIELDS,
        (Param("fields", Shape.FIELDS, "the fields of which one must be given"),),
        {
            "": Words(
                "ไม่มีข้อมูลในช่อง {path} และช่องอื่นที่ใช้แทนกันได้",
                "Neither {path} nor any field that could stand for it is given",
                "กรอกอย่างน้อยหนึ่งช่องในกลุ่มนี้ หรือไม่ต้องส่งเหตุการณ์",
                "Fill in one field of the group, or do not send the event",
            )
        },
        _some_given,
    ),
    Kind(
        "count",
        "The array has a number of items in a range, both ends included.",
        "V18",
        Severity.REJECT,
        Form.ONE_FIELD,
        (
            Param("field", Shape.FIELD, "the field with the array"),
            Param("min", Shape.NUMBER, "least number of items"),
            Param("max", Shape.NUMBER, "greatest number of items", 1000),
        ),
        {
            "": Words(
                "จำนวนรายการในช่อง {path} ไม่อยู่ระหว่าง {min} ถึง {max}",
                "The number of items in {path} is not between {min} and {max}",
                "เพิ่มรายการที่ขาด หรือตัดรายการที่เกิน",
                "Add the items that are missing, or remove what is too many",
            )
        },
        _count,
    ),
)
