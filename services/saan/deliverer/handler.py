"""Joins a participant's request to its inbox: pages of events and acknowledgements, whatever the channel."""

from dataclasses import dataclass
from typing import Any

from saan.core.participants import Participant
from saan.deliverer.cursor import Cursors
from saan.deliverer.opening import Opener
from saan.deliverer.said import AWAY, CURSOR, NO_INBOX, SCHEMA
from saan.wire.http.faults import Refused
from saan.wire.log import Inboxes, LogAway, NoSuchInbox, Positions
from saan.wire.registry_types import SchemaUnavailable


@dataclass(frozen=True, slots=True)
class Handover:
    """Some events of an inbox and the cursor behind them.

    ``expired`` says that older events were no longer held, so that some were never handed over.
    """

    events: tuple[dict[str, Any], ...]
    cursor: str
    expired: bool


class Deliverer:
    """``inbox`` is the pattern of inbox topics, with ``{participant}``.

    Every method raises ``Refused``: DL-1 for a cursor that is not this participant's, DL-2 and DL-3 when the log or a
    schema is away (nothing has changed then), DL-5 for a participant without an inbox.
    """

    def __init__(self, inboxes: Inboxes, opener: Opener, cursors: Cursors, inbox: str) -> None:
        self._inboxes = inboxes
        self._opener = opener
        self._cursors = cursors
        self._inbox = inbox

    async def page(self, participant: Participant, cursor: str | None, limit: int, wait: float) -> Handover:
        """The next events after the cursor; without one, after what the participant acknowledged last.

        Waits up to ``wait`` seconds for a first event. The order of each learner's events is kept.
        """
        topic = self._inbox.format(participant=participant.id)
        try:
            start = (
                await self._inboxes.acknowledged(participant.id, topic)
                if cursor is None
                else self._positions(participant, cursor)
            )
            page = await self._inboxes.read(participant.id, topic, start, limit, wait)
            events = await self._opener.open(page.records)
        except LogAway as away:
            raise Refused(AWAY) from away
        except NoSuchInbox as absent:
            raise Refused(NO_INBOX) from absent
        except SchemaUnavailable as unknown:
            raise Refused(SCHEMA) from unknown
        return Handover(tuple(events), self._cursors.write(participant.id, page.after), page.expired)

    async def acknowledge(self, participant: Participant, cursor: str) -> None:
        """Keep that everything before the cursor has arrived; an older cursor than the last one changes nothing."""
        positions = self._positions(participant, cursor)
        try:
            await self._inboxes.acknowledge(participant.id, self._inbox.format(participant=participant.id), positions)
        except LogAway as away:
            raise Refused(AWAY) from away
        except NoSuchInbox as absent:
            raise Refused(NO_INBOX) from absent

    def _positions(self, participant: Participant, cursor: str) -> Positions:
        positions = self._cursors.read(participant.id, cursor)
        if positions is None:
            raise Refused(CURSOR)
        return positions

    async def ready(self) -> bool:
        """Whether inboxes can be read now."""
        return await self._inboxes.ready()
