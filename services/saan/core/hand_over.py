"""Hand over: what the side that takes a learner over is told of what the exchange knows of the time before.

An event type of its own says it, written by the router and by nobody else, when an event of the type named under
``hands_over`` moves a learner from a school of which the learner's stay is known to another. What it tells is data of
its catalogue entry: fields copied from the transfer, and what is known of the old stay (``Known``). Who gets it, and
how much of it, is decided as for any record (``core.route``): by agreement, and only where the learner still is by the
transfer's own time, so that nobody is handed a learner who has moved on.

A transfer told again, by another office or in two halves, moves nobody and hands over nothing more. One that is told
late hands over when it is told. What was handed over is not taken back when the transfer is undone: the way back hands
the learner over again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from saan.core.catalogue import EventType, Step
from saan.core.history import Stay
from saan.core.learner import Learner, mark
from saan.core.message import Envelope, Message

SOURCE: Final = "router"
ENTERED: Final = "entered"
STATUS: Final = "status"
NOTE: Final = "note:"


@dataclass(frozen=True, slots=True)
class Transfer:
    """How an event type tells a transfer: the steps by which a learner leaves one school and enters another."""

    leave: Step
    enter: Step


def transfer_of(event: EventType) -> Transfer | None:
    """The transfer that an event of this type tells, if it tells one."""
    moves = {step.move: step for step in event.history}
    leave, enter = moves.get("leave"), moves.get("enter")
    return Transfer(leave, enter) if leave and enter else None


class HandOvers:
    """What every event type hands over, found once for ``events``."""

    def __init__(self, events: Iterable[EventType]) -> None:
        known = {event.name: event for event in events}
        self._papers: dict[str, list[tuple[EventType, Transfer]]] = {}
        for paper in known.values():
            causing = known.get(paper.hands_over.after) if paper.hands_over else None
            transfer = transfer_of(causing) if causing else None
            if causing and transfer:
                self._papers.setdefault(causing.name, []).append((paper, transfer))

    def after(self, message: Message, before: Learner, now: Learner) -> list[tuple[EventType, Message]]:
        """What is handed over because of an accepted event: each with its type.

        ``before`` and ``now`` are the learner's states before and after it.
        """
        if before.facts == now.facts:
            return []
        found = []
        for paper, transfer in self._papers.get(message.envelope.type, ()):
            stay = _left(before, message.data, transfer)
            if stay is not None:
                found.append((paper, Message(_envelope(paper, message.envelope), _told(paper, message, stay, before))))
        return found


def _left(before: Learner, data: Mapping[str, Any], transfer: Transfer) -> Stay | None:
    """The stay that the transfer ends, as it was known before; the last one at that school that began by then."""
    school, day = data.get(transfer.leave.school or ""), data.get(transfer.leave.on)
    if day is None or data.get(transfer.enter.school or "") is None:
        return None
    there = [stay for stay in before.stays if stay.school == school and stay.start <= day]
    return there[-1] if there else None


def _told(paper: EventType, message: Message, stay: Stay, before: Learner) -> dict[str, Any]:
    assert paper.hands_over is not None  # else it is no paper
    copied = {name: message.data.get(name) for name in paper.hands_over.copies}
    return copied | {name: _known(what, stay, before) for name, what in paper.hands_over.known.items()}


def _known(what: str, stay: Stay, before: Learner) -> Any:
    if what == ENTERED:
        return stay.start
    return stay.status if what == STATUS else before.note(what.removeprefix(NOTE))


def _envelope(paper: EventType, cause: Envelope) -> Envelope:
    """Its id follows from the publication that caused it, so a block decided again says the same."""
    id = f"{SOURCE}:{paper.name}:{mark(cause.source, cause.id).hex()}"
    return Envelope(id, paper.name, SOURCE, cause.time, cause.subject, {"causationid": cause.id})
