"""Tables that programs look texts up in. Made once per state of governance and shared by its programs."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from saan.core.codes import Code
from saan.core.organisations import Organisation, Organisations
from saan.core.rules import Tables
from saan.core.rules.codes import codes_of
from saan.wire.compiled.errors import Uncompilable

ALWAYS: Final = -1
"""The value of a code that is valid on every day."""
FIRST: Final = -(2**63)
LAST: Final = 2**63 - 1
_MOST_SPANS: Final = 255
_MOST_BITS: Final = 63

Span = tuple[int, int]
"""From one day to before another; ``FIRST`` and ``LAST`` where it is open."""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """``values`` by text; ``cells`` and ``texts`` hold what does not fit into a value.

    In a table of codes a value is ``ALWAYS``, or where in ``cells`` the spans of validity begin, times 256, plus how
    many there are. In one of organisations it is where its row of ``ROW`` cells begins.
    """

    values: Mapping[str, int]
    cells: tuple[int, ...] = ()
    texts: tuple[str, ...] = ()


ROW: Final = ("kind", "from", "to", "levels", "province", "code")
"""Cells of an organisation: the bit of its kind, its first day and the day after its last, the bits of its grade levels
(0: not known), and where in ``texts`` its province and its 10-digit code are (-1: it has none)."""


@dataclass(frozen=True, slots=True)
class Register:
    """Organisations as a table, with the meaning of the bits in it."""

    table: Table
    kinds: Mapping[str, int]
    levels: Table


class Library:
    """Makes the tables of one state of governance, each once."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._codes: dict[tuple[str, frozenset[str] | None, frozenset[str]], Table] = {}
        self._register: Register | None = None

    def codes(self, name: str, only: Collection[str] | None = None, also: Collection[str] = ()) -> Table:
        """The codes of a list, or some of them, with their validity; ``also`` are texts that are always in it."""
        key = name, None if only is None else frozenset(only), frozenset(also)
        if key not in self._codes:
            found = codes_of(self._tables, name)
            self._codes[key] = _codes({c: one for c, one in found.items() if only is None or c in only}, key[2])
        return self._codes[key]

    def register(self, organisations: Organisations) -> Register:
        """The organisations."""
        if self._register is None:
            self._register = _register(organisations)
        return self._register


def spans(pairs: Iterable[tuple[int | None, int | None]]) -> list[Span]:
    """Times of validity with their open ends as numbers."""
    return [(FIRST if start is None else start, LAST if end is None else end) for start, end in pairs]


def _codes(codes: Mapping[str, Code], also: frozenset[str]) -> Table:
    values: dict[str, int] = {}
    cells: list[int] = []
    for code, one in codes.items():
        if one.always:
            values[code] = ALWAYS
            continue
        times = spans((each.valid_from, each.valid_to) for each in (one, *one.earlier))
        if len(times) > _MOST_SPANS:
            raise Uncompilable("a code came and went too often")
        values[code] = len(cells) << 8 | len(times)
        cells.extend(day for span in times for day in span)
    return Table({**values, **dict.fromkeys(also, ALWAYS)}, tuple(cells))


def _register(organisations: Organisations) -> Register:
    every = list(organisations)
    kinds = _bits({one.kind for one in every}, "kinds of organisations")
    levels = _bits({level for one in every for level in one.levels}, "grade levels")
    texts: dict[str, int] = {}
    cells: list[int] = []
    values = {}
    for one in every:
        values[one.id] = len(cells)
        cells.extend(_row(one, kinds, levels, texts))
    return Register(Table(values, tuple(cells), tuple(texts)), kinds, Table(levels))


def _row(one: Organisation, kinds: Mapping[str, int], levels: Mapping[str, int], texts: dict[str, int]) -> list[int]:
    def text(value: str | None) -> int:
        return texts.setdefault(value, len(texts)) if value else -1

    start, end = spans([(one.active_from, one.active_to)])[0]
    taught = sum(1 << levels[level] for level in one.levels)
    return [kinds[one.kind], start, end, taught, text(one.province), text(one.codes.get("moe10"))]


def _bits(names: set[str], of: str) -> dict[str, int]:
    if len(names) > _MOST_BITS:
        raise Uncompilable(f"too many {of}")
    return {name: at for at, name in enumerate(sorted(names))}
