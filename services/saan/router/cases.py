"""Telling both schools of a second enrolment, and their offices.

What was told of a claim is kept with the claim, where it waits (``router.waiting``). A link that unites two learners is
a claim that does not wait.
"""

from dataclasses import dataclass
from typing import Any, Protocol

from saan.core.account import Account
from saan.core.duplicates import Notice, case_id
from saan.wire.notices import Notices
from saan.wire.transport import Outputs


class Claim(Protocol):
    """The event that a case is about. ``origin`` is the place where it was read."""

    @property
    def source(self) -> str: ...

    @property
    def id(self) -> str: ...

    @property
    def subject(self) -> str: ...

    @property
    def origin(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Uniting:
    """A link that united two learners, as a claim."""

    source: str
    id: str
    subject: str
    origin: str


def tell(notices: Notices, outputs: Outputs, account: Account, claim: Claim, notice: Notice, now: int) -> None:
    """Tell something about a claim to everybody who is entitled to it; ``now`` in microseconds since the epoch, UTC."""
    id = case_id(claim.source, claim.id, claim.origin, notice.case.number)
    data = _data(id, claim.subject, notice, now, notices)
    said = f"{id}:{notice.event.rpartition('.')[2]}"
    notices.tell(outputs, account, notice.event, said, claim.subject, data, now, {"causationid": claim.id})


def _data(id: str, subject: str, notice: Notice, now: int, notices: Notices) -> dict[str, Any]:
    second = notice.case.second
    return {
        "caseId": id,
        "subjectUid": subject,
        "holderSchoolUid": second.holder,
        "holderSchoolCode10": notices.code10(second.holder),
        "heldSince": second.since,
        "claimantSchoolUid": second.claimant,
        "claimantSchoolCode10": notices.code10(second.claimant),
        "claimedFrom": second.on,
        **({"detectedAt": now} if notice.ending is None else {"ending": str(notice.ending), "resolvedAt": now}),
    }
