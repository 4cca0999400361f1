"""Rules about dates (V13). Dates are days since 1970-01-01."""

from datetime import date

from saan.core.calendar import days, fiscal_year
from saan.core.outcome import Finding, Severity
from saan.core.rules.kind import NOTHING, Check, Data, Facts, Form, Kind, Rule, Words
from saan.core.rules.param import Param, Shape

_FIELD = Param("field", Shape.FIELD, "the field with the date")
_THURSDAY = 3


def _between(rule: Rule, least: int, most: int) -> Check:
    read, said = rule.get("field"), rule.say(rule["field"])

    def check(data: Data, _: Facts) -> tuple[Finding, ...]:
        value = read(data)
        return NOTHING if value is None or least <= value <= most else said

    return check


def _academic_year(rule: Rule) -> Check:
    return _between(rule, rule["min"], rule["max"])


def _date_window(rule: Rule) -> Check:
    return _between(rule, days(date.fromisoformat(rule["from"])), days(date.fromisoformat(rule["to"])))


def _not_future(rule: Rule) -> Check:
    read, ahead, said = rule.get("field"), rule["days"], rule.say(rule["field"])

    def check(data: Data, facts: Facts) -> tuple[Finding, ...]:
        day = read(data)
        return NOTHING if day is None or day <= facts.today + ahead else said

    return check


def _order(rule: Rule) -> Check:
    first, second, least, most = rule.get("first"), rule.get("second"), rule["min_days"], rule["max_days"]
    said, late = rule.say(rule["second"]), rule.say(rule["second"], "late")

    def check(data: Data, _: Facts) -> tuple[Finding, ...]:
        start, end = first(data), second(data)
        if start is None or end is None:
            return NOTHING
        if end - start < least:
            return said
        return late if most is not None and end - start > most else NOTHING

    return check


def _school_day(rule: Rule) -> Check:
    read, said = rule.get("field"), rule.say(rule["field"])

    def check(data: Data, _: Facts) -> tuple[Finding, ...]:
        day = read(data)
        # Day 0, 1970-01-01, was a Thursday; 5 and 6 are Saturday and Sunday.
        return NOTHING if day is None or (day + _THURSDAY) % 7 < 5 else said

    return check


def _fiscal_year(rule: Rule) -> Check:
    year, on, said = rule.get("field"), rule.get("on"), rule.say(rule["field"])

    def check(data: Data, _: Facts) -> tuple[Finding, ...]:
        stated, day = year(data), on(data)
        if stated is None or day is None:
            return NOTHING
        try:
            return NOTHING if stated == fiscal_year(day) else said
        except OverflowError:
            return said

    return check


KINDS = (
    Kind(
        "academic_year",
        "The academic year is of the Buddhist era; a Christian-era year is far outside.",
        "V13",
        Severity.REJECT,
        Form.ONE_FIELD,
        (
            Param("field", Shape.FIELD, "the field with the year"),
            Param("min", Shape.NUMBER, "first year", 2500),
            Param("max", Shape.NUMBER, "last year", 2650),
        ),
        {
            "": Words(
                "ปีในช่อง {path} ไม่อยู่ระหว่าง พ.ศ. {min} ถึง {max}",
                "The year in {path} is not between {min} and {max} of the Buddhist era",
                "ใช้ปี พ.ศ. (ค.ศ. + 543)",
                "Use the Buddhist era (Christian era + 543)",
            )
        },
        _academic_year,
    ),
    Kind(
        "date_window",
        "The date is plausible: a Buddhist-era year in a Christian-era field is far outside.",
        "V13",
        Severity.REJECT,
        Form.ONE_FIELD,
        (
            _FIELD,
            Param("from", Shape.DATE, "first day", "1900-01-01"),
            Param("to", Shape.DATE, "last day", "2100-12-31"),
        ),
        {
            "": Words(
                "วันที่ในช่อง {path} ไม่อยู่ระหว่าง {from} ถึง {to}",
                "The date in {path} is not between {from} and {to}",
                "ใช้ปี ค.ศ. ในวันที่ (พ.ศ. − 543)",
                "Use the Christian era in dates (Buddhist era − 543)",
            )
        },
        _date_window,
    ),
    Kind(
        "not_future",
        "The date is not after the day of receipt in Asia/Bangkok.",
        "V13",
        Severity.REJECT,
        Form.ONE_FIELD,
        (_FIELD, Param("days", Shape.NUMBER, "days ahead that are allowed", 0)),
        {
            "": Words(
                "วันที่ในช่อง {path} อยู่ในอนาคต",
                "The date in {path} is in the future",
                "ส่งเมื่อเหตุการณ์เกิดแล้ว หรือแก้วันที่",
                "Send it once it has happened, or mend the date",
            )
        },
        _not_future,
    ),
    Kind(
        "order",
        "The second date is not before the first; with min_days some time, with max_days not long after it.",
        "V13",
        Severity.REJECT,
        Form.FIELDS,
        (
            Param("first", Shape.FIELD, "the field with the earlier date"),
            Param("second", Shape.FIELD, "the field with the later date"),
            Param("min_days", Shape.NUMBER, "least number of days between them", 0),
            Param("max_days", Shape.NUMBER, "greatest number of days between them", None),
        ),
        {
            "": Words(
                "วันที่ในช่อง {path} อยู่ก่อน {first} หรือห่างกันไม่ถึง {min_days} วัน",
                "The date in {path} is before {first} or less than {min_days} days after it",
                "ตรวจลำดับของวันที่ทั้งสอง",
                "Check the order of the two dates",
            ),
            "late": Words(
                "วันที่ในช่อง {path} อยู่หลัง {first} เกิน {max_days} วัน",
                "The date in {path} is more than {max_days} days after {first}",
                "ตรวจวันที่ทั้งสอง",
                "Check the two dates",
            ),
        },
        _order,
    ),
    Kind(
        "school_day",
        "The date is a Monday to Friday.",
        "V13",
        Severity.REJECT,
        Form.ONE_FIELD,
        (_FIELD,),
        {
            "": Words(
                "วันที่ในช่อง {path} ไม่ใช่วันเรียน",
                "The date in {path} is no school day",
                "ใช้วันจันทร์ถึงวันศุกร์",
                "Use a day from Monday to Friday",
            )
        },
        _school_day,
    ),
    Kind(
        "fiscal_year",
        "The date lies in the stated fiscal year, which ends on 30 September of that year of the Buddhist era.",
        "V13",
        Severity.WARN,
        Form.FIELDS,
        (
            Param("field", Shape.FIELD, "the field with the fiscal year, B.E."),
            Param("on", Shape.FIELD, "the field with the date"),
        ),
        {
            "": Words(
                "ปีงบประมาณในช่อง {path} ไม่ตรงกับวันที่ใน {on}",
                "The fiscal year in {path} is not that of the date in {on}",
                "ปีงบประมาณเริ่ม 1 ตุลาคม ถึง 30 กันยายน ตรวจทั้งสองช่อง",
                "A fiscal year runs from 1 October to 30 September; check both fields",
            )
        },
        _fiscal_year,
    ),
)
