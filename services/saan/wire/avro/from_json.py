"""Bring JSON values into the data of a schema, or say everything that is wrong with their form."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from saan.core.outcome import Finding
from saan.core.said import finding
from saan.wire.avro.json_scalars import SIMPLE, TIMES, Convert, decimal, from_base64, integer, text, uuid, wrong
from saan.wire.avro.schema import Names, Schema, kind_of, logical, optional, settled

_FIELD_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
_LONG_IDENTIFIER = re.compile(r"\d{5}")
_INTEGERS: Final = {"int": 2**31, "long": 2**63}


def converter(schema: Schema, names: Names[Convert], namespace: str = "") -> Convert:
    """The conversion for one schema. Raises ``ValueError`` for a reference to a type that is not defined."""
    schema = settled(schema)
    if isinstance(schema, list):
        return _union(schema, names, namespace)
    kind, meaning = kind_of(schema), logical(schema)
    if kind in ("int", "long"):
        return TIMES.get(meaning or "") or integer(_INTEGERS[kind])
    if meaning == "decimal" and isinstance(schema, Mapping):
        return decimal(schema)
    if meaning == "uuid":
        return uuid
    if kind in SIMPLE:
        return SIMPLE[kind]
    if isinstance(schema, str) or kind not in _COMPLEX:
        return names.find(kind, namespace)
    return _COMPLEX[kind](schema, names, namespace)


def _union(schema: list[Any], names: Names[Convert], namespace: str) -> Convert:
    pair = optional(schema)
    if pair is not None:
        inner = converter(pair[1], names, namespace)
        return lambda value, path, found: None if value is None else inner(value, path, found)
    branches = [converter(branch, names, namespace) for branch in schema]

    def convert(value: Any, path: str, found: list[Finding]) -> Any:
        for branch in branches:
            tried: list[Finding] = []
            converted = branch(value, path, tried)
            if not tried:
                return converted
        return wrong(found, path, "union")

    return convert


def _record(schema: Mapping[str, Any], names: Names[Convert], namespace: str) -> Convert:
    fields: dict[str, tuple[Convert, bool, bool]] = {}

    def convert(value: Any, path: str, found: list[Finding]) -> Any:
        if not isinstance(value, dict):
            return wrong(found, path, "object")
        prefix = f"{path}." if path else ""
        data = {}
        for name, (inner, nullable, has_default) in fields.items():
            given = value.get(name)
            if given is not None or (nullable and name in value):
                data[name] = inner(given, prefix + name, found)
            elif name in value or not has_default:
                found.append(finding("V18", prefix + name))
        found.extend(finding("SCHEMA-2", prefix + _safe(name)) for name in value if name not in fields)
        return data

    inside = names.keep(schema, namespace, convert)
    for field in schema["fields"]:
        inner = converter(field["type"], names, inside)
        fields[field["name"]] = inner, _nullable(field["type"]), "default" in field
    return convert


def _nullable(schema: Schema) -> bool:
    schema = settled(schema)
    return schema == "null" or (isinstance(schema, list) and "null" in schema)


def _safe(name: object) -> str:
    """A field name that a finding may repeat: not one that could hide an identity or is no name at all."""
    text = str(name)
    return text if _FIELD_NAME.fullmatch(text) and not _LONG_IDENTIFIER.search(text) else "?"


def _enum(schema: Mapping[str, Any], names: Names[Convert], namespace: str) -> Convert:
    symbols = frozenset(schema["symbols"])

    def convert(value: Any, path: str, found: list[Finding]) -> Any:
        if isinstance(value, str) and value in symbols:
            return value
        found.append(finding("V4", path))
        return None

    names.keep(schema, namespace, convert)
    return convert


def _fixed(schema: Mapping[str, Any], names: Names[Convert], namespace: str) -> Convert:
    size = schema["size"]

    def convert(value: Any, path: str, found: list[Finding]) -> Any:
        raw = from_base64(value, path, found)
        return raw if raw is None or len(raw) == size else wrong(found, path, f"base64 ({size})")

    names.keep(schema, namespace, convert)
    return convert


def _array(schema: Mapping[str, Any], names: Names[Convert], namespace: str) -> Convert:
    item = converter(schema["items"], names, namespace)

    def convert(value: Any, path: str, found: list[Finding]) -> Any:
        if not isinstance(value, list):
            return wrong(found, path, "array")
        return [item(each, f"{path}[{position}]", found) for position, each in enumerate(value)]

    return convert


def _map(schema: Mapping[str, Any], names: Names[Convert], namespace: str) -> Convert:
    inner = converter(schema["values"], names, namespace)

    def convert(value: Any, path: str, found: list[Finding]) -> Any:
        if not isinstance(value, dict):
            return wrong(found, path, "object")
        return {
            text(key, path, found): inner(each, f"{path}[{position}]", found)
            for position, (key, each) in enumerate(value.items())
        }

    return convert


_COMPLEX: Final[Mapping[str, Callable[[Mapping[str, Any], Names[Convert], str], Convert]]] = {
    "record": _record,
    "enum": _enum,
    "fixed": _fixed,
    "array": _array,
    "map": _map,
}
