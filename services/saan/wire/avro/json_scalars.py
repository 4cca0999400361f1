"""Bring JSON values into the scalar types of Avro, or say what is wrong with their form."""

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

Convert = Callable[[Any, str, list[Finding]], Any]
"""Turns a JSON value at a path into data, or adds what is wrong to the list and returns ``None``."""

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_MAX_DECIMAL_DIGITS: Final = 100
_MAX_SINGLE: Final = struct.unpack("<f", b"\xff\xff\x7f\x7f")[0]


def wrong(found: list[Finding], path: str, expected: str) -> None:
    found.append(finding("SCHEMA-1", path, expected=expected))


def integer(limit: int) -> Convert:
    def convert(value: Any, path: str, found: list[Finding]) -> Any:
        if isinstance(value, int) and not isinstance(value, bool) and -limit <= value < limit:
            return value
        return wrong(found, path, "integer")

    return convert


def _number(value: Any, path: str, found: list[Finding]) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            if math.isfinite(value):
                return float(value)
        except OverflowError:
            return wrong(found, path, "number")
    return wrong(found, path, "number")


def _single(value: Any, path: str, found: list[Finding]) -> Any:
    converted = _number(value, path, found)
    if converted is not None and abs(converted) > _MAX_SINGLE:
        return wrong(found, path, "number")
    return converted


def _boolean(value: Any, path: str, found: list[Finding]) -> Any:
    return value if isinstance(value, bool) else wrong(found, path, "true/false")


def text(value: Any, path: str, found: list[Finding]) -> Any:
    if not isinstance(value, str):
        return wrong(found, path, "text")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            found.append(finding("WIRE-7", path))
    return value


def _null(value: Any, path: str, found: list[Finding]) -> Any:
    return None if value is None else wrong(found, path, "null")


def from_base64(value: Any, path: str, found: list[Finding]) -> Any:
    try:
        return base64.b64decode(value, validate=True)
    except (TypeError, ValueError, binascii.Error):
        return wrong(found, path, "base64")


def _date(value: Any, path: str, found: list[Finding]) -> Any:
    if not isinstance(value, str):
        return wrong(found, path, "YYYY-MM-DD")
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
            return wrong(found, path, "RFC 3339")
        moment = instant(value)
        if moment is None:
            found.append(finding("V13", path))
            return None
        return moment // divisor

    return convert


TIMES: Final[Mapping[str, Convert]] = {
    "date": _date,
    "timestamp-micros": _instant(1),
    "timestamp-millis": _instant(1000),
}


def uuid(value: Any, path: str, found: list[Finding]) -> Any:
    try:
        return str(UUID(value))
    except (AttributeError, TypeError, ValueError):
        return wrong(found, path, "UUID")


def decimal(schema: Mapping[str, Any]) -> Convert:
    scale, precision, size = int(schema.get("scale", 0)), int(schema["precision"]), schema.get("size")

    def convert(value: Any, path: str, found: list[Finding]) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            return wrong(found, path, "decimal")
        try:
            exact = Decimal(str(value))
        except (InvalidOperation, ValueError):
            return wrong(found, path, "decimal")
        # Without this a few characters (1e999999) would ask for an integer of a million digits.
        if not exact.is_finite() or not -_MAX_DECIMAL_DIGITS < exact.adjusted() < _MAX_DECIMAL_DIGITS:
            return wrong(found, path, "decimal")
        exact = exact.scaleb(scale)
        unscaled = int(exact)
        if unscaled != exact or abs(unscaled) >= 10**precision:
            return wrong(found, path, f"decimal({precision},{scale})")
        return unscaled.to_bytes(size or (unscaled.bit_length() // 8 + 1), "big", signed=True)

    return convert


SIMPLE: Final[Mapping[str, Convert]] = {
    "null": _null,
    "boolean": _boolean,
    "float": _single,
    "double": _number,
    "string": text,
    "bytes": from_base64,
}
