"""The reference engine: from the bytes and headers of a record to its verdict, in plain Python.

Other engines may be faster; this one says what is right.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from saan.core.catalogue import EventType
from saan.core.envelope import read
from saan.core.links import Links
from saan.core.message import Envelope
from saan.core.outcome import Finding, Parked, Rejected, Verdict
from saan.core.said import finding
from saan.core.validate import Validator
from saan.core.world import World
from saan.wire.avro import Codec
from saan.wire.record import FRAME_SIZE, schema_id
from saan.wire.registry_types import SchemaSource, SchemaUnavailable

MAX_BYTES: Final = 1_000_000
"""Largest value of a record, in bytes."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """One record as it came.

    ``headers`` are text by name, or what was wrong with their bytes; ``publisher`` is the participant that the topic
    or the gateway proves; ``received`` is in microseconds since the epoch, by the broker's clock.
    """

    headers: Mapping[str, str] | Finding
    value: bytes
    publisher: str
    received: int


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of a record; ``envelope``, ``type`` and ``data`` are as far as it could be read.

    An engine that accepts a record without decoding it leaves ``envelope`` and ``data`` out.
    """

    verdict: Verdict
    envelope: Envelope | None = None
    type: EventType | None = None
    data: Mapping[str, Any] | None = None


class Reference:
    """Checks records in one state of governance. Make a new one when the state changes: nothing is kept but schemas."""

    def __init__(
        self,
        world: World,
        schemas: SchemaSource,
        pseudonym_key: bytes,
        max_bytes: int = MAX_BYTES,
        links: Links | None = None,
    ) -> None:
        self._world = world
        self._schemas = schemas
        self._validator = Validator(world, pseudonym_key, links)
        self._max_bytes = max_bytes
        self._codecs: dict[int, tuple[str, int, Codec]] = {}

    def check(self, records: Sequence[Submitted]) -> list[Checked]:
        """The verdicts of a block, in its order. They depend on no clock but the one that stamped the records."""
        return [self._check(record) for record in records]

    def _check(self, record: Submitted) -> Checked:
        if isinstance(record.headers, Finding):
            return Checked(Rejected((record.headers,)))
        if len(record.value) > self._max_bytes:
            return Checked(Rejected((finding("WIRE-9"),)))
        envelope = read(record.headers)
        if not isinstance(envelope, Envelope):
            return Checked(Rejected(envelope))
        event = self._world.events.get(envelope.type)
        if event is None:
            return Checked(Rejected((finding("ENV-1", "ce_type"),)), envelope)
        codec = self._codec(record.value, envelope, event)
        data = codec if isinstance(codec, Finding) else codec.decode(record.value[FRAME_SIZE:])
        if isinstance(data, Finding):
            waits = data.code == "WIRE-10"
            return Checked(Parked((data,)) if waits else Rejected((data,)), envelope, event)
        publisher = self._world.participants.get(record.publisher)
        verdict = self._validator.check(envelope, data, publisher=publisher, received=record.received)
        return Checked(verdict, envelope, event, data)

    def _codec(self, value: bytes, envelope: Envelope, event: EventType) -> Codec | Finding:
        """The codec that the id in front of the value names, if that is a schema of this event type."""
        id = schema_id(value)
        if isinstance(id, Finding):
            return id
        known = self._codecs.get(id)
        if known is None:
            try:
                registered = self._schemas.get(id)
            except SchemaUnavailable:
                return finding("WIRE-10")
            if registered is None:
                return finding("WIRE-2")
            if registered.record != event.record:
                return finding("ENV-2", "ce_type")
            known = self._codecs[id] = registered.record, registered.version, Codec(registered.schema)
        record, version, codec = known
        stated = envelope.extensions.get("schemaversion")
        if record != event.record or (stated and int(stated) != version):
            return finding("ENV-2", "ce_schemaversion" if record == event.record else "ce_type")
        return codec
