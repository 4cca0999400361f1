"""Find who is to have a record. Deny by default: without an agreement there is no delivery.

A delivery exists if and only if all of this holds: the event type names the recipient's kind, an agreement of the
recipient names the event type and is valid at the event's time, its scope covers one of the schools concerned (see
``core.follow``), its conditions on the data hold, it is not paused, and the recipient is not the publisher.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from saan.core.calendar import day_of
from saan.core.catalogue import EventType
from saan.core.follow import Concerned
from saan.core.message import Message
from saan.core.outcome import Delivery
from saan.core.participants import Agreement, Participant
from saan.core.world import World

DELIVERED: Final = "delivered"
NOT_VALID: Final = "agreement-not-valid"
PAUSED: Final = "agreement-paused"
OUT_OF_SCOPE: Final = "out-of-scope"
LEFT: Final = "learner-left"
FILTERED: Final = "filtered"
PUBLISHER: Final = "publisher-itself"
NO_ROLE: Final = "kind-not-entitled"
NO_AGREEMENT: Final = "no-agreement"
CODES: Final = (DELIVERED, NOT_VALID, PAUSED, OUT_OF_SCOPE, LEFT, FILTERED, PUBLISHER, NO_ROLE, NO_AGREEMENT)

_REMEMBERED: Final = 100_000
"""Of how many sets of schools and days it is remembered what lies above them."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A participant that one event type could reach, with the agreement that names the type and its view, if any."""

    participant: str
    agreement: Agreement
    view: str | None


class Routes:
    """The routing decision for one ``World``, with the candidates of every event type found once.

    ``views`` maps ``(event type, agreement id)`` to the view that the agreement's projection needs; absent means the
    original bytes may be handed over. Candidates are looked up by the organisations that a record reaches: how many
    schools take part does not slow a record down.
    """

    def __init__(self, world: World, views: Mapping[tuple[str, str], str]) -> None:
        self._world = world
        self._candidates = {
            event.name: tuple(_candidates(event, world.participants.values(), views)) for event in world.events.values()
        }
        self._by_scope = {name: _by_scope(candidates) for name, candidates in self._candidates.items()}
        self._covered = lru_cache(_REMEMBERED)(self._cover)

    def route(self, message: Message, concerned: Concerned) -> tuple[Delivery, ...]:
        """Who is to have ``message``.

        A recipient with several agreements for the type gets the record once, by the first agreement that grants it.
        """
        reach = self._reach(concerned, message)
        candidates, by_scope = self._candidates[message.envelope.type], self._by_scope[message.envelope.type]
        near = {place for organisation in reach.back for place in by_scope.get(organisation, ())}
        given: dict[str, Delivery] = {}
        for one in (candidates[place] for place in sorted(near)):
            if one.participant not in given and _objection(one, message, reach) is None:
                given[one.participant] = Delivery(one.participant, one.view)
        return tuple(given.values())

    def why(self, message: Message, concerned: Concerned, recipient: str) -> str:
        """The reason that decides about ``recipient``: one of ``CODES``. Of several agreements the last one counts."""
        participant = self._world.participants.get(recipient)
        event = self._world.events[message.envelope.type]
        if participant is None or participant.kind not in event.roles:
            return NO_ROLE
        reach = self._reach(concerned, message)
        candidates = self._of(event.name, recipient)
        objections = [reason for one in candidates if (reason := _objection(one, message, reach))]
        if len(objections) < len(candidates):
            return DELIVERED
        return objections[-1] if objections else NO_AGREEMENT

    def left(self, message: Message, concerned: Concerned, recipient: str) -> int | None:
        """The last day on which the learner left, for another, a school that the recipient's agreements cover."""
        day = day_of(message.envelope.time)
        scope = frozenset[str]().union(*(one.agreement.scope for one in self._of(message.envelope.type, recipient)))
        covered = (since for s, since in concerned.left.items() if self._covered(frozenset({s}), day) & scope)
        return max(covered, default=None)

    def _of(self, event: str, recipient: str) -> list[Candidate]:
        return [one for one in self._candidates[event] if one.participant == recipient]

    def _reach(self, concerned: Concerned, message: Message) -> "_Reach":
        day = day_of(message.envelope.time)
        now = self._covered(concerned.schools, day)
        back = now | self._covered(concerned.reached, day) if concerned.reached else now
        return _Reach(now, back, self._covered(frozenset(concerned.left), day))

    def _cover(self, schools: frozenset[str], day: int) -> frozenset[str]:
        above = self._world.organisations.above
        return frozenset().union(*(above(school, day) for school in schools))


@dataclass(frozen=True, slots=True)
class _Reach:
    """Organisations at or above the schools concerned, those reached since among them, and above those left."""

    now: frozenset[str]
    back: frozenset[str]
    left: frozenset[str]


def _candidates(
    event: EventType, participants: Iterable[Participant], views: Mapping[tuple[str, str], str]
) -> Iterable[Candidate]:
    for participant in participants:
        if participant.kind in event.roles:
            for agreement in participant.agreements:
                if event.name in agreement.events:
                    yield Candidate(participant.id, agreement, views.get((event.name, agreement.id)))


def _by_scope(candidates: Iterable[Candidate]) -> dict[str, list[int]]:
    """The places of candidates by each organisation of their scope."""
    found: dict[str, list[int]] = {}
    for place, one in enumerate(candidates):
        for organisation in one.agreement.scope:
            found.setdefault(organisation, []).append(place)
    return found


def _objection(candidate: Candidate, message: Message, reach: _Reach) -> str | None:
    agreement, time = candidate.agreement, message.envelope.time
    if candidate.participant == message.envelope.source:
        return PUBLISHER
    if time < agreement.valid_from or (agreement.valid_to is not None and time >= agreement.valid_to):
        return NOT_VALID
    if agreement.paused:
        return PAUSED
    if agreement.scope.isdisjoint(reach.back if agreement.looks_back else reach.now):
        return OUT_OF_SCOPE if agreement.scope.isdisjoint(reach.left) else LEFT
    if any(str(message.data.get(field)) not in values for field, values in agreement.where.items()):
        return FILTERED
    return None
