"""What the router remembers about one subject: recent event ids, sequence numbers and, for a learner, the history.

The state is derived only from the canonical log ``record.<domain>``: folding the same records in the same order gives
the same bytes, so a local store can be thrown away at any time. What an event does to it is data of its catalogue
entry (``history``). ``saan.core.learner_bytes`` has its stored form.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any, NamedTuple

from saan.core.catalogue import Closing, EventType, Step
from saan.core.history import DECEASED, ENROLLED, WITHDRAWN, Fact, Stay, fact, open_stay, status, stays
from saan.core.marks import Term, joined, marked

RECENT = 32
"""How many event ids are remembered per subject; a repeat further back is not recognised as one."""

FACTS = 200
"""How many facts are remembered per subject; the oldest go first. Without a bound, a school system that enrols and
withdraws one pupil in a loop would stop the partition for good."""

COUNTS = 32
"""How many publishers' sequence numbers are remembered per subject."""

NOTES = 32
"""How many notes are remembered per subject."""

ROOT = "root"
"""The note that says that a pseudonym is used no longer: its value is the one that the learner goes by now."""

_ID = 6  # bytes of a mark: two of 32 remembered ids look alike once in 10^13 events
_PUBLISHER = 4


class Note(NamedTuple):
    """A value that later events are judged by, such as the grade level: ``value`` holds from ``day`` on."""

    name: str
    day: int
    value: str


@dataclass(frozen=True, slots=True)
class Learner:
    """State of one subject.

    ``recent`` are 6-byte digests of (publisher, event id), newest last. ``facts`` are in their order. ``counts`` are
    the highest sequence numbers accepted, by a 4-byte digest of the publisher, in the order of the digests. ``notes``
    are the latest value of each name, by name. ``term`` holds the marks of the latest term.
    """

    recent: tuple[bytes, ...] = ()
    facts: tuple[Fact, ...] = ()
    counts: tuple[tuple[bytes, int], ...] = ()
    notes: tuple[Note, ...] = ()
    term: Term | None = None

    def seen(self, source: str, id: str) -> bool:
        return mark(source, id)[:_ID] in self.recent

    @property
    def stays(self) -> tuple[Stay, ...]:
        return stays(self.facts)

    @property
    def open(self) -> Stay | None:
        """The one open enrolment, if there is one."""
        return open_stay(self.facts)

    @property
    def status(self) -> str:
        return status(self.facts)

    @property
    def died(self) -> int | None:
        return min((one.day for one in self.facts if one.becomes == DECEASED), default=None)

    def schools(self, day: int) -> frozenset[str]:
        """Where the learner is enrolled on that day."""
        return frozenset(stay.school for stay in self.stays if stay.holds(day)) if self.facts else frozenset()

    def count(self, source: str) -> int | None:
        """The highest sequence number of this publisher that was accepted."""
        return dict(self.counts).get(_publisher(source)) if self.counts else None

    def note(self, name: str) -> str | None:
        noted = self._noted(name)
        return noted.value if noted else None

    @property
    def root(self) -> str | None:
        """The pseudonym that the learner goes by now; ``None`` while it is this one."""
        return self.note(ROOT)

    def closed(self, closing: Closing) -> Note | None:
        """The note by which the subject, a school, is closed; ``None`` while it is open."""
        noted = self._noted(closing.note)
        return noted if noted and noted.value in closing.values else None

    def _noted(self, name: str) -> Note | None:
        return next((note for note in self.notes if note.name == name), None)

    def after(
        self, event: EventType, source: str, id: str, data: Mapping[str, Any], sequence: int | None = None
    ) -> "Learner":
        """The state once this record stands in the log."""
        known = self.remembering(source, id, sequence)
        if event.marks is not None:
            known = replace(known, term=marked(known.term, event.marks, data))
        if not event.history:
            return known
        facts = tuple(sorted({*self.facts, *facts_of(event, data)}))[-FACTS:]
        return replace(known, facts=facts, notes=_noted(self.notes, notes_of(event, data)))

    def remembering(self, source: str, id: str, sequence: int | None = None) -> "Learner":
        """The state once this publication is known; nothing else changes."""
        known = replace(self, recent=(*self.recent, mark(source, id)[:_ID])[-RECENT:])
        return known if sequence is None else known.counted(source, sequence)

    def rooted(self, root: str) -> "Learner":
        """The state once the learner goes by another pseudonym."""
        return replace(self, notes=_noted(self.unrooted().notes, (Note(ROOT, 0, root),)))

    def unrooted(self) -> "Learner":
        """The state once the learner goes by this pseudonym again."""
        return replace(self, notes=tuple(note for note in self.notes if note.name != ROOT))

    def joined(self, other: "Learner") -> "Learner":
        """The state once all that is known of the learner under another pseudonym is known under this one.

        A publisher that has counted under both begins to count anew: nobody knows which number is to come next.
        """
        counts = {}
        for publisher in dict(self.counts).keys() | dict(other.counts).keys():
            told = {count for known, count in (*self.counts, *other.counts) if known == publisher}
            if len(told) == 1:
                counts[publisher] = told.pop()
        return Learner(
            recent=tuple(dict.fromkeys((*other.recent, *self.recent)))[-RECENT:],
            facts=tuple(sorted({*self.facts, *other.facts}))[-FACTS:],
            counts=tuple(sorted(counts.items())[:COUNTS]),
            notes=_noted(self.notes, other.unrooted().notes),
            term=joined(self.term, other.term),
        )

    def counted(self, source: str, sequence: int) -> "Learner":
        """The state once this publisher's numbers are accepted up to ``sequence``."""
        return replace(self, counts=_counted(self.counts, _publisher(source), sequence))


