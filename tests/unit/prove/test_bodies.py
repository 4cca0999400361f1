"""One content has one digest, as JSON and as what another library decodes; another content has another."""

import io
from datetime import date
from typing import Any

import fastavro
import pytest

from saan.prove import bodies

SCHEMA: dict[str, Any] = {
    "type": "record",
    "name": "Told",
    "fields": [
        {"name": "day", "type": {"type": "int", "logicalType": "date"}},
        {"name": "score", "type": ["null", "double"], "default": None},
        {"name": "weight", "type": "float", "default": 0.0},
        {"name": "names", "type": {"type": "array", "items": "string"}, "default": []},
        {
            "name": "days",
            "type": ["null", {"type": "record", "name": "Days", "fields": [{"name": "present", "type": "int"}]}],
            "default": None,
        },
    ],
}
GIVEN = {"day": "2026-01-05", "score": 45, "weight": 43.1, "days": {"present": 3}}


def through_avro(data: dict[str, Any]) -> dict[str, Any]:
    schema, buffer = fastavro.parse_schema(SCHEMA), io.BytesIO()
    fastavro.schemaless_writer(buffer, schema, {**data, "day": date.fromisoformat(data["day"])})
    buffer.seek(0)
    read = fastavro.schemaless_reader(buffer, schema, None)
    assert isinstance(read, dict)
    return read


def test_json_and_avro_of_one_content_have_one_digest() -> None:
    assert bodies.digest(GIVEN, SCHEMA) == bodies.digest(through_avro(GIVEN), SCHEMA)


@pytest.mark.parametrize(
    "other", [{"score": 46}, {"day": "2026-01-06"}, {"names": ["x"]}, {"days": {"present": 4}}, {"days": None}]
)
def test_another_content_has_another_digest(other: dict[str, Any]) -> None:
    assert bodies.digest({**GIVEN, **other}, SCHEMA) != bodies.digest(GIVEN, SCHEMA)
