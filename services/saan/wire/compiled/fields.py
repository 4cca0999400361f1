"""The fields that rules read: each path gets a slot when it is first asked for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from saan.wire.compiled.errors import Uncompilable
from saan.wire.compiled.program import NOTHING
from saan.wire.compiled.types import Type

ITEM = "[]"
Path = tuple[str, ...]
"""Names of fields from the record on; ``ITEM`` steps into an array."""


@dataclass(slots=True)
class Slots:
    """Numbers of paths; slot 0 is the one that is always empty."""

    taken: dict[Path, int] = field(default_factory=dict)

    def of(self, path: Path) -> int:
        return self.taken.setdefault(path, len(self.taken) + 1)


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of one record, or of one item of an array, as the rules about it name them.

    ``record`` is its type, ``path`` where it is, ``lent`` fields of the record around it that items have as their own.
    """

    slots: Slots
    record: Type
    path: Path = ()
    lent: Mapping[str, "Fields"] = field(default_factory=dict)

    def slot(self, name: str | None) -> int:
        """The slot of the field ``a`` or ``a.b``; the empty one where there is no such field.

        Raises ``Uncompilable`` where the path leads through anything but records.
        """
        return NOTHING if (found := self._find(name)) is None else self.slots.of(found[0])

    def slot_and_items(self, name: str) -> int:
        """The slot of a field; if it is an array, its items get one as well."""
        found = self._find(name)
        if found is not None and found[1].kind == "array":
            self.slots.of((*found[0], ITEM))
        return self.slot(name)

    def items(self, name: str) -> "Items | None":
        """The items of the field, which must be an array; ``None`` where there is no such field."""
        found = self._find(name)
        if found is None:
            return None
        path, type = found
        if type.kind != "array":
            raise Uncompilable(f"{name} is no array")
        return Items(self.slots, type.inner[0], (*path, ITEM))

    def lend(self, names: Iterable[str], items: "Items") -> "Fields":
        """The fields of an item of ``items``, beside fields of this record that it is lent."""
        record = _settled(items.type)
        if record is not items.type or record.kind != "record":
            raise Uncompilable("the items are no records")
        return Fields(self.slots, record, items.path, dict.fromkeys(names, self))

    def _find(self, name: str | None) -> tuple[Path, Type] | None:
        if name is None:
            return None
        first, *rest = name.split(".")
        own = self.record.fields()
        if first not in own:
            return self.lent[first]._find(name) if first in self.lent else None
        path, type = (*self.path, first), _settled(own[first])
        for step in rest:
            if type.kind != "record":
                raise Uncompilable(f"{name} leads through {type.kind}")
            inner = type.fields().get(step)
            if inner is None:
                return None
            path, type = (*path, step), _settled(inner)
        return path, type


@dataclass(frozen=True, slots=True)
class Items:
    """The items of an array."""

    slots: Slots
    type: Type
    path: Path

    @property
    def slot(self) -> int:
        """The slot of an item itself."""
        return self.slots.of(self.path)

    def field(self, name: str | None) -> int:
        """The slot of a field of an item that is a record."""
        return Fields(self.slots, self.type, self.path).slot(name) if name is not None else NOTHING


def _settled(type: Type) -> Type:
    """The type that is there when it is not null."""
    return type.inner[0] if type.kind == "option" else type
