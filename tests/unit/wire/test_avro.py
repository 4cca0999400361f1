"""Avro is read strictly: what the specification forbids is refused with the field that holds it."""

import io
import struct
from typing import Any

import fastavro
import pytest
from hypothesis import given
from hypothesis import strategies as st

from saan.core.outcome import Finding
from saan.wire.avro import Codec
from saan.wire.avro.schema import plain

DECIMAL = {"type": "bytes", "logicalType": "decimal", "precision": 6, "scale": 2}
ITEM = {
    "type": "record",
    "name": "Item",
    "fields": [{"name": "subject", "type": "string"}, {"name": "minutes", "type": "int"}],
}
SCHEMA = {
    "type": "record",
    "name": "Everything",
    "namespace": "th.saan.test",
    "doc": "One field of every kind.",
    "fields": [
        {"name": "flag", "type": "boolean", "doc": "", "class": "C0"},
        {"name": "small", "type": "int"},
        {"name": "large", "type": "long", "default": 0},
        {"name": "ratio", "type": "double"},
        {"name": "single", "type": "float"},
        {"name": "name", "type": "string"},
        {"name": "nick", "type": ["null", "string"], "default": None},
        {"name": "raw", "type": "bytes"},
        {"name": "day", "type": {"type": "int", "logicalType": "date"}},
        {"name": "at", "type": {"type": "long", "logicalType": "timestamp-micros"}},
        {"name": "fee", "type": ["null", DECIMAL], "default": None},
        {
            "name": "kind",
            "type": {"type": "enum", "name": "Kind", "symbols": ["a", "b", "UNKNOWN"], "default": "UNKNOWN"},
        },
        {"name": "hash", "type": {"type": "fixed", "name": "Hash", "size": 2}},
        {"name": "items", "type": {"type": "array", "items": ITEM}, "default": []},
        {"name": "texts", "type": {"type": "map", "values": "string"}, "default": {}},
        {"name": "any", "type": ["int", "string", "null"]},
        {"name": "last", "type": ["null", "Item"], "default": None},
        {"name": "other", "type": "Kind"},
    ],
}
CODEC = Codec(SCHEMA)
PARSED = fastavro.parse_schema(plain(SCHEMA))

INTS = st.integers(-(2**31), 2**31 - 1)
LONGS = st.integers(-(2**63), 2**63 - 1)
TEXT = st.text(max_size=70)
ITEMS = st.fixed_dictionaries({"subject": TEXT, "minutes": INTS})
KINDS = st.sampled_from(["a", "b", "UNKNOWN"])
DATA = st.fixed_dictionaries(
    {
        "flag": st.booleans(),
        "small": INTS,
        "large": LONGS,
        "ratio": st.floats(allow_nan=False),
        "single": st.floats(width=32, allow_nan=False),
        "name": TEXT,
        "nick": st.none() | TEXT,
        "raw": st.binary(max_size=70),
        "day": INTS,
        "at": LONGS,
        "fee": st.none() | st.binary(min_size=1, max_size=3),
        "kind": KINDS,
        "hash": st.binary(min_size=2, max_size=2),
        "items": st.lists(ITEMS, max_size=3),
        "texts": st.dictionaries(TEXT, TEXT, max_size=3),
        "any": st.none() | INTS | TEXT,
        "last": st.none() | ITEMS,
        "other": KINDS,
    }
)
ONE: dict[str, Any] = {
    "flag": True,
    "small": 1,
    "large": 2,
    "ratio": 1.5,
    "single": 0.5,
    "name": "นูรีดา",
    "nick": None,
    "raw": b"\x00\xff",
    "day": 20_241,
    "at": 1_749_002_678_000_000,
    "fee": b"\x01\x00",
    "kind": "b",
    "hash": b"ab",
    "items": [{"subject": "st-1", "minutes": 5}],
    "texts": {"k": "v"},
    "any": 7,
    "last": None,
    "other": "a",
}


def codec(type_: Any) -> Codec:
    return Codec({"type": "record", "name": "R", "fields": [{"name": "f", "type": type_}]})


def refused(codec: Codec, body: bytes) -> tuple[str, str]:
    found = codec.decode(body)
    assert isinstance(found, Finding), found
    return found.code, found.path


@given(DATA)
def test_any_data_come_back_as_they_were(data: dict[str, Any]) -> None:
    assert CODEC.decode(CODEC.encode(data)) == data


@given(DATA)
def test_the_avro_library_reads_the_same_from_the_same_bytes(data: dict[str, Any]) -> None:
    body = CODEC.encode(data)
    assert fastavro.schemaless_reader(io.BytesIO(body), PARSED, None) == CODEC.decode(body)


