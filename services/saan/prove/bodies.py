"""One digest for the content of an event, whether it is still JSON or was decoded from Avro by another library.

The digest is over every field of the schema with its default where nothing was given, so a field that was changed,
dropped or invented on the way gives another one.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

Schema = Any
"""A parsed Avro schema: a name, a union (list) or a definition (mapping)."""


def digest(data: Mapping[str, Any], schema: Schema) -> str:
    """SHA-256 (hex) of the content of one record of ``schema``."""
    plain = json.dumps(filled(data, schema), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()


def filled(data: Mapping[str, Any], schema: Schema) -> dict[str, Any]:
    """Every field of the record, values as plain JSON, defaults where nothing was given."""
    return {f["name"]: _value(data.get(f["name"], f.get("default")), f["type"]) for f in schema["fields"]}


def _value(value: Any, type_: Schema) -> Any:
    if value is None:
        return None
    if isinstance(type_, list):
        return _value(value, next(branch for branch in type_ if branch != "null"))
    kind = type_["type"] if isinstance(type_, dict) else type_
    if kind == "record":
        return filled(value, type_)
    if kind == "array":
        return [_value(one, type_["items"]) for one in value]
    if kind == "map":
        return {name: _value(one, type_["values"]) for name, one in value.items()}
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, bool | str):
        return value
    if isinstance(value, int | float | Decimal):
        # A number may come as 45, 45.0, Decimal("45.00") or a 32-bit float: six digits are what all of them keep.
        return str(int(value)) if value == int(value) else f"{float(value):.6g}"
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else str(value)
