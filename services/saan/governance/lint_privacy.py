"""Lint of privacy: sensitive facts (section 26 of the PDPA) never share an event with ordinary personal ones.

Whoever may have the one would otherwise need a projection to be kept from the other, and the log itself would hold
both under one key. An event with a field of class C3 or above may say besides only where and when it holds (C0, C1)
and whom it concerns: the fields of its subject, and pseudonyms.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from saan.core.catalogue import DATA_CLASSES, EventType
from saan.governance.fields import fields_of

SENSITIVE = frozenset(DATA_CLASSES[DATA_CLASSES.index("C3") :])
_ORDINARY = frozenset({"C2", "C2k"})
_PSEUDONYM = "subject_is_pseudonym"


def faults(event: EventType) -> Iterator[tuple[str, str, str]]:
    """Path, the fault in Thai, in English."""
    fields = fields_of(event.schema)
    sensitive = sorted(path for path, field in fields.items() if field["class"] in SENSITIVE)
    if sensitive:
        whom = {*event.subject, *_pseudonyms(event)}
        for path, field in fields.items():
            if field["class"] in _ORDINARY and path not in whom:
                yield (
                    "schema",
                    f"ช่อง {path} เป็นข้อมูลทั่วไป แต่อยู่ร่วมกับข้อมูลอ่อนไหว {sensitive[0]} ให้แยกเป็นคนละเหตุการณ์",
                    f"{path} is ordinary and shares the event with the sensitive {sensitive[0]}; split the event",
                )
        if event.data_class not in SENSITIVE:
            yield (
                "class",
                "เหตุการณ์ที่มีข้อมูลอ่อนไหวต้องเป็นชั้น C3 หรือ C3x",
                "an event with sensitive fields is itself of class C3 or C3x",
            )


def _pseudonyms(event: EventType) -> Iterator[str]:
    """The paths that a rule holds to be pseudonyms."""
    for rule in event.rules:
        if rule.kind == _PSEUDONYM:
            yield _field(rule.params)
        rules = rule.params.get("rules")
        for inner in rules if isinstance(rules, list) else ():
            if isinstance(inner, Mapping) and inner.get("kind") == _PSEUDONYM:
                yield f"{_field(rule.params)}.{_field(inner)}"


def _field(rule: Mapping[str, Any]) -> str:
    return str(rule.get("field", ""))
