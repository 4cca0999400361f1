"""Two pseudonyms of one learner get one history: what was known under the one is carried to where the other is kept.

A link is accepted where its subject is kept, and the other pseudonym, the former, may be kept elsewhere, with a history
of its own and with events that wait. So the two places tell each other, by records that are read like any other:

1. the place of the subject *asks* the place of the former one: ``former`` goes on as ``subject``;
2. there the former pseudonym is *rooted*: from then on whatever comes under it is sent on under the subject. What is
   known of it is *carried* to the subject, and what waits follows;
3. the place of the subject *joins* what was carried to what it knows itself, and the link is told to those who knew the
   learner under the former pseudonym alone.

Each step is decided by what its place knows, whatever the order in which several links are told. Two links told at one
moment may root two pseudonyms in a third one, or in each other. A pseudonym that has a root already passes on what it
is asked or brought; where that would go round in a circle, the least pseudonym of the circle has no root any longer and
joins. So in the end every pseudonym of the learner leads to one, and that one knows all (see ``core.links``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from saan.core.learner import Learner

MERGED: Final = "learner.merged"


@dataclass(frozen=True, slots=True)
class Link:
    """The record that linked two pseudonyms, as it stands in the log: told to whoever knew only the former one."""

    value: bytes
    headers: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Told:
    """``former`` goes on as ``subject``. With ``state`` (bytes of a ``Learner``) it is carried, else it is asked.

    ``past`` are the pseudonyms at which what is carried has been, ``link`` is why.
    """

    former: str
    subject: str
    state: bytes | None = None
    past: tuple[str, ...] = ()
    link: Link | None = None

    @property
    def key(self) -> str:
        """The pseudonym at whose place it is decided."""
        return self.former if self.state is None else self.subject

    def data(self) -> dict[str, Any]:
        """The fields of the event that tells it."""
        link = None if self.link is None else {"value": self.link.value, "headers": dict(self.link.headers)}
        known = {"state": self.state, "past": list(self.past), "link": link}
        return {"formerUid": self.former, "subjectUid": self.subject, **known}


def told(data: Mapping[str, Any]) -> Told:
    """What an event tells."""
    link = None if data["link"] is None else Link(data["link"]["value"], data["link"]["headers"])
    return Told(data["formerUid"], data["subjectUid"], data["state"], tuple(data["past"]), link)


@dataclass(frozen=True, slots=True)
class Roots:
    """The pseudonym is rooted, and all that is known of it is carried to its root."""


@dataclass(frozen=True, slots=True)
class Passes:
    """It is no matter of this place: ``on`` is what is to be told elsewhere, if anything is."""

    on: Told | None = None


@dataclass(frozen=True, slots=True)
class Joins:
    """What was carried is joined to what is known here."""


Step = Roots | Passes | Joins


def step(told: Told, learner: Learner) -> Step:
    """What becomes of what is told, at the place of ``told.key``; ``learner`` is what is known of that pseudonym."""
    root = learner.root
    if told.state is None:
        if root is None:
            return Roots() if told.former != told.subject else Passes()
        if root == told.subject:
            return Passes()
        return Passes(Told(max(root, told.subject), min(root, told.subject)))
    if root is None:
        return Joins()
    circle = told.past[told.past.index(told.subject) :] if told.subject in told.past else ()
    if root in circle and told.subject == min(circle):
        return Joins()
    return Passes(replace(told, subject=root, past=(*told.past, told.subject)))


def carried(told: Told, state: bytes) -> Told:
    """What is told of a pseudonym that was asked and is rooted: all that was known of it until then."""
    return replace(told, state=state, past=(told.former,))


def after(told: Told, learner: Learner, other: Learner | None) -> Learner:
    """The state of ``told.key`` once this stands in the log; ``other`` is the state that was carried."""
    if other is None:
        return learner.rooted(told.subject)
    return learner.unrooted().joined(other)
