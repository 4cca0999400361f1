"""A learner's state as somebody describes it, for trying one event: in examples and in conformance samples."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from saan.core.history import DURING, ENROLLED, Fact, fact
from saan.core.learner import Learner, Note
from saan.core.marks import Term

_LONG_AGO: Final = 3650  # days; when the stay began that is still open or has ended
_BEFORE: Final = 365  # days; when it ended


@dataclass(frozen=True, slots=True)
class Assumed:
    """What is to be taken as known.

    ``open`` are open enrolments, status by school. ``status`` is the last status told (``None``: nothing was), at
    ``school``. ``notes`` are what earlier events have noted, ``sequence`` the last number of the event's publisher,
    ``term`` the marks of the latest term.
    """

    status: str | None = None
    school: str | None = None
    open: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    sequence: int | None = None
    term: Term | None = None


def learner(assumed: Assumed, day: int, source: str) -> Learner:
    """The state that is assumed of the subject of an event of ``source`` on this day (days since 1970-01-01)."""
    facts: set[Fact] = set()
    for school, status in assumed.open.items():
        facts |= {fact(day - _LONG_AGO, ENROLLED, school), fact(day - _LONG_AGO, status, school)}
    if assumed.status is not None:
        school = assumed.school or next(iter(assumed.open), "")
        stays = assumed.status in DURING
        if not stays or not assumed.open:
            facts.add(fact(day - _LONG_AGO, ENROLLED, school))
            facts.add(fact(day - (_LONG_AGO if stays else _BEFORE), assumed.status, school))
    notes = tuple(Note(name, day - _LONG_AGO, value) for name, value in sorted(assumed.notes.items()))
    known = Learner(facts=tuple(sorted(facts)), notes=notes, term=assumed.term)
    return known if assumed.sequence is None else known.counted(source, assumed.sequence)
