"""Events that wait for what must come before: kept in ``parked.<domain>``, and by the router in memory.

A record with a value says that an event waits: the checked record as it came, with the place that it came from, the
time since when, and the case of a second enrolment, if it is one; it is written again when that case changes. A record
without a value says that the event of that place waits no longer. All are written in the transaction that decides it,
so what waits is what a replay of the topic says. There is one room per lane, because the topic is partitioned like
``checked.<domain>``.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field

import orjson
from aiokafka import ConsumerRecord

from saan.core.chain import Place, sequence
from saan.core.duplicates import Case
from saan.core.message import Envelope
from saan.core.outcome import Second
from saan.wire.record import Headers
from saan.wire.transport import Outputs

_ORIGIN = "saan_origin"
_SINCE = "saan_since"
_CASE = "saan_case"
_LEFT = "saan_left"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A waiting event: the checked record, and since when it waits (microseconds since the epoch, UTC).

    It looks like the record that it was: ``topic``, ``partition`` and ``offset`` are its place in ``checked.*``.
    ``case`` is what was told of it as a second enrolment.
    ``spared`` marks one that may wait longer than others, because it waits for a time that will come or behind such a
    one; a replay does not know it, the next look finds it out.
    """

    topic: str
    partition: int
    offset: int
    key: bytes
    value: bytes
    headers: Headers
    timestamp: int
    since: int
    source: str
    id: str
    sequence: int | None
    case: Case | None = None
    spared: bool = field(default=False, compare=False)

    @property
    def subject(self) -> str:
        return self.key.decode()

    @property
    def place(self) -> Place:
        return Place(self.source, self.sequence)

    @property
    def origin(self) -> str:
        return f"{self.topic}/{self.partition}/{self.offset}"


def waiting(record: ConsumerRecord, envelope: Envelope, since: int) -> Waiting:
    """A checked record that is to wait from now on."""
    return Waiting(
        record.topic,
        record.partition,
        record.offset,
        record.key or b"",
        record.value or b"",
        tuple(record.headers),
        record.timestamp,
        since,
        envelope.source,
        envelope.id,
        sequence(envelope),
    )


def enter(outputs: Outputs, one: Waiting, topic: str, number: int) -> None:
    """Write down that the event waits."""
    told = [(_ORIGIN, one.origin.encode()), (_SINCE, str(one.since).encode())]
    if one.case is not None:
        told.append((_CASE, orjson.dumps(one.case)))
    outputs.put(topic, number, one.key, one.value, (*one.headers, *told), one.timestamp)


def leave(outputs: Outputs, one: Waiting, topic: str, number: int, outcome: str) -> None:
    """Write down that the event waits no longer, and what became of it."""
    told = ((_ORIGIN, one.origin.encode()), (_LEFT, outcome.encode()))
    named = tuple((name, value) for name, value in one.headers if name in ("ce_id", "ce_source", "ce_type"))
    outputs.put(topic, number, one.key, None, (*named, *told), one.timestamp)


@dataclass(slots=True)
class Room:
    """What waits in one lane, by subject, in the order of arrival. How far it was looked at is no part of its value."""

    _by_subject: dict[str, tuple[Waiting, ...]] = field(default_factory=dict)
    _begun: Hashable = field(default=None, compare=False)
    _unlooked: tuple[str, ...] = field(default=(), compare=False)

    def unlooked(self, begun: Hashable, most: int) -> list[str]:
        """Subjects to look at again because what has ``begun`` is not what it was: some now, the rest later."""
        if begun != self._begun:
            self._begun, self._unlooked = begun, tuple(self._by_subject)
        return list(self._unlooked[:most])

    def looked(self, subjects: Collection[str]) -> None:
        """These subjects were looked at, and what came of it is committed."""
        self._unlooked = tuple(subject for subject in self._unlooked if subject not in subjects)

    def of(self, subject: str) -> tuple[Waiting, ...]:
        return self._by_subject.get(subject, ())

    def late(self, until: int) -> list[str]:
        """Subjects of which something has waited since ``until`` or longer, and is not spared."""
        return [
            subject
            for subject, there in self._by_subject.items()
            if any(one.since <= until and not one.spared for one in there)
        ]

    def keep(self, changed: Mapping[str, Iterable[Waiting]]) -> None:
        """Take over what a committed block has left waiting."""
        for subject, there in changed.items():
            self._by_subject[subject] = tuple(there)
            if not self._by_subject[subject]:
                del self._by_subject[subject]

    def replay(self, record: ConsumerRecord) -> None:
        """Take in one record of ``parked.<domain>``, in the order of the topic."""
        told = {name: (value or b"").decode() for name, value in record.headers}
        subject = (record.key or b"").decode()
        if record.value is None:
            self.keep({subject: (one for one in self.of(subject) if one.origin != told[_ORIGIN])})
            return
        topic, number, offset = told[_ORIGIN].rsplit("/", 2)
        headers = tuple((name, value) for name, value in record.headers if name not in (_ORIGIN, _SINCE, _CASE))
        number_of = int(told["ce_sequence"]) if told.get("ce_sequence") else None
        one = Waiting(
            topic,
            int(number),
            int(offset),
            record.key or b"",
            record.value,
            headers,
            record.timestamp,
            int(told[_SINCE]),
            told["ce_source"],
            told["ce_id"],
            number_of,
            _case(told[_CASE]) if _CASE in told else None,
        )
        there = {known.origin: known for known in self.of(subject)}
        self.keep({subject: {**there, one.origin: one}.values()})


def _case(told: str) -> Case:
    read = orjson.loads(told)
    return Case(read["number"], Second(**read["second"]), read["open"])
