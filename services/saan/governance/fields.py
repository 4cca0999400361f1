"""Which fields a record schema has, by path: ``gradeLevelCode``, ``transcriptRef.sha256``, ``exceptions.status``."""

from collections.abc import Iterator, Mapping
from typing import Any

from saan.wire.views import records_in

Field = Mapping[str, Any]


def fields_of(schema: Mapping[str, Any]) -> dict[str, Field]:
    """Every field of the record by path, those of nested records and of records in arrays included."""
    return dict(_walk(schema, ""))


def items_of(field: Field) -> dict[str, Field]:
    """The fields of the records that an array or nested field holds."""
    return {path: inner for record in records_in(field["type"]) for path, inner in _walk(record, "")}


def is_date(field: Field) -> bool:
    """Whether the field, nullable or not, is a date."""
    types = field["type"] if isinstance(field["type"], list) else [field["type"]]
    return any(isinstance(t, Mapping) and t.get("logicalType") == "date" for t in types)


def is_nullable(field: Field) -> bool:
    return isinstance(field["type"], list) and "null" in field["type"]


def _walk(record: Mapping[str, Any], above: str) -> Iterator[tuple[str, Field]]:
    for field in record["fields"]:
        path = above + field["name"]
        yield path, field
        for inner in records_in(field["type"]):
            yield from _walk(inner, f"{path}.")
