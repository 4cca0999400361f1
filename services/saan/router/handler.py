"""Find the recipients of every record of a block, once per event id, by the learner's history and the agreements."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from aiokafka import ConsumerRecord

from saan.core.account import UNKNOWN, Account
from saan.core.chain import sequence
from saan.core.learner_bytes import decode, encode
from saan.core.outcome import Delivery, Finding
from saan.core.route import schools_of
from saan.core.said import finding
from saan.router.desk import Desk, Read
from saan.router.memory import Memory
from saan.wire.record import schema_id, text
from saan.wire.transport import Committed, Lane, Outputs, OversizedRecord, Unable

STATION = "router"
_CHECKED = "checked."


class Schemas(Protocol):
    """Fetches schemas by id before a block is decided."""

    async def ensure(self, ids: set[int]) -> None: ...


class Handler:
    """Decides blocks of checked records. ``clock`` gives microseconds since the epoch, UTC.

    ``lane.state`` is the store (``wire.replay.States``) of the lane's partition number, opened and caught up by the
    composition root.
    """

    def __init__(self, desk: Callable[[], Desk], schemas: Schemas, clock: Callable[[], int]) -> None:
        self._desk, self._schemas, self._clock = desk, schemas, clock

    async def __call__(self, lane: Lane, records: Sequence[ConsumerRecord]) -> Outputs:
        await self._schemas.ensure({id for r in records if isinstance(id := schema_id(r.value), int)})
        desk, store = self._desk(), lane.state
        read = [desk.read(record) for record in records]
        memory = Memory(store, lane.topic.removeprefix(_CHECKED), desk.history_domain)
        memory.load(r.subject for r in read if isinstance(r, Read))
        block = _Block(desk, lane, memory, self._clock())
        for record, understood in zip(records, read, strict=True):
            if isinstance(understood, Read):
                block.route(record, understood)
            else:
                block.refuse(record, understood)
        return block.close(records)

    def poison(self, lane: Lane, record: ConsumerRecord, error: Exception) -> Outputs:
        """Set aside a record that makes the decision itself fail."""
        desk = self._desk()
        block = _Block(
            desk, lane, Memory(lane.state, lane.topic.removeprefix(_CHECKED), desk.history_domain), self._clock()
        )
        block.refuse(record, finding("WIRE-9" if isinstance(error, OversizedRecord) else "POISON-1"))
        return block.close((record,))


class _Block:
    """The outputs of one block while they grow."""

    def __init__(self, desk: Desk, lane: Lane, memory: Memory, now: int) -> None:
        self._desk, self._memory, self._now = desk, memory, now
        self._outputs = lane.outputs()
        self._account = Account(STATION)
        self._domain = lane.topic.removeprefix(_CHECKED)
        self._partition = lane.partition

    def route(self, record: ConsumerRecord, read: Read) -> None:
        envelope = read.message.envelope
        learner = self._memory.of(read.subject)
        if learner.seen(envelope.source, envelope.id):
            self._account.duplicate(envelope.source, envelope.type, envelope.id)
            return
        enrolled = self._memory.schools(read.subject, read.day) if read.event.follows_learner else ()
        routed = self._desk.routes.route(read.message, schools_of(read.event, read.message.data, enrolled))
        headers = tuple(record.headers)
        log = f"record.{self._domain}"
        self._outputs.put(log, self._partition, record.key, record.value, headers, record.timestamp)
        self._deliver(record, read, routed.deliveries)
        after = learner.after(read.event, envelope.source, envelope.id, read.message.data, sequence(envelope))
        self._memory.put(read.subject, after)
        self._account.accepted(envelope.source, envelope.type, envelope.id, read.subject)

    def _deliver(self, record: ConsumerRecord, read: Read, deliveries: Iterable[Delivery]) -> None:
        projected: dict[str, bytes] = {}
        for delivery in deliveries:
            value = record.value
            if delivery.view is not None:
                value = projected.get(delivery.view) or self._desk.project(read, delivery.view)
                projected[delivery.view] = value
            inbox = f"inbox.{delivery.recipient}"
            self._outputs.put(inbox, None, record.key, value, tuple(record.headers), record.timestamp)
            self._account.delivered(delivery.recipient)

    def refuse(self, record: ConsumerRecord, why: Finding) -> None:
        headers = text(record.headers)
        named: Mapping[str, str] = headers if isinstance(headers, Mapping) else {}
        source = named.get("ce_source", UNKNOWN)
        outcome = "parked" if why.severity == "park" else "rejected"
        self._desk.papers.quarantine(self._outputs, record, outcome, source, (why,), self._now)
        self._account.refused(outcome, source, named.get("ce_type", UNKNOWN), named.get("ce_id", UNKNOWN), (why,))

    def close(self, records: Sequence[ConsumerRecord]) -> Outputs:
        """Receipts, the ledger entry, counts for the metrics, and the state to write once all of it is committed."""
        self._desk.papers.receipts(self._outputs, self._account, records, self._now, final=True)
        self._desk.papers.ledger(self._outputs, self._account, records, self._now)
        for outcome, n in self._account.outcomes.items():
            self._outputs.count(outcome, n)
        self._outputs.after_commit(self._remember)
        return self._outputs

    def _remember(self, committed: Committed) -> None:
        end = committed.next_offset(f"record.{self._domain}", self._partition)
        if end is not None:
            self._memory.commit(end)


def fold(desk: Desk) -> Callable[[bytes | None, ConsumerRecord], bytes]:
    """How a record of the canonical log changes what is remembered of its subject: the replay of ``route``.

    Data are read only where they move a learner. So what no longer is in the catalogue, or has a schema that nobody
    can look up now, does not keep the router from starting.
    """

    def after(old: bytes | None, record: ConsumerRecord) -> bytes:
        envelope = desk.envelope(record)
        if isinstance(envelope, Finding):
            raise Unable(f"{record.topic} at offset {record.offset} cannot be read: {envelope.code}")
        event, number = desk.world.events.get(envelope.type), sequence(envelope)
        if event is None or not event.history:
            return encode(decode(old).remembering(envelope.source, envelope.id, number))
        read = desk.read(record)
        if isinstance(read, Finding):
            raise Unable(f"{record.topic} at offset {record.offset} cannot be read now: {read.code}")
        return encode(decode(old).after(event, envelope.source, envelope.id, read.message.data, number))

    return after
