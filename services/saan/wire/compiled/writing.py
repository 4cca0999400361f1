"""Writing instructions: what the compiled forms of rule kinds have in common."""

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from saan.core.rules import Tables
from saan.wire.compiled.automaton import Automaton
from saan.wire.compiled.errors import Uncompilable
from saan.wire.compiled.fields import Fields, Items
from saan.wire.compiled.patterns import Pattern
from saan.wire.compiled.program import Instruction, Op, Program
from saan.wire.compiled.tables import FIRST, LAST, Library, Register, Table

_LARGEST_SCALE = 15


@dataclass(frozen=True, slots=True)
class Writer:
    """Appends instructions for one rule to ``program``. ``params`` are the rule's, with defaults filled in."""

    program: Program
    fields: Fields
    tables: Tables
    library: Library
    params: Mapping[str, Any] = field(default_factory=dict)

    def __getitem__(self, param: str) -> Any:
        return self.params[param]

    def about(self, params: Mapping[str, Any]) -> "Writer":
        """A writer for another rule."""
        return replace(self, params=params)

    def of(self, fields: Fields) -> "Writer":
        """A writer for rules about other fields."""
        return replace(self, fields=fields)

    def emit(self, op: Op, **operands: Any) -> None:
        self.program.code.append(Instruction(op, **operands))

    @contextmanager
    def only_if(self, op: Op, **operands: Any) -> Iterator[None]:
        """What is written inside is left out unless the instruction ``op`` holds, or repeated if that is ``EACH``."""
        at = len(self.program.code)
        self.emit(op, **operands)
        yield
        self.program.code[at] = replace(self.program.code[at], c=len(self.program.code) - at - 1)

    def slot(self, param: str) -> int:
        """The slot of the field that a parameter names; the empty one when it was left out."""
        return self.fields.slot(self.params[param])

    def slot_and_items(self, param: str) -> int:
        """The slot of a field; if it is an array, its items get one as well."""
        return self.fields.slot_and_items(self.params[param])

    def slots(self, param: str) -> list[int]:
        return [self.fields.slot(name) for name in self.params[param]]

    def items(self, param: str) -> Items | None:
        return self.fields.items(self.params[param])

    def places(self, param: str) -> int:
        """The decimal places of a field with a number, -1 if it is no decimal."""
        return self.places_of(self.params[param])

    def places_of(self, name: str) -> int:
        scale = self.tables.scales.get(name, -1)
        if scale > _LARGEST_SCALE:
            raise Uncompilable("a decimal with too many places")
        return scale

    def match(self, slot: int, texts: Pattern | Automaton, most: int | None = None) -> None:
        """Let pass the texts of a set, or those of at most ``most`` characters."""
        pattern = Pattern(texts, 0, most) if isinstance(texts, Automaton) else texts
        longest = LAST if pattern.most is None else pattern.most
        self.emit(Op.MATCH, a=slot, b=self.program.automaton(pattern.automaton), x=pattern.least, y=longest)

    def between(self, slot: int, least: float, most: float, places: int = -1) -> None:
        """Let pass the numbers between two, both included."""
        ends = {"x": whole(math.ceil, least), "y": whole(math.floor, most), "u": exact(least), "v": exact(most)}
        self.emit(Op.RANGE, a=slot, b=places, **ends)

    def text(self, text: str) -> int:
        return self.program.text(text)

    def table(self, table: Table) -> int:
        return self.program.table(table)

    def register(self) -> Register:
        return self.library.register(self.tables.organisations)

    def numbers(self, numbers: list[int]) -> int:
        return self.program.number_list(numbers)


def whole(rounded: Any, number: float) -> int:
    """A bound of whole numbers, within what eight bytes hold."""
    if math.isinf(number):
        return LAST if number > 0 else FIRST
    return max(FIRST, min(LAST, int(rounded(number))))


def exact(number: float) -> float:
    """A number as floating point. Raises ``Uncompilable`` when that is another number."""
    try:
        if float(number) == number:
            return float(number)
    except OverflowError:
        pass
    raise Uncompilable("a number that floating point does not hold")
