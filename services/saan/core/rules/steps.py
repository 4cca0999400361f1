"""Rules about going from one code to the next (V10), judged within one record."""

from saan.core.outcome import Finding, Severity
from saan.core.rules.codes import codes_of
from saan.core.rules.kind import NOTHING, Check, Data, Facts, Form, Kind, Rule, Words
from saan.core.rules.param import Param, Shape


def _step(rule: Rule) -> Check:
    before, after, by = rule.get("before"), rule.get("field"), rule.get("by")
    place = {code: at for at, code in enumerate(sorted(codes_of(rule.tables, rule["list"])))}
    allowed = {value: frozenset(map(int, steps)) for value, steps in rule["steps"].items()}
    said = rule.say(rule["field"])

    def check(data: Data, _: Facts) -> tuple[Finding, ...]:
        start, end, steps = place.get(before(data)), place.get(after(data)), allowed.get(str(by(data)))
        if start is None or end is None or steps is None:
            return NOTHING
        return NOTHING if end - start in steps else said

    return check


KINDS = (
    Kind(
        "code_step",
        "In the order of its list, the code lies as far behind another one as the value of a third field allows.",
        "V10",
        Severity.REJECT,
        Form.CODE_SET,
        (
            Param("before", Shape.FIELD, "the field with the code to start from"),
            Param("field", Shape.FIELD, "the field with the code to arrive at"),
            Param("list", Shape.LIST, "the code list, whose codes rise in order"),
            Param("by", Shape.FIELD, "the field that decides; values not in the table pass"),
            Param("steps", Shape.TABLE, "value of `by` to the allowed numbers of steps"),
        ),
        {
            "": Words(
                "ค่าในช่อง {path} ไม่ใช่ลำดับที่ต่อจาก {before} ตามค่าใน {by}",
                "The code in {path} does not follow the one in {before} as {by} says",
                "ตรวจ {before} {path} และ {by}",
                "Check {before}, {path} and {by}",
            )
        },
        _step,
    ),
)
