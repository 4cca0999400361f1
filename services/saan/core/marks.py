"""What a learner was marked with in a term: kept until a later term begins, so that an average can be worked out again.

Which fields of an event say so is data of its catalogue entry (``marks``). A mark is kept by a digest of the subject
that it is for, with its weight, because what is published about the same subject later replaces it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any, Final, NamedTuple

from saan.core.catalogue import Marking

MARKS: Final = 40
"""How many marks of a term are remembered; a learner who has that many may have more, and no average is known."""

ITEM: Final = 4  # bytes of a digest: two of 40 subjects look alike once in 5 million terms
_HUNDREDTHS: Final = 100


class Mark(NamedTuple):
    """The mark in one subject: ``weight`` in hundredths, ``value`` a code. Marks sort by their item."""

    item: bytes
    weight: int
    value: str


@dataclass(frozen=True, slots=True)
class Term:
    """The marks of one semester of an academic year (B.E.), in order."""

    year: int
    semester: int
    marks: tuple[Mark, ...] = ()

    def holds(self, year: int, semester: int) -> bool:
        return (self.year, self.semester) == (year, semester)

    def average(self, points: Mapping[str, float]) -> float | None:
        """The weighted average of the marks whose codes have points; ``None`` where it is not known."""
        if len(self.marks) >= MARKS:
            return None
        counted = [(mark.weight, points[mark.value]) for mark in self.marks if mark.value in points]
        weight = sum(weight for weight, _ in counted)
        return sum(weight * point for weight, point in counted) / weight if weight else None


def marked(known: Term | None, marking: Marking, data: Mapping[str, Any]) -> Term | None:
    """What is known of the latest term once this event stands in the log.

    An event about an earlier term changes nothing. One that names no weight corrects a mark that is known.
    """
    year, semester, item, value = (
        data.get(name) for name in (marking.year, marking.semester, marking.item, marking.value)
    )
    if year is None or semester is None or item is None or value is None:
        return known
    if known is not None and (year, semester) < (known.year, known.semester):
        return known
    term = known if known is not None and known.holds(year, semester) else Term(year, semester)
    marks = {mark.item: mark for mark in term.marks}
    digest = _item(str(item))
    if marking.weight is not None:
        marks[digest] = mark(str(item), data.get(marking.weight) or 0, str(value))
    elif digest in marks:
        marks[digest] = marks[digest]._replace(value=str(value))
    else:
        return known
    return replace(term, marks=tuple(marks[one] for one in sorted(marks)[:MARKS]))


def joined(known: Term | None, other: Term | None) -> Term | None:
    """What is known of the latest term where marks of one learner were kept apart; of two marks of one subject the
    greater code, so that the order makes no difference."""
    if known is None or other is None:
        return known or other
    if not known.holds(other.year, other.semester):
        return max(known, other, key=lambda term: (term.year, term.semester))
    marks = {mark.item: mark for mark in sorted((*known.marks, *other.marks))}
    return replace(known, marks=tuple(marks[item] for item in sorted(marks)[:MARKS]))


def mark(subject: str, weight: float, value: str) -> Mark:
    """The mark in one subject."""
    return Mark(_item(subject), round(weight * _HUNDREDTHS), value)


def _item(subject: str) -> bytes:
    return blake2b(subject.encode(), digest_size=ITEM).digest()
