"""Bring JSON values into the data of a schema, or say everything that is wrong with their form."""

import base64
import binascii
import math
import re
import struct
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from uuid import UUID

from saan.core.calendar import days
from saan.core.envelope import instant
from saan.core.outcome import Finding
from saan.core.said import finding
from saan.wire.avro.schema import Names, Schema, kind_of, logical, optional, settled

Convert = Callable[[Any, str, list[Finding]], Any]
"""Turns a JSON value at a path into data, or adds what is wrong to the list and returns ``None``."""

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_FIELD_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
_LONG_IDENTIFIER = re.compile(r"\d{5}")
_INTEGERS: Final = {"int": 2**31, "long": 2**63}
_MAX_DECIMAL_DIGITS: Final = 100


def converter(schema: Schema, names: Names[Convert], namespace: str = "") -> Convert:
    """The conversion for one schema. Raises ``ValueError`` for a reference to a type that is not defined."""
    schema = settled(schema)
    if isinstance(schema, list):
        return _union(schema, names, namespace)
    kind, meaning = kind_of(schema), logical(schema)
    if kind in ("int", "long"):
        return _TIMES.get(meaning or "") or _integer(_INTEGERS[kind])
    if meaning == "decimal" and isinstance(schema, Mapping):
        return _decimal(schema)
    if meaning == "uuid":
        return _uuid
    if kind in _SIMPLE:
        return _SIMPLE[kind]
    if isinstance(schema, str) or kind not in _COMPLEX:
        return names.find(kind, namespace)
    return _COMPLEX[kind](schema, names, namespace)


def _wrong(found: list[Finding], path: str, expected: str) -> None:
    found.append(finding("SCHEMA-1", path, expected=expected))


def _integer(limit: int) -> Convert:
    def convert(value: Any, path: str, found: list[Finding]) -> Any:
        if isinstance(value, int) and not isinstance(value, bool) and -limit <= value < limit:
            return value
        return _wrong(found, path, "integer")

    return convert


def _number(value: Any, path: str, found: list[Finding]) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            if math.isfinite(value):
                return float(value)
        except OverflowError:
            return _wrong(found, path, "number")
    return _wrong(found, path, "number")


def _single(value: Any, path: str, found: list[Finding]) -> Any:
    converted = _number(value, path, found)
    if converted is not None and abs(converted) > _MAX_SINGLE:
        return _wrong(found, path, "number")
    return converted


_MAX_SINGLE: Final = struct.unpack("<f", b"\xff\xff\x7f\x7f")[0]


def _boolean(value: Any, path: str, found: list[Finding]) -> Any:
    return value if isinstance(value, bool) else _wrong(found, path, "true/false")


def _string(value: Any, path: str, found: list[Finding]) -> Any:
    if not isinstance(value, str):
        return _wrong(found, path, "text")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            found.append(finding("WIRE-7", path))
    return value


def _null(value: Any, path: str, found: list[Finding]) -> Any:
    return None if value is None else _wrong(found, path, "null")


def _bytes(value: Any, path: str, found: list[Finding]) -> Any:
    try:
        return base64.b64decode(value, validate=True)
    except (TypeError, ValueError, binascii.Error):
        return _wrong(found, path, "base64")


def _date(value: Any, path: str, found: list[Finding]) -> Any:
    if not isinstance(value, str):
        return _wrong(found, path, "YYYY-MM-DD")
    if _DATE.fullmatch(value):
        try:
            return days(date.fromisoformat(value))
        except ValueError:
            pass  # a date that no calendar has is said below, like any other text
    found.append(finding("V13", path))
    return None


def _instant(divisor: int) -> Convert:
    def convert(value: Any, path: str, found: list[Finding]) -> Any:
        if not isinstance(value, str):
            return _wrong(found, path, "RFC 3339")
        moment = instant(value)
        if moment is None:
            found.append(finding("V13", path))
            return None
        return moment // divisor

    return convert


_TIMES: Final[Mapping[str, Convert]] = {
    "date": _date,
    "timestamp-micros": _instant(1),
    "timestamp-millis": _instant(1000),
}


def _uuid(value: Any, path: str, found: list[Finding]) -> Any:
    try:
        return str(UUID(value))
    except (AttributeError, TypeError, ValueError):
        return _wrong(found, path, "UUID")


def _decimal(schema: Mapping[str, Any]) -> Convert:
    scale, precision, size = int(schema.get("scale", 0)), int(schema["precision"]), schema.get("size")

    def convert(value: Any, path: str, found: list[Finding]) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            return _wrong(found, path, "decimal")
        try:
            exact = Decimal(str(value))
        except (InvalidOperation, ValueError):
            return _wrong(found, path, "decimal")
        # Without this a few characters (1e999999) would ask for an integer of a million digits.
        if not exact.is_finite() or not -_MAX_DECIMAL_DIGITS < exact.adjusted() < _MAX_DECIMAL_DIGITS:
            return _wrong(found, path, "decimal")
        exact = exact.scaleb(scale)
        unscaled = int(exact)
        if unscaled != exact or abs(unscaled) >= 10**precision:
            return _wrong(found, path, f"decimal({precision},{scale})")
        return unscaled.to_bytes(size or (unscaled.bit_length() // 8 + 1), "big", signed=True)

    return convert


_SIMPLE: Final[Mapping[str, Convert]] = {
    "null": _null,
    "boolean": _boolean,
    "float": _single,
    "double": _number,
    "string": _string,
    "bytes": _bytes,
}


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
        return _wrong(found, path, "union")

    return convert


def _record(schema: Mapping[str, Any], names: Names[Convert], namespace: str) -> Convert:
    fields: dict[str, tuple[Convert, bool, bool]] = {}

    def convert(value: Any, path: str, found: list[Finding]) -> Any:
        if not isinstance(value, dict):
            return _wrong(found, path, "object")
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
        raw = _bytes(value, path, found)
        return raw if raw is None or len(raw) == size else _wrong(found, path, f"base64 ({size})")

    names.keep(schema, namespace, convert)
    return convert


def _array(schema: Mapping[str, Any], names: Names[Convert], namespace: str) -> Convert:
    item = converter(schema["items"], names, namespace)

    def convert(value: Any, path: str, found: list[Finding]) -> Any:
        if not isinstance(value, list):
            return _wrong(found, path, "array")
        return [item(each, f"{path}[{position}]", found) for position, each in enumerate(value)]

    return convert


def _map(schema: Mapping[str, Any], names: Names[Convert], namespace: str) -> Convert:
    inner = converter(schema["values"], names, namespace)

    def convert(value: Any, path: str, found: list[Finding]) -> Any:
        if not isinstance(value, dict):
            return _wrong(found, path, "object")
        return {
            _string(key, path, found): inner(each, f"{path}[{position}]", found)
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
