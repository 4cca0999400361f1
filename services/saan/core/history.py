"""The school life of a learner: facts told by events, and what follows from them.

A history is a set of facts. Where somebody is enrolled, and as what, is worked out from the set in the order of the
facts' own days; so it does not matter in which order events arrived, as long as all of them did. What is known when
decides only *whether* an event may join the set (``saan.core.rules.history``).

The statuses are those of the standard's list of student statuses: enrolled (001), suspended (002), deceased (003),
tracked (004), withdrawn (005, 006), graduated (007), and those it has no code for: identified (an identity was
assigned), transferring (a transfer was asked for) and transferred (another school has taken the learner over).

Two facts of one school on one day are taken in the order of ``STATUSES``: who enters and leaves on one day has left.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Final, NamedTuple

IDENTIFIED: Final = "identified"
ENROLLED: Final = "enrolled"
TRANSFERRING: Final = "transferring"
SUSPENDED: Final = "suspended"
TRACKED: Final = "tracked"
TRANSFERRED: Final = "transferred"
WITHDRAWN: Final = "withdrawn"
GRADUATED: Final = "graduated"
DECEASED: Final = "deceased"

STATUSES: Final = (
    IDENTIFIED,
    ENROLLED,
    TRANSFERRING,
    SUSPENDED,
    TRACKED,
    TRANSFERRED,
    WITHDRAWN,
    GRADUATED,
    DECEASED,
)
RANK: Final = {status: rank for rank, status in enumerate(STATUSES)}

DURING: Final = frozenset({ENROLLED, TRANSFERRING, SUSPENDED, TRACKED})
"""Statuses of a learner who is at a school."""

ENDINGS: Final = frozenset({TRANSFERRED, WITHDRAWN, GRADUATED, DECEASED})
"""Statuses with which a stay ends."""

NONE: Final = "none"
"""The status of somebody of whom no fact is known."""


class Fact(NamedTuple):
    """From ``day`` on (days since 1970-01-01) the learner is ``becomes`` at ``school``. Facts sort in their order."""

    day: int
    rank: int
    school: str

    @property
    def becomes(self) -> str:
        return STATUSES[self.rank]


def fact(day: int, becomes: str, school: str) -> Fact:
    return Fact(day, RANK[becomes], school)


@dataclass(frozen=True, slots=True)
class Stay:
    """A stay at a school from ``start`` to before ``end`` (``None``: still there). ``status`` is the last one told.

    ``superseded`` marks a stay whose end nobody told, cut where the learner is known to have entered another school.
    """

    school: str
    start: int
    end: int | None = None
    status: str = ENROLLED
    superseded: bool = False

    def holds(self, day: int) -> bool:
        return self.start <= day and (self.end is None or day < self.end)


def stays(facts: Iterable[Fact]) -> tuple[Stay, ...]:
    """All stays, by their beginning. At most one is open: an earlier one without an end was superseded by a later."""
    told, died = _told(facts)
    told.sort(key=lambda stay: (stay.start, stay.school))
    found = []
    for stay, following in zip_longest(told, told[1:]):
        if stay.end is None and following is not None and (died is None or following.start <= died):
            found.append(replace(stay, end=following.start, superseded=True))
        elif stay.end is None and died is not None:
            found.append(replace(stay, end=max(died, stay.start), status=DECEASED))
        else:
            found.append(stay)
    return tuple(found)


def at_school(facts: Iterable[Fact], school: str) -> tuple[Stay, ...]:
    """The stays at one school, as the facts about this school alone tell them."""
    return tuple(_told(fact for fact in facts if fact.school == school)[0])


def _told(facts: Iterable[Fact]) -> tuple[list[Stay], int | None]:
    """The stays as they were told, each school for itself, and the day of death."""
    found: list[Stay] = []
    there: dict[str, int] = {}
    died: int | None = None
    for day, rank, school in sorted(facts):
        becomes = STATUSES[rank]
        at = there.get(school)
        if becomes == DECEASED and died is None:
            died = day
        if at is None and becomes == ENROLLED:
            there[school] = len(found)
            found.append(Stay(school, day))
        elif at is not None and becomes in DURING:
            found[at] = replace(found[at], status=becomes)
        elif at is not None and becomes in ENDINGS:
            found[at] = replace(found[at], end=day, status=becomes)
            del there[school]
    return found, died


def open_stay(facts: Iterable[Fact]) -> Stay | None:
    """The one open enrolment, if there is one."""
    last = stays(facts)[-1:]
    return last[0] if last and last[0].end is None else None


def status(facts: Iterable[Fact]) -> str:
    """What the learner is by all that is known; ``NONE`` for somebody of whom nothing is."""
    known = sorted(facts)
    if any(fact.becomes == DECEASED for fact in known):
        return DECEASED
    there = open_stay(known)
    if there is not None:
        return there.status
    return known[-1].becomes if known else NONE
