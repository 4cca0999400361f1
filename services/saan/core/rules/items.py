"""Rules about arrays: other rules for every item (``each``), and no value twice (``unique``)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from saan.core.catalogue import RuleSpec
from saan.core.outcome import Finding, Severity
from saan.core.rules.kind import NOTHING, Check, Data, Facts, Form, Kind, Rule, Words, reader
from saan.core.rules.param import Param, Shape

_NO_PARAMS = frozenset(("code", "kind", "severity", "message"))


def rule_spec(written: Mapping[str, Any]) -> RuleSpec:
    """A rule as the catalogue writes it: ``code``, ``kind``, ``severity``, ``message``; all else are parameters."""
    params = {name: value for name, value in written.items() if name not in _NO_PARAMS}
    return RuleSpec(written["code"], written["kind"], written.get("severity", ""), params, written.get("message", {}))


def each(kinds: Mapping[str, Kind]) -> Kind:
    """The kind that applies rules of the other ``kinds`` to every record of an array."""

    def prepare(rule: Rule) -> Check:
        read, array = rule.get("field"), rule["field"]
        lent = {name: reader(name) for name in rule["lend"]}
        specs = [rule_spec(written) for written in rule["rules"]]
        unknown = [spec.kind for spec in specs if spec.kind not in kinds]
        if unknown:
            raise ValueError(f"there is no rule kind {unknown[0]} for the items of an array")
        checks = [kinds[spec.kind].build(spec, rule.tables) for spec in specs]

        def check(data: Data, facts: Facts) -> tuple[Finding, ...]:
            found = NOTHING
            shared = {name: value(data) for name, value in lent.items()}
            for position, alone in enumerate(read(data) or ()):
                item = {**shared, **alone} if shared else alone
                for inner in checks:
                    if objections := inner(item, facts):
                        found += tuple(replace(o, path=f"{array}[{position}].{o.path}") for o in objections)
            return found

        return check

    return Kind(
        "each",
        "Rules for every record of an array; they see the fields of the item and carry their own codes.",
        "V4",
        Severity.REJECT,
        Form.FIELDS,
        (
            Param("field", Shape.FIELD, "the field with the array"),
            Param("rules", Shape.RULES, "the rules, written as in a catalogue entry"),
            Param("lend", Shape.FIELDS, "fields of the record that the rules read as if each item had them", ()),
        ),
        {},
        prepare,
    )


def _unique(rule: Rule) -> Check:
    read, by, said = rule.get("field"), rule["by"], rule.say(rule["field"])

    def check(data: Data, _: Facts) -> tuple[Finding, ...]:
        items = read(data) or ()
        values = [item[by] for item in items] if by is not None else items
        return said if len(values) != len(set(values)) else NOTHING

    return check


KINDS = (
    Kind(
        "unique",
        "No two items of an array carry the same value.",
        "V17",
        Severity.REJECT,
        Form.FIELDS,
        (
            Param("field", Shape.FIELD, "the field with the array"),
            Param("by", Shape.TEXT, "the item's field that must differ; left out: the items themselves", None),
        ),
        {
            "": Words(
                "รายการในช่อง {path} มีค่าซ้ำกัน",
                "Two items in {path} carry the same value",
                "ตัดรายการที่ซ้ำออก",
                "Remove the repeated item",
            )
        },
        _unique,
    ),
)
