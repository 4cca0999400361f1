"""Rules about numbers beside one another (V13, V14): shares with a total, a fixed distance, a limit in one case."""

from saan.core.outcome import Finding, Severity
from saan.core.rules.kind import NOTHING, Check, Data, Facts, Form, Kind, Rule, Words
from saan.core.rules.numbers import number
from saan.core.rules.param import Param, Shape

_TOLERANCE = 1e-6


def _sum(rule: Rule) -> Check:
    fields, total = rule["fields"], rule["total"]
    reads = [number(name, rule.tables.scales) for name in fields]
    said = rule.say(fields[0].rpartition(".")[0] or fields[0])

    def check(data: Data, _: Facts) -> tuple[Finding, ...]:
        shares = [share for read in reads if (share := read(data)) is not None]
        return NOTHING if not shares or abs(sum(shares) - total) <= _TOLERANCE else said

    return check


def _distance(rule: Rule) -> Check:
    one, other = number(rule["field"], rule.tables.scales), number(rule["other"], rule.tables.scales)
    wanted, said = rule["by"], rule.say(rule["field"])

    def check(data: Data, _: Facts) -> tuple[Finding, ...]:
        value, origin = one(data), other(data)
        return NOTHING if value is None or origin is None or value - origin == wanted else said

    return check


def _limit_if(rule: Rule) -> Check:
    read, most = number(rule["field"], rule.tables.scales), rule["max"]
    by, values, said = rule.get("by"), frozenset(rule["values"]), rule.say(rule["field"])

    def check(data: Data, _: Facts) -> tuple[Finding, ...]:
        value = read(data)
        return said if value is not None and value > most and str(by(data)) in values else NOTHING

    return check


KINDS = (
    Kind(
        "sum",
        "The numbers that are given add up to a total; where none is given there is nothing to add.",
        "V14",
        Severity.REJECT,
        Form.FIELDS,
        (
            Param("fields", Shape.FIELDS, "the fields with the shares; the record that holds them is named"),
            Param("total", Shape.NUMBER, "what they add up to", 100),
        ),
        {
            "": Words(
                "ผลรวมของสัดส่วนในช่อง {path} ไม่เท่ากับ {total}",
                "The shares in {path} do not add up to {total}",
                "ปรับสัดส่วนให้รวมได้ {total}",
                "Make the shares add up to {total}",
            )
        },
        _sum,
    ),
    Kind(
        "distance",
        "The number is another one of the record plus a fixed distance.",
        "V13",
        Severity.REJECT,
        Form.FIELDS,
        (
            Param("field", Shape.FIELD, "the field objected to"),
            Param("other", Shape.FIELD, "the field that it is counted from"),
            Param("by", Shape.NUMBER, "the distance", 1),
        ),
        {
            "": Words(
                "ค่าในช่อง {path} ไม่เท่ากับ {other} บวก {by}",
                "The number in {path} is not that in {other} plus {by}",
                "ตรวจทั้งสองช่อง",
                "Check both fields",
            )
        },
        _distance,
    ),
    Kind(
        "limit_if",
        "The number is not greater than a limit where another field holds one of the values.",
        "V14",
        Severity.WARN,
        Form.FIELDS,
        (
            Param("field", Shape.FIELD, "the field with the number"),
            Param("max", Shape.NUMBER, "greatest value in that case"),
            Param("by", Shape.FIELD, "the field that decides"),
            Param("values", Shape.TEXTS, "the values of `by` for which the limit holds"),
        ),
        {
            "": Words(
                "ค่าในช่อง {path} เกิน {max} ซึ่งไม่สอดคล้องกับค่าใน {by}",
                "The number in {path} is above {max}, which does not agree with {by}",
                "ตรวจ {path} และ {by}",
                "Check {path} and {by}",
            )
        },
        _limit_if,
    ),
)
