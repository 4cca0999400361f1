"""What the router looks up while it decides: everything that changes only when governance changes."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from aiokafka import ConsumerRecord

from saan.core.calendar import day_of, rfc3339
from saan.core.catalogue import EventType
from saan.core.chain import Judge
from saan.core.envelope import attributes
from saan.core.envelope import read as read_envelope
from saan.core.hand_over import HandOvers
from saan.core.learner import Learner, mark
from saan.core.links import ALIAS
from saan.core.merging import MERGED, Told
from saan.core.message import Envelope, Message
from saan.core.outcome import Finding
from saan.core.route import Routes
from saan.core.said import finding
from saan.core.world import World
from saan.router.waiting import Waiting
from saan.wire.avro import Codec
from saan.wire.notices import Notices
from saan.wire.papers import Papers
from saan.wire.record import FRAME_SIZE, Headers, cloud_event, frame, schema_id, text
from saan.wire.registry_types import SchemaSource, SchemaUnavailable


@dataclass(frozen=True, slots=True)
class Read:
    """One checked record as the router understands it. ``day`` is the business day of the event's time.

    ``alias`` is another pseudonym that the record makes one of the subject's.
    """

    message: Message
    event: EventType
    subject: str
    day: int
    alias: str | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """What the router hands over by itself, in the form of a record."""

    key: bytes
    value: bytes
    headers: Headers
    timestamp: int | None = None


class Desk:
    """Reads records and projects them under one state of governance.

    ``written`` maps the full record name of what the router itself encodes (views, and what it hands over) to its codec
    and registered id; ``codec`` gives the codec of a registered schema (kept by the caller, because schemas never
    change behind an id). Raises ``ValueError`` for a rule that cannot be prepared.
    """

    def __init__(
        self,
        world: World,
        routes: Routes,
        papers: Papers,
        notices: Notices,
        schemas: SchemaSource,
        written: Mapping[str, tuple[Codec, int]],
        codec: Callable[[int], Codec],
    ) -> None:
        self.world, self.routes, self.papers, self.notices = world, routes, papers, notices
        self._schemas, self._written, self._codec = schemas, written, codec
        self._hand_overs = HandOvers(world.events.values())
        self.judge = Judge(world.events.values(), world)
        moved = {event.domain for event in world.events.values() if event.moves}
        self.history_domain = min(moved, default="")
        domains = {event.domain for event in world.events.values() if not event.control}
        self.other_domains = tuple(sorted(domains - {self.history_domain}))

    def read(self, record: ConsumerRecord | Waiting | Paper) -> Read | Finding:
        """Understand a record of `checked.*` or `record.*`; what cannot be understood now is a finding."""
        envelope = self.envelope(record)
        if isinstance(envelope, Finding):
            return envelope
        event = self.world.events.get(envelope.type)
        if event is None:
            return finding("ENV-1", "ce_type")
        id = schema_id(record.value)
        if isinstance(id, Finding):
            return id
        try:
            if self._schemas.get(id) is None:
                return finding("WIRE-2")
        except SchemaUnavailable:
            return finding("WIRE-10")
        data = self._codec(id).decode(record.value[FRAME_SIZE:])
        if isinstance(data, Finding):
            return data
        subject = (record.key or b"").decode()
        alias = envelope.extensions.get(ALIAS, subject) if event.links else subject
        other = None if alias == subject else alias
        return Read(Message(envelope, data), event, subject, day_of(envelope.time), other)

    def envelope(self, record: ConsumerRecord | Waiting | Paper) -> Envelope | Finding:
        """The CloudEvents attributes of a record, or the first thing wrong with them."""
        headers = text(record.headers)
        if isinstance(headers, Finding):
            return headers
        envelope = read_envelope(headers)
        return envelope if isinstance(envelope, Envelope) else envelope[0]

    def project(self, read: Read, view: str) -> bytes:
        """The record without what the agreement of this view does not grant, under the view's registered schema."""
        return self._write(f"{read.event.record}.view.{view}", read.message.data)

    def handed_over(self, read: Read, before: Learner, now: Learner) -> Iterator[tuple[Read, Paper]]:
        """What the side that takes the learner over is told because of this accepted record, and its whole form."""
        for event, message in self._hand_overs.after(read.message, before, now):
            value = self._write(event.record, message.data)
            paper = Paper(read.subject.encode(), value, cloud_event(attributes(message.envelope)))
            yield Read(message, event, read.subject, read.day), paper

    def merged(self, told: Told, station: str, domain: str, now: int) -> Paper:
        """What the router tells itself of two pseudonyms; ``now`` in microseconds since the epoch, UTC."""
        id = f"{station}:{domain}:{mark(told.former, ' '.join((told.subject, *told.past))).hex()}"
        named = {"id": id, "type": MERGED, "source": station, "subject": told.key, "time": rfc3339(now)}
        value = self._write(self.world.events[MERGED].record, told.data())
        return Paper(told.key.encode(), value, cloud_event(named))

    def _write(self, record: str, data: Mapping[str, Any]) -> bytes:
        codec, id = self._written[record]
        return frame(id, codec.encode(data))
