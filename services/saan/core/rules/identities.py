"""Rules about identity numbers (V1, V2, V3, V17) and pseudonyms (ENV-9)."""

import re
from typing import Final

from saan.core.identity import citizen_id_ok, g_code_ok, is_pseudonym
from saan.core.outcome import Finding, Severity
from saan.core.rules.kind import NOTHING, Check, Data, Facts, Form, Kind, Rule, Words, reader
from saan.core.rules.param import Param, Shape

_TYPE = Param("type", Shape.FIELD, "the field with the identity type")
_VALUE = Param("value", Shape.FIELD, "the field with the identity number")

FORMS: Final = {
    "CITIZEN_ID": re.compile(r"[0-9]{13}"),
    "G_CODE": re.compile(r"G[0-9]{12}"),
    "PASSPORT": re.compile(r"[A-Z0-9]{6,20}"),
    "ALIEN_ID": re.compile(r"[0-9]{13}|[A-Z0-9]{6,20}"),
    "SUBJECT_UID": re.compile(r"(?:st|tc)-[0-9a-f]{20}"),
}


def _citizen_id(rule: Rule) -> Check:
    kind, value, said = rule.get("type"), rule.get("value"), rule.say(rule["value"])
    typed = rule["type"] is not None

    def check(data: Data, _: Facts) -> tuple[Finding, ...]:
        if typed and kind(data) != "CITIZEN_ID":
            return NOTHING
        number = value(data)
        return NOTHING if number is None or citizen_id_ok(number) else said

    return check


def _g_code(rule: Rule) -> Check:
    kind, value, year, said = rule.get("type"), rule.get("value"), rule.get("year"), rule.say(rule["value"])

    def check(data: Data, _: Facts) -> tuple[Finding, ...]:
        if kind(data) != "G_CODE":
            return NOTHING
        number, current = value(data), year(data)
        return NOTHING if number is None or current is None or g_code_ok(number, current) else said

    return check


def _id_fits(rule: Rule) -> Check:
    kind, value, said = rule.get("type"), rule.get("value"), rule.say(rule["value"])

    def check(data: Data, _: Facts) -> tuple[Finding, ...]:
        form, number = FORMS.get(kind(data)), value(data)
        return NOTHING if form is None or number is None or form.fullmatch(number) else said

    return check


def _differs(rule: Rule) -> Check:
    one, other, said = rule.get("field"), rule.get("other"), rule.say(rule["field"])

    def check(data: Data, _: Facts) -> tuple[Finding, ...]:
        value = one(data)
        return said if value is not None and value == other(data) else NOTHING

    return check


def _one_of(rule: Rule) -> Check:
    one, others, said = rule.get("field"), [reader(name) for name in rule["others"]], rule.say(rule["field"])

    def check(data: Data, _: Facts) -> tuple[Finding, ...]:
        value = one(data)
        return NOTHING if value is None or any(value == other(data) for other in others) else said

    return check


def _subject_is_pseudonym(rule: Rule) -> Check:
    value, said = rule.get("field"), rule.say(rule["field"])

    def check(data: Data, _: Facts) -> tuple[Finding, ...]:
        subject = value(data)
        return NOTHING if subject is None or is_pseudonym(subject) else said

    return check


KINDS = (
    Kind(
        "citizen_id",
        "The number has 13 digits and the right check digit, when its type says that it is a citizen ID.",
        "V1",
        Severity.REJECT,
        Form.FIELDS,
        (Param("type", Shape.FIELD, "the field with the identity type; left out: always a citizen ID", None), _VALUE),
        {
            "": Words(
                "เลขประจำตัวประชาชนในช่อง {path} ไม่ผ่านหลักตรวจสอบ",
                "The citizen ID in {path} fails its check digit",
                "ตรวจเลข 13 หลักกับบัตรหรือทะเบียนบ้าน",
                "Compare the 13 digits with the card or the house register",
            )
        },
        _citizen_id,
    ),
    Kind(
        "g_code",
        "A G-code has a year not after the academic year, an existing province and 8 further digits.",
        "V2",
        Severity.REJECT,
        Form.FIELDS,
        (_TYPE, _VALUE, Param("year", Shape.FIELD, "the field with the academic year, B.E.", "academicYearBE")),
        {
            "": Words(
                "รหัส G ในช่อง {path} ผิดรูปแบบหรือเป็นปีในอนาคต",
                "The G-code in {path} is malformed or of a future year",
                "ตรวจรหัส G: ตัว G ปี พ.ศ. 2 หลัก จังหวัด 2 หลัก และเลข 8 หลัก",
                "Check the G-code: G, 2-digit B.E. year, 2-digit province, 8 digits",
            )
        },
        _g_code,
    ),
    Kind(
        "id_fits",
        "The number has the form of its type.",
        "V3",
        Severity.REJECT,
        Form.FIELDS,
        (_TYPE, _VALUE),
        {
            "": Words(
                "เลขในช่อง {path} ไม่ตรงกับประเภทใน {type}",
                "The number in {path} does not have the form of its type in {type}",
                "แก้ {type} ให้ตรงกับเอกสาร หรือแก้เลขใน {path}",
                "Mend {type} to match the document, or mend {path}",
            )
        },
        _id_fits,
    ),
    Kind(
        "differs",
        "Two fields that are both given hold different values.",
        "V17",
        Severity.REJECT,
        Form.FIELDS,
        (
            Param("field", Shape.FIELD, "the field objected to"),
            Param("other", Shape.FIELD, "the field that it must differ from"),
        ),
        {
            "": Words(
                "ค่าในช่อง {path} ซ้ำกับ {other}",
                "The value in {path} is the same as in {other}",
                "ตรวจว่าใส่เลขของคนละคนกัน",
                "Check that the two belong to different persons",
            )
        },
        _differs,
    ),
    Kind(
        "one_of",
        "The value is that of one of the other fields.",
        "V15",
        Severity.REJECT,
        Form.FIELDS,
        (
            Param("field", Shape.FIELD, "the field objected to"),
            Param("others", Shape.FIELDS, "the fields of which one must hold the same"),
        ),
        {
            "": Words(
                "ค่าในช่อง {path} ไม่ตรงกับช่องใดใน {others}",
                "The value in {path} is that of none of {others}",
                "แก้ {path} ให้ตรงกับช่องใดช่องหนึ่ง",
                "Make {path} agree with one of them",
            )
        },
        _one_of,
    ),
    Kind(
        "subject_is_pseudonym",
        "The field holds a pseudonym and not an identity number.",
        "ENV-9",
        Severity.REJECT,
        Form.ONE_FIELD,
        (Param("field", Shape.FIELD, "the field with the pseudonym"),),
        {
            "": Words(
                "ช่อง {path} ไม่ใช่นามแฝงของเจ้าของข้อมูล",
                "{path} is not a pseudonym",
                "ใช้นามแฝงที่ออกแล้ว (st-…) ห้ามใส่เลขประจำตัว",
                "Use an issued pseudonym (st-…), never an identity number",
            )
        },
        _subject_is_pseudonym,
    ),
)
