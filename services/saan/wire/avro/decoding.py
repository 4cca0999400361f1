"""Read Avro binary, and nothing but Avro binary.

A schema becomes closures of ``(body, at) -> (value, next)``, built once. What the specification does not allow raises
``Malformed`` with a code and the path of the field. Arrays and maps may come in several blocks, with byte sizes when
the count is negative, and the sizes must be true.

Source: https://avro.apache.org/docs/1.11.1/specification/#binary-encoding
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from saan.wire.avro.binary import PRIMITIVES, Malformed, Read, read_long, read_string
from saan.wire.avro.schema import Names, Schema, kind_of, optional, settled


def reader(schema: Schema, names: Names[Read], namespace: str = "") -> Read:
    """The closure that reads one value of the schema.

    Raises ``ValueError`` for a schema with an array or map of items that take no bytes: a few bytes could then claim
    any number of items.
    """
    schema = settled(schema)
    kind = kind_of(schema)
    if kind in PRIMITIVES:
        return PRIMITIVES[kind]
    if isinstance(schema, list):
        return _union(schema, names, namespace)
    if isinstance(schema, str) or kind not in _COMPLEX:
        return names.find(kind, namespace)
    return _COMPLEX[kind](schema, names, namespace)


def _union(schema: list[Any], names: Names[Read], namespace: str) -> Read:
    pair = optional(schema)
    if pair is not None:
        return _optional(2 * pair[0], 2 - 2 * pair[0], reader(pair[1], names, namespace))
    branches = [reader(branch, names, namespace) for branch in schema]

    def read(body: bytes, at: int) -> tuple[Any, int]:
        index, at = read_long(body, at)
        if not 0 <= index < len(branches):
            raise Malformed("WIRE-8")
        return branches[index](body, at)

    return read


def _optional(null_byte: int, value_byte: int, inner: Read) -> Read:
    """A union of null and one type; ``null_byte`` and ``value_byte`` are the two indexes as they are written."""

    def read(body: bytes, at: int) -> tuple[Any, int]:
        byte = body[at]
        if byte == null_byte:
            return None, at + 1
        if byte != value_byte:
            raise Malformed("WIRE-8")
        return inner(body, at + 1)

    return read


def _record(schema: Mapping[str, Any], names: Names[Read], namespace: str) -> Read:
    fields: list[tuple[str, Read]] = []

    def read(body: bytes, at: int) -> tuple[dict[str, Any], int]:
        data = {}
        name = ""
        try:
            for name, field in fields:
                data[name], at = field(body, at)
        except Malformed as wrong:
            raise wrong.within(name) from None
        except IndexError:
            raise Malformed("WIRE-3", name) from None
        return data, at

    inside = names.keep(schema, namespace, read)
    fields.extend((field["name"], reader(field["type"], names, inside)) for field in schema["fields"])
    return read


def _enum(schema: Mapping[str, Any], names: Names[Read], namespace: str) -> Read:
    symbols = tuple(schema["symbols"])

    def read(body: bytes, at: int) -> tuple[str, int]:
        index, at = read_long(body, at)
        if not 0 <= index < len(symbols):
            raise Malformed("WIRE-5")
        return symbols[index], at

    names.keep(schema, namespace, read)
    return read


def _fixed(schema: Mapping[str, Any], names: Names[Read], namespace: str) -> Read:
    size: int = schema["size"]

    def read(body: bytes, at: int) -> tuple[bytes, int]:
        end = at + size
        if end > len(body):
            raise Malformed("WIRE-3")
        return body[at:end], end

    names.keep(schema, namespace, read)
    return read


def _blocks(item: Read) -> Callable[[bytes, int], tuple[list[Any], int]]:
    """Reads the blocks of an array or a map into one list."""

    def read(body: bytes, at: int) -> tuple[list[Any], int]:
        items: list[Any] = []
        while True:
            count, at = read_long(body, at)
            if count == 0:
                return items, at
            end = None
            if count < 0:
                size, at = read_long(body, at)
                count, end = -count, at + size
            if count > len(body) - at:
                raise Malformed("WIRE-3")
            for _ in range(count):
                try:
                    value, at = item(body, at)
                except Malformed as wrong:
                    raise wrong.within(f"[{len(items)}]") from None
                items.append(value)
            if end is not None and end != at:
                raise Malformed("WIRE-8")

    return read


def _array(schema: Mapping[str, Any], names: Names[Read], namespace: str) -> Read:
    _refuse_nothing(schema["items"])
    return _blocks(reader(schema["items"], names, namespace))


def _map(schema: Mapping[str, Any], names: Names[Read], namespace: str) -> Read:
    value = reader(schema["values"], names, namespace)

    def entry(body: bytes, at: int) -> tuple[tuple[str, Any], int]:
        key, at = read_string(body, at)
        inner, at = value(body, at)
        return (key, inner), at

    blocks = _blocks(entry)

    def read(body: bytes, at: int) -> tuple[dict[str, Any], int]:
        entries, at = blocks(body, at)
        found = dict(entries)
        if len(found) != len(entries):
            raise Malformed("WIRE-8")
        return found, at

    return read


def _refuse_nothing(items: Schema) -> None:
    if _takes_nothing(settled(items)):
        raise ValueError("an array of items that take no bytes cannot be read safely")


def _takes_nothing(schema: Schema) -> bool:
    kind = kind_of(schema)
    if kind == "record" and isinstance(schema, Mapping):
        return all(_takes_nothing(settled(field["type"])) for field in schema["fields"])
    return kind == "null" or (kind == "fixed" and isinstance(schema, Mapping) and schema["size"] == 0)


_COMPLEX: Final[Mapping[str, Callable[[Mapping[str, Any], Names[Read], str], Read]]] = {
    "record": _record,
    "enum": _enum,
    "fixed": _fixed,
    "array": _array,
    "map": _map,
}
