"""Lint of a schema's next version against an earlier one: FULL compatibility said clearly, and what it misses.

The registry's own check accepts a renamed field with a default, a changed decimal scale or a logical type put on a
plain number: every reader goes on reading, and what it reads is wrong or empty.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class SchemaFault:
    """Why a schema must not follow an earlier version. ``code`` names the lint, ``path`` the field."""

    code: str
    path: str
    th: str
    en: str


def lint_evolution(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[SchemaFault]:
    """Everything that forbids ``new`` as a later version of ``old``; empty: it may follow."""
    return list(_type(old, new, ""))


def _type(old: Any, new: Any, path: str) -> Iterator[SchemaFault]:
    old, new = _spread(old), _spread(new)
    if _kind(old) != _kind(new):
        yield SchemaFault(
            "type-changed", path, "เปลี่ยนชนิดข้อมูลไม่ได้ ให้เพิ่มช่องชื่อใหม่แทน", "the type changed; add a field with a new name"
        )
        return
    if isinstance(old, list):
        for one, other in zip(old, new, strict=True):
            yield from _type(one, other, path)
    else:
        yield from _complex(old, new, path)


def _complex(old: Mapping[str, Any], new: Mapping[str, Any], path: str) -> Iterator[SchemaFault]:
    yield from _logical(old, new, path)
    if old.get("name") != new.get("name") or (not path and old.get("namespace") != new.get("namespace")):
        yield SchemaFault(
            "renamed", path, "เปลี่ยนชื่อหรือ namespace ของชนิดไม่ได้ ให้ใช้ชื่อเดิม", "a type keeps its name and namespace for life"
        )
    match old["type"]:
        case "record":
            yield from _record(old, new, path)
        case "enum":
            for symbol in old["symbols"]:
                if symbol not in new["symbols"]:
                    said = f"the symbol {symbol} went; keep it, old records hold it"
                    yield SchemaFault("symbol-removed", path, f"ลบ symbol {symbol} ไม่ได้ ให้คงไว้เพราะข้อมูลเก่ายังใช้", said)
        case "array":
            yield from _type(old["items"], new["items"], path)
        case "map":
            yield from _type(old["values"], new["values"], path)


def _logical(old: Mapping[str, Any], new: Mapping[str, Any], path: str) -> Iterator[SchemaFault]:
    if old.get("logicalType") != new.get("logicalType"):
        said = "a logical type was put on, taken off or changed; readers would take the number for another thing"
        yield SchemaFault("logical-type-changed", path, "เพิ่ม ลบ หรือเปลี่ยน logicalType ไม่ได้ ให้เพิ่มช่องชื่อใหม่แทน", said)
    elif old.get("logicalType") == "decimal" and _measure(old) != _measure(new):
        said = "precision and scale of a decimal are frozen; the same bytes would be another amount"
        yield SchemaFault("decimal-changed", path, "เปลี่ยน precision หรือ scale ไม่ได้ เพราะไบต์เดิมจะเป็นจำนวนอื่น", said)


def _measure(decimal: Mapping[str, Any]) -> tuple[Any, Any]:
    return decimal.get("precision"), decimal.get("scale", 0)


def _record(old: Mapping[str, Any], new: Mapping[str, Any], path: str) -> Iterator[SchemaFault]:
    before = {field["name"]: field for field in old["fields"]}
    after = {field["name"]: field for field in new["fields"]}
    prefix = f"{path}." if path else ""
    gone = [name for name in before if name not in after]
    added = [name for name in after if name not in before]
    for name in added:
        if "default" not in after[name]:
            said = "a new field needs a default, or old records cannot be read"
            yield SchemaFault("added-without-default", prefix + name, "ช่องใหม่ต้องมี default มิฉะนั้นอ่านข้อมูลเก่าไม่ได้", said)
    for name in gone:
        if "default" not in before[name]:
            said = "a field without default cannot go, or old readers fail"
            yield SchemaFault(
                "removed-without-default", prefix + name, "ลบช่องที่ไม่มี default ไม่ได้ เพราะผู้อ่านรุ่นเก่าจะอ่านไม่ได้", said
            )
    for name in added:
        for other in gone:
            if other in after[name].get("aliases", ()) or _kind(before[other]["type"]) == _kind(after[name]["type"]):
                said = f"it looks like {other} under a new name: its values would be lost in silence; keep the old name"
                yield SchemaFault(
                    "renamed-with-default",
                    prefix + name,
                    f"ดูเหมือนเปลี่ยนชื่อจาก {other} ค่าเดิมจะหายไปเงียบ ๆ ให้ใช้ชื่อเดิม",
                    said,
                )
    for name in before.keys() & after.keys():
        if ("default" in before[name]) != ("default" in after[name]):
            said = "a field keeps having a default, or not having one"
            yield SchemaFault("default-changed", prefix + name, "เพิ่มหรือลบ default ของช่องเดิมไม่ได้ ให้คงไว้อย่างเดิม", said)
        yield from _type(before[name]["type"], after[name]["type"], prefix + name)


def _spread(type_: Any) -> Any:
    """``"int"`` and ``{"type": "int"}`` say the same."""
    return {"type": type_} if isinstance(type_, str) else type_


def _kind(type_: Any) -> str:
    """What two types must have in common: the Avro type."""
    if isinstance(type_, list):
        return "|".join(_kind(branch) for branch in type_)
    return str(type_["type"]) if isinstance(type_, Mapping) else str(type_)
