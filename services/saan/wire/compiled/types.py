"""An Avro schema as a tree, with every reference to a named type followed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from saan.wire.avro.schema import PRIMITIVES, Schema, full_name, kind_of, optional, settled
from saan.wire.compiled.errors import Uncompilable

DEEPEST: Final = 16
"""Types within types that a program reads; what nests deeper is left to the reference engine."""


@dataclass(frozen=True, slots=True)
class Type:
    """One type at one place of a record.

    ``kind`` is a primitive, ``option`` (a union of null and one type), ``union``, ``array``, ``map``, ``record``,
    ``enum`` or ``fixed``. ``inner`` are the branches, the items, the values or the fields, in their order, ``names``
    the names of the fields. ``size`` is that of a fixed type, and the index of null in an option.
    """

    kind: str
    inner: tuple["Type", ...] = ()
    names: tuple[str, ...] = ()
    symbols: tuple[str, ...] = ()
    size: int = 0

    def fields(self) -> dict[str, "Type"]:
        return dict(zip(self.names, self.inner, strict=True))


def tree(schema: Schema) -> Type:
    """The tree of a schema. Raises ``Uncompilable`` for one that contains itself or nests too deep."""
    return _Reader().read(schema, "", 0)


@dataclass(slots=True)
class _Reader:
    _known: dict[str, tuple[Mapping[str, Any], str]] = field(default_factory=dict)

    def read(self, schema: Schema, namespace: str, depth: int) -> Type:
        if depth > DEEPEST:
            raise Uncompilable("the schema nests too deep")
        schema = settled(schema)
        if isinstance(schema, list):
            pair = optional(schema)
            if pair is not None:
                return Type("option", (self.read(pair[1], namespace, depth + 1),), size=pair[0])
            return Type("union", tuple(self.read(branch, namespace, depth + 1) for branch in schema))
        kind = kind_of(schema)
        if kind in PRIMITIVES:
            return Type(kind)
        if isinstance(schema, str) or kind not in ("array", "map", "record", "enum", "fixed"):
            return self.read(*self._find(kind, namespace), depth + 1)
        return self._complex(kind, schema, namespace, depth)

    def _complex(self, kind: str, schema: Mapping[str, Any], namespace: str, depth: int) -> Type:
        if kind in ("array", "map"):
            items = schema["items" if kind == "array" else "values"]
            return Type(kind, (self.read(items, namespace, depth + 1),))
        name = full_name(schema, namespace)
        self._known[name] = schema, namespace
        if kind == "enum":
            return Type(kind, symbols=tuple(schema["symbols"]))
        if kind == "fixed":
            return Type(kind, size=schema["size"])
        names = tuple(one["name"] for one in schema["fields"])
        if len(set(names)) != len(names):
            raise Uncompilable("two fields have the same name")
        inside = name.rpartition(".")[0]
        return Type(kind, tuple(self.read(one["type"], inside, depth + 1) for one in schema["fields"]), names)

    def _find(self, name: str, namespace: str) -> tuple[Mapping[str, Any], str]:
        full = name if "." in name or not namespace else f"{namespace}.{name}"
        found = self._known.get(full) or self._known.get(name)
        if found is None:
            raise Uncompilable(f"the schema refers to {name}, which it does not define")
        return found
