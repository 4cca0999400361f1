"""Reads the primitive types of Avro binary, each as ``(body, at) -> (value, next)``.

Integers must be written in as few bytes as they need. Source:
https://avro.apache.org/docs/1.11.1/specification/#primitive-types-1
"""

import struct
from collections.abc import Callable, Mapping
from typing import Any, Final

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


def read_long(body: bytes, at: int) -> tuple[int, int]:
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
    value, at = read_long(body, at)
    if _INT_MIN <= value <= _INT_MAX:
        return value, at
    raise Malformed("WIRE-8")


def _bytes(body: bytes, at: int) -> tuple[bytes, int]:
    size = body[at]
    if size < 0x80 and not size & 1:
        at += 1
        size >>= 1
    else:
        size, at = read_long(body, at)
        if size < 0:
            raise Malformed("WIRE-8")
    end = at + size
    if end > len(body):
        raise Malformed("WIRE-3")
    return body[at:end], end


def read_string(body: bytes, at: int) -> tuple[str, int]:
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


PRIMITIVES: Final[Mapping[str, Read]] = {
    "null": _null,
    "boolean": _boolean,
    "int": _int,
    "long": read_long,
    "float": _packed("<f"),
    "double": _packed("<d"),
    "bytes": _bytes,
    "string": read_string,
}
