"""Makes records for the outbox from what was given: headers, Avro value and a key that holds no identity.

In two steps with a look-up between them: ``begin`` says which schema an event needs, ``finish`` uses it.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from saan.core import envelope, identity
from saan.core.catalogue import EventType
from saan.core.outcome import Finding
from saan.core.participants import Participant
from saan.core.said import finding
from saan.gateway.intake import Given
from saan.gateway.ports import Governance
from saan.gateway.said import event_finding
from saan.wire import record
from saan.wire.avro import Codec
from saan.wire.http.ports import Schemas
from saan.wire.log import Outgoing
from saan.wire.registry_types import SchemaUnavailable

Findings = tuple[Finding, ...]

_MOST_ATTRIBUTES: Final = 64
"""Every attribute becomes a header that all who carry or read the record must take along."""

_BARE: Final = frozenset({"traceparent"})
"""Attributes whose Kafka header has no ``ce_`` prefix: others read them too."""


@dataclass(frozen=True, slots=True)
class Begun:
    """An event whose envelope is sound. ``headers`` are Kafka headers as text."""

    given: Given
    headers: Mapping[str, str]
    event: EventType
    schema_id: int


@dataclass(frozen=True, slots=True)
class Prepared:
    """An event ready for the outbox. ``digest`` tells whether the same id came with the same content."""

    id: str
    headers: Mapping[str, str]
    outgoing: Outgoing
    digest: bytes


class Encoder:
    """``key`` is the secret behind the keys of records, ``outbox`` their topic, ``max_record`` their size in bytes."""

    def __init__(self, schemas: Schemas, key: bytes, outbox: str, max_record: int) -> None:
        self._schemas = schemas
        self._key = key
        self._outbox = outbox
        self._max_record = max_record
        self._codecs: dict[int, Codec] = {}

    def begin(self, participant: Participant, given: Given, governance: Governance) -> Begun | Findings:
        """Everything that can be said without the schema."""
        if given.fault is not None:
            return (given.fault,)
        if len(given.attributes) > _MOST_ATTRIBUTES:
            return (finding("ENV-11"),)
        headers = _headers(participant, given)
        sound = envelope.read(headers)
        if isinstance(sound, tuple):
            return sound
        # Before anything is stored: a subject that is not a pseudonym may be somebody's identity.
        if sound.subject is not None and not identity.is_pseudonym(sound.subject):
            return (finding("ENV-9", "ce_subject"),)
        event = governance.world.events.get(sound.type)
        if event is None or event.control:
            return (finding("ENV-1", "ce_type"),)
        id = _schema_id(given, event, sound.extensions.get("schemaversion"), governance)
        return (id,) if isinstance(id, Finding) else Begun(given, headers, event, id)

    def finish(self, participant: Participant, begun: Begun) -> Prepared | Findings:
        """The record, or what is wrong with its data. The schema must have been asked for before."""
        codec = self._codec(begun)
        if isinstance(codec, Finding):
            return (codec,)
        framed = begun.given.framed
        if framed is not None:
            data = codec.decode(framed[record.FRAME_SIZE :])
            if isinstance(data, Finding):
                return (data,)
            value = framed
        else:
            read = codec.from_json(begun.given.data or {})
            if isinstance(read, tuple):
                return read
            data = read
            value = record.frame(begun.schema_id, codec.encode(data))
        if len(value) > self._max_record:
            return (finding("WIRE-9", limit=self._max_record),)
        headers = tuple((name, text.encode()) for name, text in begun.headers.items())
        outgoing = Outgoing(self._outbox, self._record_key(participant, begun.event, data), value, headers)
        return Prepared(begun.headers["ce_id"], begun.headers, outgoing, _digest(outgoing))

    def _codec(self, begun: Begun) -> Codec | Finding:
        try:
            registered = self._schemas.get(begun.schema_id)
        except SchemaUnavailable:
            return event_finding("GW-7")
        if registered is None:
            return finding("WIRE-2")
        if registered.record != begun.event.record:
            return finding("ENV-2", "ce_type")
        codec = self._codecs.get(begun.schema_id)
        if codec is None:
            codec = self._codecs[begun.schema_id] = Codec(registered.schema)
        return codec

    def _record_key(self, participant: Participant, event: EventType, data: Mapping[str, Any]) -> bytes:
        """The same for all events of one subject by one participant, and meaningless to anybody else."""
        about = "\x1f".join([event.subject_kind, *(str(data.get(name) or "") for name in event.subject)])
        return f"{participant.id}|{hmac.new(self._key, about.encode(), hashlib.sha256).hexdigest()}".encode()


def _headers(participant: Participant, given: Given) -> dict[str, str]:
    named = {
        (name if name in _BARE else f"ce_{name}"): text
        for name, text in sorted(given.attributes.items())
        if name != "source"
    }
    return {"content-type": "application/avro", "ce_source": participant.id, **named}


def _schema_id(given: Given, event: EventType, version: str | None, governance: Governance) -> int | Finding:
    if given.framed is not None:
        return record.schema_id(given.framed)
    id = governance.schema_id(event.record, int(version) if version else None)
    if id is not None:
        return id
    return finding("ENV-2", "ce_schemaversion") if version else event_finding("GW-7")


def _digest(outgoing: Outgoing) -> bytes:
    content = hashlib.sha256(outgoing.value)
    for name, value in outgoing.headers:
        content.update(b"\x00" + name.encode() + b"\x00" + value)
    return content.digest()[:16]
