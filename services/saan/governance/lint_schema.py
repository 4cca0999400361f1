"""Lint of one Avro schema: what the Avro library and the registry let through, and what Saan needs on every field."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from saan.core.catalogue import DATA_CLASSES
from saan.wire.files import Fault
from saan.wire.views import PRIMITIVES

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*", re.ASCII)
_NAMESPACE = re.compile(r"[a-z][a-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)*", re.ASCII)

LOGICAL = {
    "date": "int",
    "time-millis": "int",
    "time-micros": "long",
    "timestamp-millis": "long",
    "timestamp-micros": "long",
    "uuid": "string",
    "decimal": "bytes",
}
"""Logical types in use, with the primitive each stands on. A reader passes over one that it does not know."""

Named = dict[str, Mapping[str, Any]]
"""The types defined so far, by name."""

Found = Iterator[tuple[str, str, str]]
"""Path in the schema, the fault in Thai, in English."""


def file_faults(file: str, schema: Mapping[str, Any]) -> Iterator[Fault]:
    """The faults of one file in ``avro/``."""
    for path, th, en in faults(schema):
        yield Fault(f"avro/{file}", path, th, en)


def faults(schema: Mapping[str, Any]) -> Found:
    """Every fault of one schema."""
    if not _NAMESPACE.fullmatch(str(schema.get("namespace", ""))):
        yield "namespace", "ต้องมี namespace เป็นอักษร ASCII", "give an ASCII namespace, for example th.saan.student"
    yield from _type(schema, "", {})


def _type(type_: Any, path: str, named: Named) -> Found:
    if isinstance(type_, list):
        yield from _union(type_, path, named)
    elif isinstance(type_, str):
        known = named.get(type_.rpartition(".")[2])
        if type_ not in PRIMITIVES and known is None:
            yield path, f"ไม่มีชนิดข้อมูลชื่อ {type_}", f"there is no type {type_}; define it before it is used"
        elif known is not None and known.get("type") == "record":
            # Classes and projections go by path; a record met by its name alone would pass them by.
            yield path, f"ต้องเขียน record {type_} ซ้ำ", f"write the record {type_} out again under a name of its own"
    elif isinstance(type_, Mapping):
        yield from _logical(type_, path)
        match type_.get("type"):
            case "record":
                yield from _named(type_, path, named)
                yield from _record(type_, path, named)
            case "enum":
                yield from _named(type_, path, named)
                yield from _enum(type_, path)
            case "fixed":
                yield from _named(type_, path, named)
                if not isinstance(type_.get("size"), int) or type_["size"] < 1:
                    yield path, "fixed ต้องมี size", "a fixed type needs a size in bytes"
            case "array":
                yield from _type(type_.get("items", "items is missing"), path, named)
            case "map":
                yield from _type(type_.get("values", "values is missing"), path, named)
            case inner:
                yield from _type(inner, path, named)
    else:
        yield path, "ชนิดข้อมูลต้องเป็นชื่อ รายการ หรือวัตถุ", "a type is a name, a list or an object"


def _union(branches: list[Any], path: str, named: Named) -> Found:
    if len(branches) != 2 or branches[0] != "null":
        yield (
            path,
            'union ใช้ได้เฉพาะ ["null", ชนิด]',
            'the only unions are ["null", type]: nobody guesses which branch holds',
        )
    for branch in branches:
        yield from _type(branch, path, named)


def _named(type_: Mapping[str, Any], path: str, named: Named) -> Found:
    name = str(type_.get("name", ""))
    if not _NAME.fullmatch(name):
        yield path or "name", "ชื่อต้องเป็นอักษร ASCII", "a name is ASCII letters, digits and _, beginning with a letter"
    if name in named:
        yield path, f"ชื่อ {name} ถูกนิยามสองครั้ง", f"the name {name} is defined twice in this schema"
    if not path and not type_.get("doc"):
        yield "doc", "record ชั้นนอกสุดต้องมี doc", "the record needs a doc: what happened when such an event is said"
    named[name] = type_


def _record(record: Mapping[str, Any], path: str, named: Named) -> Found:
    fields = record.get("fields")
    if not isinstance(fields, list) or not fields:
        yield path or "fields", "record ไม่มีช่องข้อมูล", "a record without fields says nothing; give it at least one"
        return
    taken: set[str] = set()
    for i, field in enumerate(fields):
        if not isinstance(field, Mapping) or not isinstance(field.get("name"), str):
            yield f"{path}[{i}]", "ช่องข้อมูลต้องมี name", "a field is an object with a name"
            continue
        at = f"{path}.{field['name']}" if path else field["name"]
        yield from _field_names(field, at, taken)
        yield from _labels(field, at)
        yield from _type(field.get("type"), at, named)
        yield from _default(field, at, named)


def _field_names(field: Mapping[str, Any], path: str, taken: set[str]) -> Found:
    aliases = field.get("aliases", [])
    for name in (field["name"], *(aliases if isinstance(aliases, list) else [aliases])):
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            yield path, f"ชื่อช่อง {name!r} ต้องเป็นอักษร ASCII", f"the field name or alias {name!r} is not plain ASCII"
        elif name in taken:
            yield path, f"ชื่อหรือชื่อแฝง {name} ซ้ำ", f"the name or alias {name} is taken by another field"
        else:
            taken.add(name)


def _labels(field: Mapping[str, Any], path: str) -> Found:
    for key in ("doc", "label_th", "label_en"):
        if not field.get(key):
            yield path, f"ช่องนี้ต้องมี {key}", f"the field needs a {key}"
    if not isinstance(field.get("standard"), str):
        yield path, 'ช่องนี้ต้องมี standard ("" ถ้าไม่มีในมาตรฐาน)', 'the field needs a standard ("" where it has none)'
    if field.get("class") not in DATA_CLASSES:
        yield path, "class ต้องเป็นชั้นข้อมูล C0 ถึง C3x", f"the class must be one of {', '.join(DATA_CLASSES)}"


def _enum(enum: Mapping[str, Any], path: str) -> Found:
    symbols = enum.get("symbols")
    if not isinstance(symbols, list) or not all(isinstance(symbol, str) for symbol in symbols):
        yield path, "enum ต้องมีรายการ symbols", "an enum has a list of symbols"
        return
    if len(set(symbols)) != len(symbols):
        yield path, "symbol ซ้ำกัน", "a symbol stands twice"
    for symbol in symbols:
        if not _NAME.fullmatch(symbol):
            yield path, f"symbol {symbol!r} ต้องเป็นอักษร ASCII", f"the symbol {symbol!r} is not plain ASCII"
    if enum.get("default") not in symbols:
        yield (
            path,
            "enum ต้องมี default ที่เป็น symbol",
            "an enum needs a default that is one of its symbols, from version 1",
        )


def _logical(type_: Mapping[str, Any], path: str) -> Found:
    logical = type_.get("logicalType")
    if logical is None:
        return
    if logical not in LOGICAL:
        yield (
            path,
            f"ไม่รู้จัก logicalType {logical}",
            f"the logical type {logical} is not in use; choose one of {', '.join(LOGICAL)}",
        )
    elif type_.get("type") != LOGICAL[logical]:
        yield path, f"{logical} ต้องเป็น {LOGICAL[logical]}", f"{logical} must stand on {LOGICAL[logical]}"
    elif logical == "decimal":
        precision, scale = type_.get("precision"), type_.get("scale", 0)
        if not (isinstance(precision, int) and isinstance(scale, int) and 0 <= scale <= precision and precision > 0):
            yield path, "decimal ต้องมี precision และ scale ที่ถูกต้อง", "a decimal needs a precision and a scale within it"


def _default(field: Mapping[str, Any], path: str, named: Named) -> Found:
    type_ = field.get("type")
    nullable = isinstance(type_, list) and "null" in type_
    if "default" not in field:
        if nullable:
            yield path, "ช่องที่ว่างได้ต้องมี default: null", "a nullable field needs the default null"
    elif not fits(field["default"], type_[0] if isinstance(type_, list) and type_ else type_, named):
        yield (
            path,
            "default ไม่ตรงกับชนิดของช่อง",
            "the default does not fit the field's type (of an enum: one of its symbols)",
        )


def fits(value: Any, type_: Any, named: Named) -> bool:
    """Whether a JSON value may be the default of a type; for a union, ask about its first branch."""
    if isinstance(type_, Mapping) and isinstance(type_.get("type"), str):
        return _fits_complex(value, type_, named)
    match type_:
        case "null":
            return value is None
        case "boolean":
            return isinstance(value, bool)
        case "int" | "long":
            bits = 31 if type_ == "int" else 63
            return isinstance(value, int) and not isinstance(value, bool) and -(2**bits) <= value < 2**bits
        case "float" | "double":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "string" | "bytes":
            return isinstance(value, str)
        case _:
            known = named.get(str(type_).rpartition(".")[2])
            return known is not None and _fits_complex(value, known, named)


def _fits_complex(value: Any, type_: Mapping[str, Any], named: Named) -> bool:
    match type_["type"]:
        case "enum":
            return isinstance(value, str) and value in type_.get("symbols", ())
        case "array":
            return isinstance(value, list) and all(fits(item, type_.get("items"), named) for item in value)
        case "fixed":
            return isinstance(value, str) and len(value) == type_.get("size")
        case "map":
            return isinstance(value, dict) and all(fits(item, type_.get("values"), named) for item in value.values())
        case "record":
            fields = {f.get("name"): f.get("type") for f in type_.get("fields", ())}
            return isinstance(value, dict) and all(n in fields and fits(v, fields[n], named) for n, v in value.items())
        case primitive:
            return fits(value, primitive, named)
