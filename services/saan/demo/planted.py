"""What the demo publishes, together with what must become of it: the expectation is planted with the dirt itself."""

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Fate(StrEnum):
    """What must become of a publication. ``REPEATED`` is the same event handed in again, without a second effect."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    REPEATED = "repeated"


@dataclass(frozen=True, slots=True)
class Planted:
    """One publication by ``publisher``.

    ``event`` is a CloudEvent in the structured JSON form. ``learner`` is the key of the pupil whom it is about,
    whatever identity the event names; ``None`` for events about a class or a school. ``rule`` is the code that refuses
    it or, for an accepted event, flags it; empty otherwise.
    """

    publisher: str
    event: Mapping[str, Any]
    learner: int | None = None
    fate: Fate = Fate.ACCEPTED
    rule: str = ""

    @property
    def id(self) -> str:
        return str(self.event["id"])


class RowFate(StrEnum):
    """What must become of a row of a roster."""

    ACCEPT = "accept"
    WARN = "warn"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class PlantedRow:
    """One row of a roster file. ``number`` counts from 1 at the first line after the header.

    ``event`` is the enrolment that the row must become, with the fields that decide about its way; ``None`` for a row
    that must be refused. ``further`` are the sensitive facts that it must become besides, in the order of their types.
    """

    number: int
    fate: RowFate
    rule: str
    event: Planted | None
    further: tuple[Planted, ...] = ()


@dataclass(slots=True)
class PlantedRoster:
    """A roster file of one school, and what must become of each of its rows."""

    participant: str
    path: str
    encoding: str
    rows: list[PlantedRow] = field(default_factory=list)


def event_id(run: str, *parts: object) -> str:
    """An id for an event of this run: a UUID of version 8 (RFC 9562) over the run and what tells the event apart."""
    text = "/".join(map(str, (run, *parts)))
    value = int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "big")
    value = value & ~(0xF << 76) | 0x8 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))
