"""The roster of a round: who is enrolled where, worked out from the canonical log alone.

Only what was received before the cut-off counts, and only facts of the counted day and before. Where somebody is
enrolled follows from the facts of the history (``core.history``) as it does in the router; of all that is said of a
grade or a sex, the latest day holds, and of one day what happened last. What is said of linked pseudonyms (see
``core.links``) is of one learner. So every order of the same records, and every repetition of them, gives the same
roster.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from saan.core import merkle
from saan.core.catalogue import EventType
from saan.core.history import Fact, open_stay
from saan.core.learner import facts_of
from saan.core.links import ALIAS, Links
from saan.core.message import Envelope

FACETS: Final = ("grade", "sex")
"""What a roster tells of a learner besides school and status: the catalogue says which fields of events hold it."""

_Rank = tuple[int, int, str, str]
"""Which of two sayings holds: day, time, then publisher and id, so that no two are equal."""


class Entry(NamedTuple):
    """One learner at one school on the counted day.

    A facet that no event told is empty; ``status`` is a word of ``core.history`` (enrolled, suspended, tracked, …).
    """

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
        self._facts: dict[str, set[Fact]] = {}
        self._facets: dict[tuple[str, str], tuple[_Rank, str]] = {}
        self._links = Links()

    def add(self, event: EventType, envelope: Envelope, data: Mapping[str, Any], subject: str, received: int) -> None:
        """Take in one record that was received at ``received``."""
        if received >= self.cut_off:
            return
        if event.links:
            self._link(envelope.extensions.get(ALIAS, subject), subject)
        subject = self._links.root(subject)
        for fact in facts_of(event, data):
            if fact.day <= self.day:
                self._facts.setdefault(subject, set()).add(fact)
        for facet, name in event.roster.items():
            if data.get(name) is not None and data["effectiveDate"] <= self.day:
                said = (data["effectiveDate"], envelope.time, envelope.source, envelope.id), str(data[name])
                self._hear(subject, facet, said)

    def _hear(self, subject: str, facet: str, said: tuple[_Rank, str]) -> None:
        self._facets[subject, facet] = max(said, self._facets.get((subject, facet), said))

    def _link(self, alias: str, subject: str) -> None:
        """Whatever was known of either pseudonym is known of the one under which both go on."""
        before = {self._links.root(alias), self._links.root(subject)}
        self._links.add(alias, subject)
        root = self._links.root(subject)
        for old in before - {root}:
            if old in self._facts:
                self._facts.setdefault(root, set()).update(self._facts.pop(old))
            for facet in FACETS:
                if (old, facet) in self._facets:
                    self._hear(root, facet, self._facets.pop((old, facet)))

    def heard_of(self) -> frozenset[str]:
        """Every school of which some learner was told."""
        return frozenset(fact.school for facts in self._facts.values() for fact in facts)

    def entries(self, school: str | None = None) -> Iterator[Entry]:
        """Who is enrolled, of one school or of all; in no particular order. Nobody is enrolled twice."""
        for subject, facts in self._facts.items():
            stay = open_stay(facts)
            if stay is not None and school in (None, stay.school):
                grade, sex = (self._facets.get((subject, facet), (None, ""))[1] for facet in FACETS)
                yield Entry(subject, stay.school, grade, sex, stay.status)


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
