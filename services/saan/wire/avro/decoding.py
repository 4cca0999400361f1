"""Read Avro binary, and nothing but Avro binary.

A schema becomes closures of ``(body, at) -> (value, next)``, built once. What the specification does not allow raises
``Malformed`` with a code and the path of the field. Integers must be written in as few bytes as they need; arrays and
maps may come in several blocks, with byte sizes when the count is negative, and the sizes must be true.

Source: https://avro.apache.org/docs/1.11.1/specification/#binary-encoding
"""

import struct
from collections.abc import Callable, Mapping
from typing import Any, Final

from saan.wire.avro.schema import Names, Schema, kind_of, optional, settled

Read = Callable[[bytes, int], tuple[Any, int]]

_INT_MIN: Final = -(2**31)
_INT_MAX: Final = 2**31 - 1
_VARINT_BYTES: Final = 10


class Malformed(ValueError):
    """The bytes are not of the schema. ``code`` is WIRE-3 to WIRE-8; ``path`` names the field once it is known."""

    def __init__(self, code: str, path: str = "") -> None:
        super().__init__(f"{code} {path}")
        self.code = code
        self.path = path

    def within(self, name: str) -> "Malformed":
        """The same objection, seen from the record or array around."""
        separator = "." if self.path and not self.path.startswith("[") else ""
        return Malformed(self.code, f"{name}{separator}{self.path}")


def reader(schema: Schema, names: Names[Read], namespace: str = "") -> Read:
    """The closure that reads one value of the schema.

    Raises ``ValueError`` for a schema with an array or map of items that take no bytes: a few bytes could then claim
    any number of items.
    """
    schema = settled(schema)
    kind = kind_of(schema)
    if kind in _PRIMITIVES:
        return _PRIMITIVES[kind]
    if isinstance(schema, list):
        return _union(schema, names, namespace)
    if isinstance(schema, str) or kind not in _COMPLEX:
        return names.find(kind, namespace)
    return _COMPLEX[kind](schema, names, namespace)


def _long(body: bytes, at: int) -> tuple[int, int]:
    byte = body[at]
    at += 1
    if byte < 0x80:
        return (byte >> 1) ^ -(byte & 1), at
    value, shift, start = byte & 0x7F, 7, at
    while byte >= 0x80:
        byte = body[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if at - start >= _VARINT_BYTES:
            raise Malformed("WIRE-8")
    if byte == 0 or value >> 64:
        raise Malformed("WIRE-8")
    return (value >> 1) ^ -(value & 1), at


def _int(body: bytes, at: int) -> tuple[int, int]:
    value, at = _long(body, at)
    if _INT_MIN <= value <= _INT_MAX:
        return value, at
    raise Malformed("WIRE-8")


def _bytes(body: bytes, at: int) -> tuple[bytes, int]:
    size = body[at]
    if size < 0x80 and not size & 1:
        at += 1
        size >>= 1
    else:
        size, at = _long(body, at)
        if size < 0:
            raise Malformed("WIRE-8")
    end = at + size
    if end > len(body):
        raise Malformed("WIRE-3")
    return body[at:end], end


def _string(body: bytes, at: int) -> tuple[str, int]:
    size = body[at]
    if size < 0x80 and not size & 1:  # what _bytes does, once more, for the most frequent type of all
        at += 1
        end = at + (size >> 1)
        if end > len(body):
            raise Malformed("WIRE-3")
        raw = body[at:end]
    else:
        raw, end = _bytes(body, at)
    try:
        return raw.decode(), end
    except UnicodeDecodeError:
        raise Malformed("WIRE-7") from None


def _boolean(body: bytes, at: int) -> tuple[bool, int]:
    byte = body[at]
    if byte > 1:
        raise Malformed("WIRE-6")
    return byte == 1, at + 1


def _null(body: bytes, at: int) -> tuple[None, int]:
    return None, at


def _packed(form: str) -> Read:
    packed = struct.Struct(form)

    def read(body: bytes, at: int) -> tuple[float, int]:
        end = at + packed.size
        if end > len(body):
            raise Malformed("WIRE-3")
        return packed.unpack_from(body, at)[0], end

    return read


_PRIMITIVES: Final[Mapping[str, Read]] = {
    "null": _null,
    "boolean": _boolean,
    "int": _int,
    "long": _long,
    "float": _packed("<f"),
    "double": _packed("<d"),
    "bytes": _bytes,
    "string": _string,
}


def _union(schema: list[Any], names: Names[Read], namespace: str) -> Read:
    pair = optional(schema)
    if pair is not None:
        return _optional(2 * pair[0], 2 - 2 * pair[0], reader(pair[1], names, namespace))
    branches = [reader(branch, names, namespace) for branch in schema]

    def read(body: bytes, at: int) -> tuple[Any, int]:
        index, at = _long(body, at)
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
        index, at = _long(body, at)
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
            count, at = _long(body, at)
            if count == 0:
                return items, at
            end = None
            if count < 0:
                size, at = _long(body, at)
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
        key, at = _string(body, at)
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
