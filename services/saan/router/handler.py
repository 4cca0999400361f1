"""Find the recipients of every record of a block, once per event id, by the learner's history and the agreements."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from aiokafka import ConsumerRecord

from saan.core.chain import sequence
from saan.core.learner_bytes import decode, encode
from saan.core.merging import MERGED, told
from saan.core.merging import after as joined
from saan.core.outcome import Finding
from saan.core.said import finding
from saan.router.block import CHECKED, STATION, Block
from saan.router.desk import Desk, Read
from saan.router.memory import Memory
from saan.router.waiting import Room
from saan.wire.papers import Span
from saan.wire.record import schema_id
from saan.wire.replay import States
from saan.wire.transport import Lane, Outputs, OversizedRecord, Unable

__all__ = ["STATION", "Handler", "Kept", "Schemas", "fold"]


LOOK_AT = 500
"""How many subjects of those that wait are looked at in one block once a window has opened: the rest waits its turn."""


class Schemas(Protocol):
    """Fetches schemas by id before a block is decided."""

    async def ensure(self, ids: set[int]) -> None: ...


@dataclass(frozen=True, slots=True)
class Kept:
    """What a lane keeps: the states of its partition number, and what waits in its own topic."""

    store: States
    room: Room


class Handler:
    """Decides blocks of checked records. ``clock`` gives microseconds since the epoch, UTC.

    ``patience`` is how long an event may wait for what must come before it, in microseconds. ``lane.state`` is what the
    lane keeps (``Kept``), opened and caught up by the composition root.
    """

    def __init__(self, desk: Callable[[], Desk], schemas: Schemas, clock: Callable[[], int], patience: int) -> None:
        self._desk, self._schemas, self._clock, self._patience = desk, schemas, clock, patience

    async def __call__(self, lane: Lane, records: Sequence[ConsumerRecord]) -> Outputs:
        now = self._clock()
        block = await self._decide(lane, records, self._due(lane, now), now)
        return block.close(Span.of(records))

    async def idle(self, lane: Lane) -> Outputs | None:
        """What is to be written although nothing came in: some of what waits can go on, or has waited too long."""
        now = self._clock()
        due = self._due(lane, now)
        if not due:
            return None
        block = await self._decide(lane, (), due, now)
        if not block.empty:
            return block.close(Span(lane.topic, lane.partition, lane.next, lane.next - 1, 0, now))
        block.leave()
        return None

    def _due(self, lane: Lane, now: int) -> list[str]:
        """Subjects of which something has waited too long, or may go on since another reporting window has opened."""
        room: Room = lane.state.room
        begun = self._desk().world.rounds.begun(now)
        return list(dict.fromkeys((*room.late(now - self._patience), *room.unlooked(begun, LOOK_AT))))

    async def _decide(self, lane: Lane, records: Sequence[ConsumerRecord], due: Sequence[str], now: int) -> Block:
        kept: Kept = lane.state
        there = [one for subject in due for one in kept.room.of(subject)]
        await self._schemas.ensure({id for r in (*records, *there) if isinstance(id := schema_id(r.value), int)})
        desk = self._desk()
        read = [desk.read(record) for record in records]
        subjects = {one.subject for one in (*read, *there) if not isinstance(one, Finding)}
        memory = Memory(kept.store, lane.topic.removeprefix(CHECKED), desk.history_domain)
        memory.load(subjects)
        block = Block(desk, lane, memory, kept.room, now)
        block.look(due, now - self._patience)
        for record, understood in zip(records, read, strict=True):
            if isinstance(understood, Read):
                block.take(record, understood)
            else:
                block.refuse(record, (understood,))
        return block

    def poison(self, lane: Lane, record: ConsumerRecord, error: Exception) -> Outputs:
        """Set aside a record that makes the decision itself fail."""
        desk, kept = self._desk(), lane.state
        memory = Memory(kept.store, lane.topic.removeprefix(CHECKED), desk.history_domain)
        block = Block(desk, lane, memory, kept.room, self._clock())
        block.refuse(record, (finding("WIRE-9" if isinstance(error, OversizedRecord) else "POISON-1"),))
        return block.close(Span.of((record,)))


def fold(desk: Desk) -> Callable[[bytes | None, ConsumerRecord], bytes]:
    """How a record of the canonical log changes what is remembered of its subject: the replay of ``route``.

    Data are read only where they change what is known of a learner. So what no longer is in the catalogue, or has a
    schema that nobody can look up now, does not keep the router from starting.
    """

    def after(old: bytes | None, record: ConsumerRecord) -> bytes:
        envelope = desk.envelope(record)
        if isinstance(envelope, Finding):
            raise Unable(f"{record.topic} at offset {record.offset} cannot be read: {envelope.code}")
        event, number = desk.world.events.get(envelope.type), sequence(envelope)
        if envelope.type == MERGED:
            return _merged(desk, old, record)
        if event is None or not event.remembered:
            return encode(decode(old).remembering(envelope.source, envelope.id, number))
        read = _understood(desk, record)
        return encode(decode(old).after(event, envelope.source, envelope.id, read.message.data, number))

    return after


def _merged(desk: Desk, old: bytes | None, record: ConsumerRecord) -> bytes:
    said = told(_understood(desk, record).message.data)
    return encode(joined(said, decode(old), None if said.state is None else decode(said.state)))


def _understood(desk: Desk, record: ConsumerRecord) -> Read:
    read = desk.read(record)
    if isinstance(read, Finding):
        raise Unable(f"{record.topic} at offset {record.offset} cannot be read now: {read.code}")
    return read
