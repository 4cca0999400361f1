"""What the router remembers about one subject: recent event ids and, for a learner, the enrolments.

The state is derived only from the canonical log ``record.<domain>``: folding the same records in the same order gives
the same bytes, so a local store can be thrown away at any time.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from saan.core.catalogue import EventType

RECENT = 32
"""How many event ids are remembered per subject; a repeat further back is not recognised as one."""

STAYS = 255
"""How many enrolments are remembered per subject, which is also what the stored form can count; older ones go first.
Without a bound, a school system that enrols and withdraws one pupil in a loop would stop the partition for good."""

_HEAD = struct.Struct(">BBB")
_SPAN = struct.Struct(">iiB")
_VERSION = 1
_OPEN = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A stay at a school from ``start`` to before ``end`` (days since 1970-01-01; ``None``: still there)."""

    school: str
    start: int
    end: int | None = None

    def holds(self, day: int) -> bool:
        return self.start <= day and (self.end is None or day < self.end)


@dataclass(frozen=True, slots=True)
class Learner:
    """State of one subject. ``recent`` are 8-byte digests of (publisher, event id), newest last."""

    recent: tuple[bytes, ...] = ()
    enrolments: tuple[Enrolment, ...] = ()

    def seen(self, source: str, id: str) -> bool:
        return mark(source, id) in self.recent

    def schools(self, day: int) -> frozenset[str]:
        """Where the learner is enrolled on that day."""
        return frozenset(e.school for e in self.enrolments if e.holds(day))

    def after(self, event: EventType, source: str, id: str, data: Mapping[str, Any]) -> "Learner":
        """The state once this record stands in the log."""
        enrolments = self.enrolments
        for step in event.history:
            school, day = data.get(step.school), data.get(step.on)
            if school is not None and day is not None:
                enrolments = (
                    _enter(enrolments, school, day) if step.move == "enter" else _leave(enrolments, school, day)
                )
        return Learner(self.recent, enrolments).remembering(source, id)

    def remembering(self, source: str, id: str) -> "Learner":
        """The state once this publication is known; nothing else changes."""
        return Learner((*self.recent, mark(source, id))[-RECENT:], self.enrolments)


def mark(source: str, id: str) -> bytes:
    """8 bytes that stand for one publication: the publisher's event id is its idempotency key."""
    return blake2b(f"{source}\0{id}".encode(), digest_size=8).digest()


def _enter(enrolments: tuple[Enrolment, ...], school: str, day: int) -> tuple[Enrolment, ...]:
    if any(e.school == school and e.end is None for e in enrolments):
        return enrolments
    return (*enrolments, Enrolment(school, day))[-STAYS:]


def _leave(enrolments: tuple[Enrolment, ...], school: str, day: int) -> tuple[Enrolment, ...]:
    return tuple(
        Enrolment(e.school, e.start, max(day, e.start)) if e.school == school and e.end is None else e
        for e in enrolments
    )


def encode(learner: Learner) -> bytes:
    """Compact bytes for a key-value store; ``decode`` is its inverse."""
    parts = [_HEAD.pack(_VERSION, len(learner.recent), len(learner.enrolments)), *learner.recent]
    for e in learner.enrolments:
        school = e.school.encode()
        parts += (_SPAN.pack(e.start, _OPEN if e.end is None else e.end, len(school)), school)
    return b"".join(parts)


def decode(stored: bytes | None) -> Learner:
    """The state in ``stored``; ``None`` is a subject never seen. Raises ``ValueError`` for bytes of another shape."""
    if stored is None:
        return Learner()
    try:
        version, ids, spans = _HEAD.unpack_from(stored)
        at = _HEAD.size + 8 * ids
        recent = tuple(stored[i : i + 8] for i in range(_HEAD.size, at, 8))
        enrolments = []
        for _ in range(spans):
            start, end, length = _SPAN.unpack_from(stored, at)
            at += _SPAN.size
            enrolments.append(Enrolment(stored[at : at + length].decode(), start, None if end == _OPEN else end))
            at += length
    except (struct.error, UnicodeDecodeError) as broken:
        raise ValueError("learner state is not in a shape that this version wrote") from broken
    if version != _VERSION or at != len(stored):
        raise ValueError(f"learner state has version {version} or a wrong length")
    return Learner(recent, tuple(enrolments))
