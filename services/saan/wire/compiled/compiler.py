"""From an event type and one version of its schema to a program."""

from saan.core.catalogue import EventType
from saan.core.rules import KINDS, Form, Tables
from saan.wire.avro.schema import Schema
from saan.wire.compiled.errors import Uncompilable
from saan.wire.compiled.fields import ITEM, Fields, Path, Slots
from saan.wire.compiled.kinds import write
from saan.wire.compiled.program import NOTHING, Node, Program, Shape
from saan.wire.compiled.tables import Library
from saan.wire.compiled.types import Type, tree
from saan.wire.compiled.writing import Writer


def compile_program(event: EventType, schema: Schema, tables: Tables, library: Library) -> Program:
    """The program that decides records of ``event`` written with ``schema``; ``tables`` are what its rules ask.

    Raises ``Uncompilable`` for what has no compiled form.
    """
    record = tree(schema)
    program = Program()
    slots = Slots()
    fields = Fields(slots, record)
    writer = Writer(program, fields, tables, library)
    for rule in event.rules:
        if KINDS[rule.kind].form is not Form.HISTORY:
            write(writer, rule.kind, rule.params)
    program.learner = event.subject_kind == "learner"
    program.subject = tuple(_top(fields, name) for name in event.subject)
    program.school = -1 if event.school is None else _top(fields, event.school)
    program.root = _Nodes(program, slots).add(record, ())
    program.slots = len(slots.taken) + 1
    return program


def _top(fields: Fields, name: str) -> int:
    """The slot of a field that the catalogue entry itself names; it is no path."""
    slot = fields.slot(name)
    if slot == NOTHING or "." in name:
        raise Uncompilable(f"the schema has no field {name}")
    return slot


class _Nodes:
    """Adds the nodes of a type, inner ones first."""

    def __init__(self, program: Program, slots: Slots) -> None:
        self._program, self._taken = program, slots.taken

    def add(self, type: Type, path: Path) -> int:
        slot = self._taken.get(path, -1)
        match type.kind:
            case "record":
                inner = tuple(self.add(one, (*path, name)) for name, one in type.fields().items())
                node = Node(Shape.RECORD, slot, inner)
            case "option":
                null = 2 * type.size
                node = Node(Shape.OPTION, -1, (self.add(type.inner[0], path),), null, 2 - null)
            case "union":
                node = Node(Shape.UNION, -1, tuple(self.add(one, path) for one in type.inner))
            case "array":
                node = self._array(type, path, slot)
            case "map":
                node = Node(Shape.MAP, slot, (self.add(type.inner[0], (*path, "{}")),))
            case "enum":
                texts = [self._program.text(symbol) for symbol in type.symbols]
                node = Node(Shape.ENUM, slot, (), texts[0] if texts else 0, len(texts))
            case "fixed":
                node = Node(Shape.FIXED, slot, (), type.size)
            case kind:
                node = Node(Shape[kind.upper()], slot)
        self._program.nodes.append(node)
        return len(self._program.nodes) - 1

    def _array(self, type: Type, path: Path, slot: int) -> Node:
        items = (*path, ITEM)
        inside = [number for taken, number in self._taken.items() if taken[: len(items)] == items]
        return Node(
            Shape.ARRAY, slot, (self.add(type.inner[0], items),), self._program.number_list(inside), len(inside)
        )