@given(DATA, st.integers(0), st.integers(1, 255))
def test_a_changed_byte_is_refused_or_gives_data_with_exactly_these_bytes(data: Any, at: int, by: int) -> None:
    body = bytearray(CODEC.encode(data))
    body[at % len(body)] ^= by
    decoded = CODEC.decode(bytes(body))
    if not isinstance(decoded, Finding):
        assert CODEC.decode(CODEC.encode(decoded)) == decoded or "nan" in repr(decoded)


@given(st.binary(max_size=200))
def test_no_bytes_make_decoding_fail(body: bytes) -> None:
    assert isinstance(CODEC.decode(body), dict | Finding)


def test_truncation_at_every_byte_is_told_from_other_damage() -> None:
    body = CODEC.encode(ONE)
    assert {refused(CODEC, body[:end])[0] for end in range(len(body))} == {"WIRE-3"}


def test_bytes_after_the_end_are_refused() -> None:
    assert refused(CODEC, CODEC.encode(ONE) + b"\x00") == ("WIRE-4", "")


@pytest.mark.parametrize(
    ("type_", "body", "code"),
    [
        ({"type": "enum", "name": "E", "symbols": ["a", "b"]}, b"\x01", "WIRE-5"),
        ({"type": "enum", "name": "E", "symbols": ["a", "b"]}, b"\x04", "WIRE-5"),
        ("boolean", b"\x07", "WIRE-6"),
        ("string", b"\x02\xff", "WIRE-7"),
        ("string", b"\x02", "WIRE-3"),
        ("string", b"\x01", "WIRE-8"),
        ("int", b"\x80\x00", "WIRE-8"),
        ("int", b"\x80\x80\x80\x80\x10", "WIRE-8"),
        ("long", b"\xff" * 9 + b"\x02", "WIRE-8"),
        ("long", b"\xff" * 20, "WIRE-8"),
        (["null", "string"], b"\x04", "WIRE-8"),
        (["null", "string"], b"\x01", "WIRE-8"),
        (["null", "string", "int"], b"\x06", "WIRE-8"),
        ({"type": "fixed", "name": "F", "size": 3}, b"ab", "WIRE-3"),
        ("double", b"1234567", "WIRE-3"),
        ({"type": "array", "items": "string"}, b"\xfe\xff\xff\xff\xff\x0f\x00", "WIRE-3"),
        ({"type": "array", "items": "string"}, b"\x01\x06\x02a\x00", "WIRE-8"),
        ({"type": "map", "values": "int"}, b"\x04\x02a\x02\x02a\x04\x00", "WIRE-8"),
    ],
)
def test_what_the_specification_forbids_is_refused_with_its_field(type_: Any, body: bytes, code: str) -> None:
    assert refused(codec(type_), body) == (code, "f")


def test_the_path_leads_through_arrays_and_records() -> None:
    nested = codec({"type": "array", "items": ITEM})
    assert refused(nested, b"\x04\x02a\x02\x02\xff") == ("WIRE-7", "f[1].subject")


@pytest.mark.parametrize("body", [b"\x04\x02a\x02b\x00", b"\x02\x02a\x02\x02b\x00", b"\x03\x08\x02a\x02b\x00"])
def test_an_array_may_come_in_several_blocks_and_with_byte_sizes(body: bytes) -> None:
    assert codec({"type": "array", "items": "string"}).decode(body) == {"f": ["a", "b"]}


def test_a_type_may_contain_itself_but_not_without_end() -> None:
    schema = {"type": "record", "name": "Node", "fields": [{"name": "next", "type": ["null", "Node"]}]}
    chain = Codec(schema)
    assert chain.decode(b"\x02\x02\x00") == {"next": {"next": {"next": None}}}
    assert refused(chain, b"\x02" * 100_000 + b"\x00")[0] == "WIRE-8"


@pytest.mark.parametrize("items", ["null", {"type": "fixed", "name": "F", "size": 0}])
def test_a_schema_with_an_array_of_nothing_is_refused(items: Any) -> None:
    with pytest.raises(ValueError, match="no bytes"):
        codec({"type": "array", "items": items})


def test_only_records_have_a_codec_and_only_defined_names_a_meaning() -> None:
    with pytest.raises(ValueError, match="record"):
        Codec({"type": "enum", "name": "E", "symbols": ["a"]})
    with pytest.raises(ValueError, match="Nowhere"):
        codec("Nowhere")


def test_absent_fields_with_a_default_are_encoded_as_their_default() -> None:
    without = {name: value for name, value in ONE.items() if name not in ("large", "nick", "items")}
    decoded = CODEC.decode(CODEC.encode(without))
    assert decoded == {**ONE, "large": 0, "nick": None, "items": []}


def test_not_a_number_survives_as_it_is() -> None:
    decoded = codec("double").decode(struct.pack("<d", float("nan")))
    assert isinstance(decoded, dict)
    assert decoded["f"] != decoded["f"]
