"""The roster of a round: who is enrolled where, worked out from the canonical log alone.

Only what was received before the cut-off counts, and only facts of the counted day and before. Of all that is said of a
learner and a school, the fact of the latest day holds, of one day the one that happened last; so every order of the
same records, and every repetition of them, gives the same roster.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from saan.core import merkle
from saan.core.catalogue import EventType
from saan.core.message import Envelope

FACETS: Final = ("grade", "sex", "status")
"""What a roster tells of a learner besides the school; the catalogue says which fields of which events hold it."""

_MOVES: Final = ("enter", "leave")

_Rank = tuple[int, int, str, str]
"""Which of two facts holds: day, time, then publisher and id, so that no two facts are equal."""


class Entry(NamedTuple):
    """One learner at one school on the counted day; a facet that no event told is empty."""

    subject: str
    school: str
    grade: str
    sex: str
    status: str

    def leaf(self) -> bytes:
        """The bytes that go into the tree: a JSON array of the five texts, without spaces, in UTF-8."""
        return json.dumps(self, ensure_ascii=False, separators=(",", ":")).encode()


class Roster:
    """A fold over records. ``day`` is the counted day, ``cut_off`` microseconds since the epoch (exclusive)."""

    def __init__(self, day: int, cut_off: int) -> None:
        self.day, self.cut_off = day, cut_off
        self._moves: dict[tuple[str, str], tuple[_Rank, str]] = {}
        self._facets: dict[tuple[str, str], tuple[_Rank, str]] = {}

    def add(self, event: EventType, envelope: Envelope, data: Mapping[str, Any], subject: str, received: int) -> None:
        """Take in one record that was received at ``received``."""
        if received >= self.cut_off:
            return
        rank = (envelope.time, envelope.source, envelope.id)
        for step in event.history:
            if step.school is None or step.move not in ("enter", "leave"):
                continue
            school, day = data.get(step.school), data.get(step.on)
            if step.move in _MOVES and school is not None and day is not None:
                self._note(self._moves, (subject, school), (day, *rank), step.move)
        for facet, name in event.roster.items():
            if data.get(name) is not None:
                self._note(self._facets, (subject, facet), (data["effectiveDate"], *rank), str(data[name]))

    def _note(
        self, into: dict[tuple[str, str], tuple[_Rank, str]], about: tuple[str, str], rank: _Rank, said: str
    ) -> None:
        if rank[0] <= self.day and (about not in into or into[about] < (rank, said)):
            into[about] = rank, said

    def heard_of(self) -> frozenset[str]:
        """Every school that some record named."""
        return frozenset(school for _, school in self._moves)

    def entries(self, school: str | None = None) -> Iterator[Entry]:
        """Who is enrolled, of one school or of all; in no particular order."""
        for (subject, at), (_, move) in self._moves.items():
            if move == "enter" and school in (None, at):
                grade, sex, status = (self._facets.get((subject, facet), (None, ""))[1] for facet in FACETS)
                yield Entry(subject, at, grade, sex, status)


class Count(NamedTuple):
    """How many of one grade and sex."""

    grade: str
    sex: str
    learners: int


class Counted(NamedTuple):
    """One school, counted: ``counts`` in order of grade and sex, and the Merkle root of its entries."""

    school: str
    counts: tuple[Count, ...]
    root: bytes

    @property
    def total(self) -> int:
        return sum(count.learners for count in self.counts)


def counted(roster: Roster, school: str) -> Counted:
    """The count of one school; a school without learners has the root of nothing."""
    entries = list(roster.entries(school))
    by = Counter((entry.grade, entry.sex) for entry in entries)
    counts = tuple(Count(grade, sex, n) for (grade, sex), n in sorted(by.items()))
    return Counted(school, counts, merkle.root(entry.leaf() for entry in entries))
