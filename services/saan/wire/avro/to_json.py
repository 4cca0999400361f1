"""Write the data of a schema as JSON values that people and other programs read."""

import base64
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from saan.core.calendar import rfc3339, to_date
from saan.wire.avro.schema import Names, Schema, kind_of, logical, optional, settled

Convert = Callable[[Any], Any]


def converter(schema: Schema, names: Names[Convert], namespace: str = "") -> Convert:
    """The conversion for one schema. Raises ``ValueError`` for a reference to a type that is not defined."""
    schema = settled(schema)
    if isinstance(schema, list):
        return _union(schema, names, namespace)
    kind, meaning = kind_of(schema), logical(schema)
    if meaning in _TIMES:
        return _TIMES[meaning]
    if meaning == "decimal" and isinstance(schema, Mapping):
        return _decimal(int(schema.get("scale", 0)))
    if kind in ("bytes", "fixed"):
        if isinstance(schema, Mapping) and kind == "fixed":
            names.keep(schema, namespace, _base64)
        return _base64
    if kind in _AS_THEY_ARE:
        return _same
    if isinstance(schema, str) or kind not in _COMPLEX:
        return names.find(kind, namespace)
    return _COMPLEX[kind](schema, names, namespace)


def _same(value: Any) -> Any:
    return value


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _date(value: int) -> str | int:
    try:
        return to_date(value).isoformat()
    except OverflowError:
        return value


def _micros(value: int) -> str | int:
    try:
        return rfc3339(value)
    except OverflowError:
        return value


def _millis(value: int) -> str | int:
    return _micros(value * 1000)


_TIMES: Final[Mapping[str | None, Convert]] = {"date": _date, "timestamp-micros": _micros, "timestamp-millis": _millis}
_AS_THEY_ARE: Final = frozenset(("null", "boolean", "int", "long", "float", "double", "string"))


def _decimal(scale: int) -> Convert:
    def convert(value: bytes) -> str:
        return format(Decimal(int.from_bytes(value, "big", signed=True)).scaleb(-scale), "f")

    return convert


def _union(schema: list[Any], names: Names[Convert], namespace: str) -> Convert:
    pair = optional(schema)
    if pair is not None:
        inner = converter(pair[1], names, namespace)
        return lambda value: None if value is None else inner(value)
    branches = [converter(branch, names, namespace) for branch in schema]

    def convert(value: Any) -> Any:
        for branch in branches:
            try:
                return branch(value)
            except (TypeError, ValueError, AttributeError, KeyError):
                continue  # not this branch: data carry no mark of the branch they came from
        return value

    return convert


def _record(schema: Mapping[str, Any], names: Names[Convert], namespace: str) -> Convert:
    fields: list[tuple[str, Convert]] = []

    def convert(value: Mapping[str, Any]) -> dict[str, Any]:
        return {name: inner(value[name]) for name, inner in fields if name in value}

    inside = names.keep(schema, namespace, convert)
    fields.extend((field["name"], converter(field["type"], names, inside)) for field in schema["fields"])
    return convert


def _enum(schema: Mapping[str, Any], names: Names[Convert], namespace: str) -> Convert:
    names.keep(schema, namespace, _same)
    return _same


def _array(schema: Mapping[str, Any], names: Names[Convert], namespace: str) -> Convert:
    item = converter(schema["items"], names, namespace)
    return lambda value: [item(each) for each in value]


def _map(schema: Mapping[str, Any], names: Names[Convert], namespace: str) -> Convert:
    inner = converter(schema["values"], names, namespace)
    return lambda value: {key: inner(each) for key, each in value.items()}


_COMPLEX: Final[Mapping[str, Callable[[Mapping[str, Any], Names[Convert], str], Convert]]] = {
    "record": _record,
    "enum": _enum,
    "array": _array,
    "map": _map,
}
