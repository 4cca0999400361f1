"""Decoding of values in the Confluent wire format, each schema looked up once."""

from collections.abc import Callable, Mapping
from typing import Any

from saan.core.outcome import Finding
from saan.wire.avro import Codec
from saan.wire.record import FRAME_SIZE, schema_id

Schema = Callable[[int], Mapping[str, Any]]
"""The schema of an id on the wire. May raise ``Trouble``."""


class Framed:
    """Decodes framed values; ``schema`` gives a registered schema by its id."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._codecs: dict[int, Codec] = {}

    def decode(self, value: bytes) -> Mapping[str, Any] | Finding:
        """The data of the record, logical types left as primitives, or why there are none."""
        id = schema_id(value)
        if isinstance(id, Finding):
            return id
        codec = self._codecs.get(id)
        if codec is None:
            codec = self._codecs[id] = Codec(self._schema(id))
        return codec.decode(value[FRAME_SIZE:])
