"""A second open enrolment of a learner is a case: both schools hear when it begins, and when and how it ends.

A case is between one event, which enrols the learner and waits (the claim), and one school that holds the learner. It
begins when the claim is found to be a second enrolment (V9). It ends when the claim does, and when the school lets the
learner go; if another school holds the learner by then, another case of the same claim begins.

A link may say that two learners are one (``core.merging``), of whom each is enrolled somewhere: then the link is the
claim, and the case begins and ends with it.

What is to be told follows from what was told before and from what is known now, and from nothing else. So whoever
keeps the case with the claim tells the same again after a crash, and nothing twice.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import blake2b
from typing import Final

from saan.core.learner import Learner
from saan.core.outcome import Fits, Judgement, Second

DETECTED: Final = "duplicate-enrolment.detected"
RESOLVED: Final = "duplicate-enrolment.resolved"

_ID: Final = 10  # bytes


class Ending(StrEnum):
    """How a case ended; the symbols of ``DuplicateEnding`` in ``schemas/avro``."""

    ENTERED = "ENTERED"
    """The first school let the learner go, and the second enrolment counts."""
    LET_GO = "LET_GO"
    """The first school holds the learner no longer; the second enrolment still waits."""
    EXPIRED = "EXPIRED"
    """Nobody let the learner go in time; the second enrolment was set aside."""
    REFUSED = "REFUSED"
    """The second enrolment was refused; nothing that may still arrive makes it right."""
    SUPERSEDED = "SUPERSEDED"
    """Both enrolments counted, of two learners who are one; from now on the later one counts."""


@dataclass(frozen=True, slots=True)
class Case:
    """The last case of one claim: which one it is of that claim, counted from 1, and whether it is still open."""

    number: int
    second: Second
    open: bool = True


@dataclass(frozen=True, slots=True)
class Notice:
    """What both schools are to be told of a case: that it began (``ending`` is ``None``), or how it ended."""

    case: Case
    ending: Ending | None = None

    @property
    def event(self) -> str:
        """The event type that tells it."""
        return DETECTED if self.ending is None else RESOLVED

    @property
    def schools(self) -> frozenset[str]:
        """Whom it concerns."""
        return frozenset((self.case.second.holder, self.case.second.claimant))


Told = tuple[Case | None, tuple[Notice, ...]]
"""The case from now on, and what is to be told."""


def follow(case: Case | None, second: Second | None) -> Told:
    """What becomes of the case of a claim that waits: ``second`` is what is known of it now."""
    if case is not None and case.open:
        if second is not None and second.holder == case.second.holder:
            return case, ()
        case, told = end(case, Ending.LET_GO)
    else:
        told = ()
    if second is None:
        return case, told
    begun = Case(case.number + 1 if case else 1, second)
    return begun, (*told, Notice(begun))


def end(case: Case | None, how: Ending) -> Told:
    """What becomes of the case of a claim when the claim itself is over, or the school lets go."""
    if case is None or not case.open:
        return case, ()
    return replace(case, open=False), (Notice(case, how),)


def united(one: Learner, other: Learner) -> tuple[Notice, ...]:
    """What is to be told when two learners turn out to be one, whom two schools hold: a case that has ended with it."""
    if one.open is None or other.open is None or one.open.school == other.open.school:
        return ()
    first, later = sorted((one.open, other.open), key=lambda stay: (stay.start, stay.school))
    case = Case(1, Second(first.school, first.start, later.school, later.start))
    return Notice(case), Notice(replace(case, open=False), Ending.SUPERSEDED)


def ending(judged: Judgement) -> Ending:
    """How a case ends by what was decided about its claim."""
    return Ending.ENTERED if isinstance(judged, Fits) else Ending.REFUSED


def case_id(source: str, id: str, place: str, number: int) -> str:
    """The id of a case: the same whenever it is decided again, another whenever the claim comes in once more.

    ``place`` is where the claim was read; ``source`` and ``id`` are its publisher and event id.
    """
    of = f"{source}\0{id}\0{place}\0{number}".encode()
    return f"dup-{blake2b(of, digest_size=_ID).hexdigest()}"
