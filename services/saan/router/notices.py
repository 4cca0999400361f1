"""Telling both schools of a second enrolment, and their offices: control events, routed by agreements like any other.

They go into the same transaction as the decision that they tell of. They are no part of the canonical log: what was
told of a claim is kept with the claim, where it waits (``router.waiting``).
"""

from collections.abc import Mapping
from typing import Any

from saan.core.account import Account
from saan.core.calendar import day_of
from saan.core.duplicates import Notice, case_id
from saan.core.envelope import attributes
from saan.core.follow import concerned
from saan.core.learner import Learner
from saan.core.message import Envelope, Message
from saan.core.organisations import Organisations
from saan.core.route import Routes
from saan.core.world import World
from saan.router.waiting import Waiting
from saan.wire.avro import Codec
from saan.wire.record import cloud_event, frame
from saan.wire.transport import Outputs


class Notices:
    """Writes notices of one station under one state of governance.

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

    def tell(self, outputs: Outputs, account: Account, claim: Waiting, notice: Notice, now: int) -> None:
        """Put a notice about a claim into the inbox of everybody who is entitled to it; ``now`` in microseconds."""
        event, case = self._world.events[notice.event], notice.case
        id = case_id(claim.source, claim.id, claim.origin, case.number)
        data = _data(id, claim.subject, notice, now, self._world.organisations)
        said = f"{id}:{notice.event.rpartition('.')[2]}"
        envelope = Envelope(said, event.name, self._station, now, claim.subject, {"causationid": claim.id})
        headers = cloud_event(attributes(envelope))
        for delivery in self._routes.route(Message(envelope, data), concerned(event, data, Learner(), day_of(now))):
            view = "" if delivery.view is None else f".view.{delivery.view}"
            codec, schema = self._written[f"{event.record}{view}"]
            value = frame(schema, codec.encode(data))
            outputs.put(f"inbox.{delivery.recipient}", None, claim.key, value, headers)
            account.delivered(delivery.recipient)


def _data(id: str, subject: str, notice: Notice, now: int, organisations: Organisations) -> dict[str, Any]:
    second = notice.case.second
    return {
        "caseId": id,
        "subjectUid": subject,
        "holderSchoolUid": second.holder,
        "holderSchoolCode10": _code10(second.holder, organisations),
        "heldSince": second.since,
        "claimantSchoolUid": second.claimant,
        "claimantSchoolCode10": _code10(second.claimant, organisations),
        "claimedFrom": second.on,
        **({"detectedAt": now} if notice.ending is None else {"ending": str(notice.ending), "resolvedAt": now}),
    }


def _code10(school: str, organisations: Organisations) -> str | None:
    known = organisations.get(school)
    return known.codes.get("moe10") if known else None
