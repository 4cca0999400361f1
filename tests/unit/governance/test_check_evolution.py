"""A schema may follow an earlier version only where no reader, old or new, would be misled."""

from typing import Any

import pytest

from saan.governance.lint_evolution import lint_evolution

DATE = {"type": "int", "logicalType": "date"}
MONEY = {"type": "bytes", "logicalType": "decimal", "precision": 7, "scale": 2}
KIND = {"type": "enum", "name": "Kind", "symbols": ["A", "UNKNOWN"], "default": "UNKNOWN"}
INNER = {"type": "record", "name": "Inner", "fields": [{"name": "n", "type": "int"}]}


def record(*fields: dict[str, Any], name: str = "Thing") -> dict[str, Any]:
    return {"type": "record", "name": name, "namespace": "th.saan.student", "doc": "A thing.", "fields": list(fields)}


def field(name: str, type_: Any = "string", **more: Any) -> dict[str, Any]:
    return {"name": name, "type": type_, **more}


@pytest.mark.parametrize(
    ("old", "new", "code", "path"),
    [
        (record(field("a")), record(field("a", "int")), "type-changed", "a"),
        (record(field("a", "int")), record(field("a", "long")), "type-changed", "a"),
        (record(field("a")), record(field("a", ["null", "string"])), "type-changed", "a"),
        (record(field("a", ["null", "int"])), record(field("a", ["null", "string"])), "type-changed", "a"),
        (record(field("a", DATE)), record(field("a", "int")), "logical-type-changed", "a"),
        (record(field("a", "int")), record(field("a", DATE)), "logical-type-changed", "a"),
        (record(field("a", DATE)), record(field("a", {**DATE, "logicalType": "x"})), "logical-type-changed", "a"),
        (record(field("a", MONEY)), record(field("a", {**MONEY, "scale": 3})), "decimal-changed", "a"),
        (record(field("a", MONEY)), record(field("a", {**MONEY, "precision": 9})), "decimal-changed", "a"),
        (
            record(field("a", ["null", MONEY])),
            record(field("a", ["null", {**MONEY, "scale": 0}])),
            "decimal-changed",
            "a",
        ),
        (record(field("a", KIND)), record(field("a", {**KIND, "symbols": ["UNKNOWN"]})), "symbol-removed", "a"),
        (record(field("a", KIND)), record(field("a", {**KIND, "name": "Sort"})), "renamed", "a"),
        (record(field("a")), record(field("a"), name="Other"), "renamed", ""),
        (record(field("a")), record(field("a"), field("b")), "added-without-default", "b"),
        (record(field("a"), field("b")), record(field("a")), "removed-without-default", "b"),
        (record(field("a", default="")), record(field("b", default="")), "renamed-with-default", "b"),
        (
            record(field("a", default="")),
            record(field("b", "int", default=0, aliases=["a"])),
            "renamed-with-default",
            "b",
        ),
        (record(field("a")), record(field("a", default="")), "default-changed", "a"),
        (
            record(field("a", {"type": "array", "items": INNER})),
            record(field("a", {"type": "array", "items": {**INNER, "fields": [{"name": "n", "type": "long"}]}})),
            "type-changed",
            "a.n",
        ),
        (
            record(field("a", {"type": "map", "values": "int"})),
            record(field("a", {"type": "map", "values": "string"})),
            "type-changed",
            "a",
        ),
    ],
)
def test_a_change_that_misleads_a_reader_is_refused(
    old: dict[str, Any], new: dict[str, Any], code: str, path: str
) -> None:
    found = lint_evolution(old, new)
    assert (code, path) in {(fault.code, fault.path) for fault in found}
    assert all(fault.th and fault.en for fault in found)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (record(field("a")), record(field("a"))),
        (record(field("a")), record(field("a"), field("b", ["null", "int"], default=None))),
        (record(field("a"), field("b", "int", default=0)), record(field("a"))),
        (record(field("a", KIND)), record(field("a", {**KIND, "symbols": ["A", "B", "UNKNOWN"]}))),
        (record(field("a", KIND)), record(field("a", {**KIND, "default": "A"}))),
        (record(field("a", "int")), record(field("a", {"type": "int"}))),
    ],
)
def test_a_change_that_every_reader_survives_is_let_through(old: dict[str, Any], new: dict[str, Any]) -> None:
    assert lint_evolution(old, new) == []
