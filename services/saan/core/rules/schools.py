"""Rules about schools: V8 (active, teaches the grade) and ENV-6 (province and school code agree).

Whether a school is active is said by the organisations in force: by their rows, and by the accepted events that close
a school (``saan.core.catalogue.Closing``).
"""

from saan.core.organisations import Organisation
from saan.core.outcome import Finding, Severity
from saan.core.rules.kind import NOTHING, Check, Data, Facts, Form, Kind, Rule, Words
from saan.core.rules.param import Param, Shape


def _active(school: Organisation, day: int | None) -> bool:
    if day is None:
        return True
    return (school.active_from is None or school.active_from <= day) and (
        school.active_to is None or day < school.active_to
    )


def _school_serves(rule: Rule) -> Check:
    school, grade, on = (rule.get(name) for name in ("school", "grade", "on"))
    find = rule.tables.organisations.get
    unknown, closed = rule.say(rule["school"]), rule.say(rule["school"], "closed")
    not_taught = rule.say(rule["grade"] or rule["school"], "grade")

    def check(data: Data, _: Facts) -> tuple[Finding, ...]:
        id = school(data)
        if id is None:
            return NOTHING
        found = find(id)
        if found is None or found.kind != "school":
            return unknown
        if not _active(found, on(data)):
            return closed
        level = grade(data)
        return not_taught if level is not None and found.levels and level not in found.levels else NOTHING

    return check


def _organisation(rule: Rule) -> Check:
    place, province, on = (rule.get(name) for name in ("field", "province", "on"))
    find, kinds = rule.tables.organisations.get, frozenset(rule["kinds"])
    unknown, closed = rule.say(rule["field"]), rule.say(rule["field"], "closed")
    elsewhere = rule.say(rule["province"] or rule["field"], "province")

    def check(data: Data, _: Facts) -> tuple[Finding, ...]:
        id = place(data)
        if id is None:
            return NOTHING
        found = find(id)
        if found is None or found.kind not in kinds:
            return unknown
        if not _active(found, on(data)):
            return closed
        stated = province(data)
        return elsewhere if stated is not None and found.province and found.province != stated else NOTHING

    return check


def _province_of_school(rule: Rule) -> Check:
    province, code10, school = (rule.get(name) for name in ("province", "code10", "school"))
    find = rule.tables.organisations.get
    said, foreign = rule.say(rule["province"]), rule.say(rule["code10"], "school")

    def check(data: Data, _: Facts) -> tuple[Finding, ...]:
        code, stated = code10(data), province(data)
        if code is None:
            return NOTHING
        if stated is not None and stated != code[2:4]:
            return said
        found = find(school(data) or "")
        own = found.codes.get("moe10") if found else None
        return foreign if own and own != code else NOTHING

    return check


KINDS = (
    Kind(
        "school_serves",
        "The school is known, active on the date and, where its levels are known, teaches the grade.",
        "V8",
        Severity.REJECT,
        Form.STATE,
        (
            Param("school", Shape.FIELD, "the field with the school's identifier"),
            Param("grade", Shape.FIELD, "the field with the grade level; left out: not asked", None),
            Param("on", Shape.FIELD, "the field with the date", "effectiveDate"),
        ),
        {
            "": Words(
                "ไม่รู้จักสถานศึกษาในช่อง {path}",
                "The school in {path} is not known",
                "ใช้รหัสสถานศึกษาจากทะเบียน (SC-…)",
                "Use the school's identifier of the register (SC-…)",
            ),
            "closed": Words(
                "สถานศึกษาในช่อง {path} ไม่ได้เปิดดำเนินการในวันที่มีผล",
                "The school in {path} is not active on the effective date",
                "ตรวจวันที่มีผลและรหัสสถานศึกษา",
                "Check the effective date and the school's identifier",
            ),
            "grade": Words(
                "สถานศึกษาใน {school} ไม่ได้เปิดสอนระดับชั้นในช่อง {path}",
                "The school in {school} does not teach the grade in {path}",
                "ตรวจระดับชั้น หรือแจ้งปรับข้อมูลระดับที่เปิดสอน",
                "Check the grade, or have the levels taught brought up to date",
            ),
        },
        _school_serves,
    ),
    Kind(
        "organisation",
        "The organisation is known, of one of the kinds, active on the date and, where that is known, in the province.",
        "V8",
        Severity.REJECT,
        Form.STATE,
        (
            Param("field", Shape.FIELD, "the field with the organisation's identifier"),
            Param("kinds", Shape.TEXTS, "the kinds of organisations allowed"),
            Param("province", Shape.FIELD, "the field with the 2-digit province; left out: not compared", None),
            Param("on", Shape.FIELD, "the field with the date", "effectiveDate"),
        ),
        {
            "": Words(
                "หน่วยงานในช่อง {path} ไม่มีในทะเบียน หรือไม่ใช่ประเภทที่ใช้ได้",
                "The organisation in {path} is not known or not of a kind that is allowed here",
                "ใช้รหัสหน่วยงานจากทะเบียน",
                "Use the organisation's identifier of the register",
            ),
            "closed": Words(
                "หน่วยงานในช่อง {path} ไม่ได้เปิดดำเนินการในวันที่มีผล",
                "The organisation in {path} is not active on the effective date",
                "ตรวจวันที่มีผลและรหัสหน่วยงาน",
                "Check the effective date and the organisation's identifier",
            ),
            "province": Words(
                "จังหวัดในช่อง {path} ไม่ใช่จังหวัดของหน่วยงานใน {field}",
                "The province in {path} is not that of the organisation in {field}",
                "ตรวจรหัสจังหวัดและรหัสหน่วยงาน",
                "Check the province and the organisation's identifier",
            ),
        },
        _organisation,
    ),
    Kind(
        "province_of_school",
        "The province is digits 3 and 4 of the 10-digit school code, and that code is the school's own.",
        "ENV-6",
        Severity.REJECT,
        Form.FIELDS,
        (
            Param("province", Shape.FIELD, "the field with the 2-digit province", "provinceCode"),
            Param("code10", Shape.FIELD, "the field with the 10-digit school code", "schoolCode10"),
            Param("school", Shape.FIELD, "the field with the school's identifier; left out: not compared", None),
        ),
        {
            "": Words(
                "จังหวัดในช่อง {path} ไม่ตรงกับหลักที่ 3–4 ของ {code10}",
                "The province in {path} differs from digits 3 and 4 of {code10}",
                "ตรวจรหัสจังหวัดและรหัสสถานศึกษา 10 หลัก",
                "Check the province and the 10-digit school code",
            ),
            "school": Words(
                "รหัสในช่อง {path} ไม่ใช่รหัส 10 หลักของสถานศึกษาใน {school}",
                "The code in {path} is not the 10-digit code of the school in {school}",
                "ใช้รหัส 10 หลักของสถานศึกษานั้น หรือเว้นว่าง",
                "Use that school's 10-digit code, or leave it out",
            ),
        },
        _province_of_school,
    ),
)
