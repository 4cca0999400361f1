"""Avro, strictly: one schema's bytes, data and JSON.

``Codec`` is used wherever a record is read or written. Data are Python values with logical types left as their Avro
primitives: a ``date`` is an ``int`` (days since 1970-01-01), ``timestamp-micros`` an ``int``, a ``decimal`` the bytes
of its unscaled integer, an enum its symbol.

Decoding is our own (``decoding``), because the Avro library lets through what the specification forbids: it takes enum
index -1 for the last symbol, any byte for a boolean, an integer wider than 32 bits for an ``int``, varints longer than
needed, and bytes left over at the end. Two readers of the same bytes could then see different records. Encoding is the
library's.
"""

import io
from collections.abc import Mapping
from typing import Any, Protocol, cast

import fastavro

from saan.core.outcome import Finding
from saan.core.said import finding
from saan.wire.avro import from_json, to_json
from saan.wire.avro.binary import Malformed
from saan.wire.avro.decoding import reader
from saan.wire.avro.schema import Names, plain


class _Writer(Protocol):
    def __call__(self, into: io.BytesIO, schema: Any, datum: Mapping[str, Any]) -> None: ...


_write = cast(_Writer, fastavro.schemaless_writer)


class Codec:
    """Everything about the form of one record schema; the preparation is done here, once.

    Raises ``ValueError`` for a schema that is not a record or that no record can safely be read with.
    """

    def __init__(self, schema: Mapping[str, Any]) -> None:
        if schema.get("type") != "record":
            raise ValueError("the schema of an event is a record")
        self._read = reader(schema, Names())
        self._from_json = from_json.converter(schema, Names())
        self._to_json = to_json.converter(schema, Names())
        self._parsed: Any = fastavro.parse_schema(plain(schema))

    def decode(self, body: bytes) -> dict[str, Any] | Finding:
        """The data of an Avro body, or what is wrong with it: WIRE-3 to WIRE-8, with the path of the field."""
        try:
            data, end = self._read(body, 0)
        except Malformed as wrong:
            return finding(wrong.code, wrong.path)
        except RecursionError:
            return finding("WIRE-8")
        if end != len(body):
            return finding("WIRE-4")
        return cast(dict[str, Any], data)

    def encode(self, data: Mapping[str, Any]) -> bytes:
        """The Avro body of data of the schema, fields with a default may be absent.

        Raises ``ValueError`` or ``TypeError`` for data that are not of the schema: give it what ``decode`` or
        ``from_json`` returned, or values built to fit.
        """
        into = io.BytesIO()
        _write(into, self._parsed, data)
        return into.getvalue()

    def from_json(self, value: Any) -> dict[str, Any] | tuple[Finding, ...]:
        """The data of a JSON object, or every objection to its form.

        Dates are ``YYYY-MM-DD``, instants RFC 3339, decimals text or numbers, bytes base64; a field with a default may
        be absent. V18 is a mandatory field absent or null, V4 an unknown symbol, V13 no date or time, WIRE-7 text that
        has no UTF-8, SCHEMA-1 another type, SCHEMA-2 a field that the schema does not have.
        """
        found: list[Finding] = []
        data = self._from_json(value, "", found)
        return tuple(found) if found else cast(dict[str, Any], data)

    def to_json(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """The JSON object of data; the inverse of ``from_json``. A date outside the calendar stays a number."""
        return cast(dict[str, Any], self._to_json(data))
