"""The laws of strict decoding hold for every schema in ``schemas/``, not only for one made for the purpose."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saan.core.outcome import Finding
from saan.wire.avro import Codec
from saan.wire.avro.schema import kind_of, settled
from saan.wire.files import default_folder

SCHEMAS = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in sorted((default_folder() / "avro").glob("*.avsc"))
}
CODECS = {name: Codec(schema) for name, schema in SCHEMAS.items()}

SIMPLE = {
    "null": st.none(),
    "boolean": st.booleans(),
    "int": st.integers(-(2**31), 2**31 - 1),
    "long": st.integers(-(2**63), 2**63 - 1),
    "float": st.floats(width=32, allow_nan=False),
    "double": st.floats(allow_nan=False),
    "string": st.text(max_size=12),
    "bytes": st.binary(max_size=12),
}


def data_of(schema: Any, named: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Any data that the schema allows."""
    schema = settled(schema)
    if isinstance(schema, list):
        return st.one_of([data_of(branch, named) for branch in schema])
    kind = kind_of(schema)
    if kind in SIMPLE:
        return SIMPLE[kind]
    if isinstance(schema, str):
        return data_of(named[schema.rpartition(".")[2]], named)
    if "name" in schema:
        named[schema["name"]] = schema
    if kind == "enum":
        return st.sampled_from(schema["symbols"])
    if kind == "fixed":
        return st.binary(min_size=schema["size"], max_size=schema["size"])
    if kind == "array":
        return st.lists(data_of(schema["items"], named), max_size=2)
    if kind == "map":
        return st.dictionaries(SIMPLE["string"], data_of(schema["values"], named), max_size=2)
    return st.fixed_dictionaries({field["name"]: data_of(field["type"], named) for field in schema["fields"]})


@pytest.mark.parametrize("name", SCHEMAS)
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.data())
def test_any_data_of_a_schema_round_trip_and_no_shorter_bytes_do(name: str, data: st.DataObject) -> None:
    codec = CODECS[name]
    value: Mapping[str, Any] = data.draw(data_of(SCHEMAS[name], {}))
    body = codec.encode(value)
    assert codec.decode(body) == value
    shorter = codec.decode(body[: data.draw(st.integers(0, len(body) - 1))])
    assert isinstance(shorter, Finding)
    assert shorter.code == "WIRE-3"


@pytest.mark.parametrize("name", SCHEMAS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.data())
def test_a_changed_byte_never_gives_two_readings(name: str, data: st.DataObject) -> None:
    codec = CODECS[name]
    body = bytearray(codec.encode(data.draw(data_of(SCHEMAS[name], {}))))
    body[data.draw(st.integers(0, len(body) - 1))] ^= data.draw(st.integers(1, 255))
    decoded = codec.decode(bytes(body))
    if not isinstance(decoded, Finding):
        again = codec.decode(codec.encode(decoded))
        assert repr(again) == repr(decoded)