def mark(source: str, id: str) -> bytes:
    """8 bytes that stand for one publication: the publisher's event id is its idempotency key."""
    return blake2b(f"{source}\0{id}".encode(), digest_size=8).digest()


def facts_of(event: EventType, data: Mapping[str, Any]) -> tuple[Fact, ...]:
    """What one event tells of the learner's school life, by the steps of its catalogue entry."""
    told = []
    for step in event.history:
        if step.move != "note":
            school, day = data.get(step.school or ""), data.get(step.on)
            if school and day is not None:
                told.append(fact(day, becomes(step, data), school))
    return tuple(told)


def becomes(step: Step, data: Mapping[str, Any]) -> str:
    """What the learner becomes by this step; where the step names a field, the field's value may say otherwise."""
    if step.move == "enter":
        return ENROLLED
    usual = step.becomes or WITHDRAWN
    return usual if step.by is None else step.told.get(str(data.get(step.by)), usual)


def notes_of(event: EventType, data: Mapping[str, Any]) -> tuple[Note, ...]:
    told = []
    for step in event.history:
        if step.note and step.value is not None:
            value, day = data.get(step.value), data.get(step.on)
            if value is not None and day is not None:
                told.append(Note(step.note, day, str(value)))
    return tuple(told)


def _noted(known: tuple[Note, ...], told: Iterable[Note]) -> tuple[Note, ...]:
    """The latest of each name; of two on one day the greater value, so that the order of arrival does not matter."""
    latest = {note.name: note for note in known}
    for note in told:
        latest[note.name] = max(note, latest.get(note.name, note))
    return tuple(latest[name] for name in sorted(latest)[:NOTES])


def _counted(known: tuple[tuple[bytes, int], ...], publisher: bytes, sequence: int) -> tuple[tuple[bytes, int], ...]:
    counts = dict(known)
    counts[publisher] = max(sequence, counts.get(publisher, sequence))
    if len(counts) > COUNTS:
        del counts[min(other for other in counts if other != publisher)]
    return tuple(sorted(counts.items()))


def _publisher(source: str) -> bytes:
    return blake2b(source.encode(), digest_size=_PUBLISHER).digest()
