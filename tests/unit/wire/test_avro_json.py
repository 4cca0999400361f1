"""JSON in and out of Avro data, with every objection named."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saan.wire.avro import Codec

ITEM = {"type": "record", "name": "Item", "fields": [{"name": "subject", "type": "string"}]}
SCHEMA: dict[str, Any] = {
    "type": "record",
    "name": "R",
    "fields": [
        {"name": "name", "type": "string"},
        {"name": "born", "type": {"type": "int", "logicalType": "date"}},
        {"name": "at", "type": ["null", {"type": "long", "logicalType": "timestamp-micros"}], "default": None},
        {"name": "kind", "type": {"type": "enum", "name": "K", "symbols": ["a", "UNKNOWN"], "default": "UNKNOWN"}},
        {"name": "count", "type": "int", "default": 1},
        {"name": "weight", "type": ["null", "double"], "default": None},
        {
            "name": "fee",
            "type": ["null", {"type": "bytes", "logicalType": "decimal", "precision": 5, "scale": 2}],
            "default": None,
        },
        {"name": "flag", "type": ["null", "boolean"], "default": None},
        {"name": "raw", "type": ["null", "bytes"], "default": None},
        {"name": "id", "type": ["null", {"type": "string", "logicalType": "uuid"}], "default": None},
        {"name": "items", "type": {"type": "array", "items": ITEM}, "default": []},
        {"name": "texts", "type": {"type": "map", "values": "string"}, "default": {}},
        {"name": "any", "type": ["null", "string", "int"], "default": None},
    ],
}
CODEC = Codec(SCHEMA)
GOOD: dict[str, Any] = {"name": "นูรีดา", "born": "2012-03-01", "kind": "a"}


def said(changed: dict[str, Any]) -> list[tuple[str, str]]:
    found = CODEC.from_json({**GOOD, **changed})
    assert isinstance(found, tuple), found
    return [(f.code, f.path) for f in found]


def test_json_becomes_data_and_comes_back() -> None:
    full = {
        **GOOD,
        "at": "2025-06-04T02:04:38.000000Z",
        "count": 3,
        "weight": 43.5,
        "fee": "-12.50",
        "flag": False,
        "raw": "AP8=",
        "id": "019738ae-eef0-72be-9e1a-a6df5a245e86",
        "items": [{"subject": "st-1"}],
        "texts": {"k": "v"},
        "any": 7,
    }
    data = CODEC.from_json(full)
    assert isinstance(data, dict)
    assert (data["born"], data["at"], data["fee"], data["raw"]) == (
        15_400,
        1_749_002_678_000_000,
        b"\xfb\x1e",
        b"\x00\xff",
    )
    decoded = CODEC.decode(CODEC.encode(data))
    assert isinstance(decoded, dict)
    assert CODEC.to_json(decoded) == full


def test_fields_with_a_default_may_be_absent_or_null_where_null_is_allowed() -> None:
    assert CODEC.from_json({**GOOD, "weight": None}) == {"name": "นูรีดา", "born": 15_400, "kind": "a", "weight": None}


@pytest.mark.parametrize(
    ("changed", "code", "path"),
    [
        ({"name": None}, "V18", "name"),
        ({"count": None}, "V18", "count"),
        ({"kind": "b"}, "V4", "kind"),
        ({"kind": 1}, "V4", "kind"),
        ({"born": "2012-02-30"}, "V13", "born"),
        ({"born": "01/03/2555"}, "V13", "born"),
        ({"born": "20120301"}, "V13", "born"),
        ({"born": 15_400}, "SCHEMA-1", "born"),
        ({"at": "2025-06-04T02:04:38"}, "V13", "at"),
        ({"at": 5}, "SCHEMA-1", "at"),
        ({"name": 5}, "SCHEMA-1", "name"),
        ({"name": "\ud800"}, "WIRE-7", "name"),
        ({"count": "1"}, "SCHEMA-1", "count"),
        ({"count": 1.0}, "SCHEMA-1", "count"),
        ({"count": True}, "SCHEMA-1", "count"),
        ({"count": 2**31}, "SCHEMA-1", "count"),
        ({"weight": "43.5"}, "SCHEMA-1", "weight"),
        ({"weight": float("nan")}, "SCHEMA-1", "weight"),
        ({"weight": 10**400}, "SCHEMA-1", "weight"),
        ({"fee": "1.005"}, "SCHEMA-1", "fee"),
        ({"fee": "1000"}, "SCHEMA-1", "fee"),
        ({"fee": "much"}, "SCHEMA-1", "fee"),
        ({"fee": "Infinity"}, "SCHEMA-1", "fee"),
        ({"fee": "1e999999"}, "SCHEMA-1", "fee"),
        ({"flag": "true"}, "SCHEMA-1", "flag"),
        ({"raw": "?"}, "SCHEMA-1", "raw"),
        ({"id": "x"}, "SCHEMA-1", "id"),
        ({"items": {}}, "SCHEMA-1", "items"),
        ({"items": [{"subject": "a"}, {}]}, "V18", "items[1].subject"),
        ({"items": ["a"]}, "SCHEMA-1", "items[0]"),
        ({"texts": {"k": 1}}, "SCHEMA-1", "texts[0]"),
        ({"any": 1.5}, "SCHEMA-1", "any"),
        ({"nmae": "x"}, "SCHEMA-2", "nmae"),
        ({"1000000000009": "x"}, "SCHEMA-2", "?"),
        ({"n1000000000009": "x"}, "SCHEMA-2", "?"),
    ],
)
def test_each_objection_has_a_code_and_a_path(changed: dict[str, Any], code: str, path: str) -> None:
    assert said(changed) == [(code, path)]


def test_all_objections_are_said_at_once() -> None:
    found = CODEC.from_json({"kind": "b", "count": "1"})
    assert isinstance(found, tuple)
    assert {(f.code, f.path) for f in found} == {
        ("V18", "name"),
        ("V18", "born"),
        ("V4", "kind"),
        ("SCHEMA-1", "count"),
    }


@pytest.mark.parametrize("value", [None, 1, "x", [], True])
def test_what_is_no_object_is_refused(value: Any) -> None:
    found = CODEC.from_json(value)
    assert isinstance(found, tuple)
    assert [f.code for f in found] == ["SCHEMA-1"]


def test_a_date_outside_the_calendar_stays_a_number() -> None:
    assert CODEC.to_json({"born": 2**30, "at": 2**62}) == {"born": 2**30, "at": 2**62}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from([f["name"] for f in SCHEMA["fields"]]), JSON))
def test_no_json_makes_it_fail_and_what_it_accepts_can_be_encoded(changed: dict[str, Any]) -> None:
    found = CODEC.from_json({**GOOD, **changed})
    if isinstance(found, dict):
        assert isinstance(CODEC.decode(CODEC.encode(found)), dict)
