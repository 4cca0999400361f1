"""Notices: control events that a station writes by itself and that are routed by agreements like any other event.

They go into the same transaction as the decision that they tell of, and are no part of the canonical log.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from saan.core.account import Account
from saan.core.calendar import day_of
from saan.core.envelope import attributes
from saan.core.follow import concerned
from saan.core.learner import Learner
from saan.core.message import Envelope, Message
from saan.core.remarks import FLAGGED, Remark
from saan.core.route import Routes
from saan.core.world import World
from saan.wire.avro import Codec
from saan.wire.papers import Span
from saan.wire.record import cloud_event, frame
from saan.wire.transport import Outputs


class Notices:
    """Writes for one station under one state of governance.

    ``written`` maps the full record names of the event types, and of views of them, to codec and registered schema id.
    """

    def __init__(
        self,
        station: str,
        world: World,
        routes: Routes,
        written: Mapping[str, tuple[Codec, int]],
    ) -> None:
        self._station, self._world, self._routes, self._written = station, world, routes, written

    def tell(
        self,
        outputs: Outputs,
        account: Account,
        name: str,
        id: str,
        subject: str,
        data: Mapping[str, Any],
        now: int,
        extensions: Mapping[str, str] | None = None,
    ) -> None:
        """Put one notice of the event type ``name`` into the inbox of everybody who is entitled to it; ``now`` in
        microseconds since the epoch, UTC."""
        event = self._world.events[name]
        envelope = Envelope(id, event.name, self._station, now, subject, extensions or {})
        headers = cloud_event(attributes(envelope))
        for delivery in self._routes.route(Message(envelope, data), concerned(event, data, Learner(), day_of(now))):
            view = "" if delivery.view is None else f".view.{delivery.view}"
            codec, schema = self._written[f"{event.record}{view}"]
            value = frame(schema, codec.encode(data))
            outputs.put(f"inbox.{delivery.recipient}", None, subject.encode(), value, headers)
            account.delivered(delivery.recipient)

    def remark(
        self,
        outputs: Outputs,
        account: Account,
        remarks: Iterable[tuple[Remark, int, list[str]]],
        span: Span,
        now: int,
    ) -> None:
        """Tell what is to be said about the records of one block (see ``saan.core.remarks``)."""
        for number, (remark, records, ids) in enumerate(remarks):
            data = {
                "publisher": remark.publisher,
                "organisationUid": remark.organisation,
                "schoolCode10": self.code10(remark.organisation),
                "station": self._station,
                "eventType": remark.type,
                "ruleCode": remark.rule,
                "records": records,
                "eventIds": ids,
                **({"flaggedAt": now} if remark.notice == FLAGGED else {"fieldPath": remark.path, "rejectedAt": now}),
            }
            id = span.named(self._station, f"n{number}", now)
            self.tell(outputs, account, remark.notice, id, remark.organisation, data, now)

    def code10(self, organisation: str) -> str | None:
        """The Ministry's 10-digit code of a school, where the register has one."""
        known = self._world.organisations.get(organisation)
        return known.codes.get("moe10") if known else None
