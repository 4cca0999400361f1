"""Rules about codes and places: V4 (in the list), V5 (nesting), and one field allowed by another."""

from collections.abc import Callable, Collection
from typing import Any

from saan.core.codes import CODE_SHAPE, Code, in_force
from saan.core.outcome import Finding, Severity
from saan.core.rules.kind import NOTHING, Check, Data, Facts, Form, Kind, Rule, Tables, Words
from saan.core.rules.param import Param, Shape

Decision = Callable[[Any, int | None], tuple[Finding, ...]]

_FIELD = Param("field", Shape.FIELD, "the field with the code")
_ON = Param("on", Shape.FIELD, "the field with the date on which the code must be valid", "effectiveDate")


def codes_of(tables: Tables, name: str) -> dict[str, Code]:
    """The codes of a list by code. Raises ``ValueError`` for a list that is not there."""
    if name not in tables.codes:
        raise ValueError(f"there is no code list {name}")
    return dict(tables.codes[name].codes)


def _known(rule: Rule) -> Check:
    value, said = rule.get("field"), rule.say(rule["field"])

    def check(data: Data, _: Facts) -> tuple[Finding, ...]:
        return said if value(data) == "UNKNOWN" else NOTHING

    return check


def _code(rule: Rule) -> Check:
    value, on, decide = rule.get("field"), rule.get("on"), _decision(rule, rule["list"], rule["values"])
    beside = frozenset(rule["also"])

    def check(data: Data, _: Facts) -> tuple[Finding, ...]:
        code = value(data)
        if code is None or (isinstance(code, str) and code in beside):
            return NOTHING
        return decide(code, on(data))

    return check


def _code_by(rule: Rule) -> Check:
    value, by, on = (rule.get(name) for name in ("field", "by", "on"))
    decisions = {key: _decision(rule, name, None) for key, name in rule["lists"].items()}

    def check(data: Data, _: Facts) -> tuple[Finding, ...]:
        code, decide = value(data), decisions.get(str(by(data)))
        return NOTHING if code is None or decide is None else decide(code, on(data))

    return check


def _decision(rule: Rule, name: str, wanted: Collection[str] | None) -> Decision:
    """What is found in a code, or in an array of them, on a day by one list or by the ``wanted`` ones of its codes.

    Of a list without values nobody knows what is in it: whatever has the shape of a code passes, and is flagged.
    """
    codes, said = codes_of(rule.tables, name), rule.say(rule["field"])
    if codes:
        fine, passed = in_force({c: one for c, one in codes.items() if wanted is None or c in wanted}), NOTHING
    else:
        fine, passed = _shaped, rule.say(rule["field"], "empty", Severity.WARN)

    def decide(code: Any, day: int | None) -> tuple[Finding, ...]:
        if not isinstance(code, list):
            return passed if fine(code, day) else said
        if not code:
            return NOTHING
        return passed if all(fine(item, day) for item in code) else said

    return decide


def _shaped(code: Any, _: int | None) -> bool:
    return CODE_SHAPE.fullmatch(str(code)) is not None


def _nesting(rule: Rule) -> Check:
    """Each place must exist on the date and begin with the code of every larger place that is given."""
    on = rule.get("on")
    places = [
        (rule.get(name), in_force(codes_of(rule.tables, name)), rule.say(rule[name]))
        for name in ("province", "district", "subdistrict")
        if rule[name] is not None
    ]

    def check(data: Data, _: Facts) -> tuple[Finding, ...]:
        larger = ""
        for value, exists, said in places:
            code = value(data)
            if code is None:
                continue
            if not exists(code, on(data)) or not code.startswith(larger):
                return said
            larger = code
        return NOTHING

    return check


def _allowed(rule: Rule) -> Check:
    value, by, said = rule.get("field"), rule.get("by"), rule.say(rule["field"])
    table = {key: frozenset(values) for key, values in rule["table"].items()}

    def check(data: Data, _: Facts) -> tuple[Finding, ...]:
        ones, deciding = _several(value(data)), _several(by(data))
        allowed = [table[one] for one in deciding if one in table]
        if not deciding or len(allowed) < len(deciding):
            return NOTHING
        return NOTHING if all(any(one in values for values in allowed) for one in ones) else said

    return check


def _several(value: Any) -> list[str]:
    """The items of an array, or the one value, as text; nothing for ``None``."""
    if value is None:
        return []
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


KINDS = (
    Kind(
        "known",
        "An enumerated field says something: it is not UNKNOWN.",
        "V4",
        Severity.REJECT,
        Form.ONE_FIELD,
        (Param("field", Shape.FIELD, "the enumerated field"),),
        {
            "": Words(
                "ช่อง {path} ไม่มีค่าที่รู้จัก",
                "{path} has no known value",
                "เลือกค่าตามสคีมาของเหตุการณ์",
                "Choose one of the symbols of the event's schema",
            )
        },
        _known,
    ),
    Kind(
        "code",
        "The code, or each code of an array, is in the list and valid on the date.",
        "V4",
        Severity.REJECT,
        Form.CODE_SET,
        (
            _FIELD,
            Param("list", Shape.LIST, "the code list"),
            _ON,
            Param("values", Shape.TEXTS, "only these codes of the list", None),
            Param("also", Shape.TEXTS, "values that pass beside the list", ()),
        ),
        {
            "": Words(
                "รหัสในช่อง {path} ไม่อยู่ในรายการ {list} ที่ใช้ในวันที่มีผล",
                "The code in {path} is not in the list {list} on the effective date",
                "ใช้รหัสจากรายการ {list} รุ่นปัจจุบัน",
                "Use a code of the current list {list}",
            ),
            "empty": Words(
                "รายการ {list} ยังไม่มีค่า จึงตรวจรหัสในช่อง {path} ไม่ได้",
                "The list {list} has no values yet, so the code in {path} could not be checked",
                "ไม่ต้องแก้ตอนนี้ ตรวจอีกครั้งเมื่อประกาศรายการ {list} แล้ว",
                "Nothing to mend now; check again once the list {list} is published",
            ),
        },
        _code,
    ),
    Kind(
        "code_by",
        "The code is in the list that the value of another field chooses, and valid on the date.",
        "V4",
        Severity.REJECT,
        Form.CODE_SET,
        (
            _FIELD,
            Param("by", Shape.FIELD, "the field that chooses the list"),
            Param("lists", Shape.LISTS, "value of `by` to the code list; other values are let pass"),
            _ON,
        ),
        {
            "": Words(
                "รหัสในช่อง {path} ไม่อยู่ในรายการที่ใช้กับค่าใน {by}",
                "The code in {path} is not in the list that goes with the value in {by}",
                "ตรวจ {by} แล้วใช้รหัสจากรายการของค่านั้น",
                "Check {by} and use a code of the list that goes with it",
            ),
            "empty": Words(
                "รายการที่ใช้กับค่าใน {by} ยังไม่มีค่า จึงตรวจรหัสในช่อง {path} ไม่ได้",
                "The list that goes with the value in {by} has no values yet, so {path} could not be checked",
                "ไม่ต้องแก้ตอนนี้ ตรวจอีกครั้งเมื่อประกาศรายการนั้นแล้ว",
                "Nothing to mend now; check again once that list is published",
            ),
        },
        _code_by,
    ),
    Kind(
        "nesting",
        "Province, district and subdistrict exist on the date, and each lies in the larger one.",
        "V5",
        Severity.REJECT,
        Form.STATE,
        (
            Param("province", Shape.FIELD, "the field with the 2-digit province", None),
            Param("district", Shape.FIELD, "the field with the 4-digit district", None),
            Param("subdistrict", Shape.FIELD, "the field with the 6-digit subdistrict", None),
            Param("on", Shape.FIELD, "the field with the date on which the places must exist", "effectiveDate"),
        ),
        {
            "": Words(
                "รหัสในช่อง {path} ไม่มีอยู่ในวันที่มีผล หรือไม่อยู่ในอำเภอหรือจังหวัดที่ระบุ",
                "The place in {path} does not exist on the effective date or lies outside the larger place stated",
                "ตรวจรหัสตำบล อำเภอ และจังหวัดให้ซ้อนกันถูกต้อง",
                "Check that subdistrict, district and province lie within one another",
            )
        },
        _nesting,
    ),
    Kind(
        "allowed",
        "The value, or each of an array, is one that the value of another field, or one value of an array, allows; a "
        "value of that field that is not in the table allows everything.",
        "V8",
        Severity.REJECT,
        Form.FIELDS,
        (
            Param("field", Shape.FIELD, "the field objected to"),
            Param("by", Shape.FIELD, "the field that decides what is allowed"),
            Param("table", Shape.TABLE, "value of `by` to the allowed values"),
        ),
        {
            "": Words(
                "ค่าในช่อง {path} ใช้กับค่าใน {by} ไม่ได้",
                "The value in {path} is not allowed with the value in {by}",
                "แก้ {path} หรือ {by} ให้ตรงกัน",
                "Make {path} and {by} agree",
            )
        },
        _allowed,
    ),
)
