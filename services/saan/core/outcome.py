"""What can become of a record: the closed set of values that stations act upon.

* ``Accepted | Rejected | Parked``  said by ``core.validate`` (the validator's verdict)
* ``Fits | Waits | Refused``        said by ``core.chain`` (the router's, about the history)
* ``Delivery``                      said by ``core.route`` (the router's, about one recipient)

A verdict carries ``Finding`` values: what was found, where, and what to do about it, in Thai and English. A finding
never contains the value it complains about: values may be identities.
"""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """What a finding does to its record."""

    REJECT = "reject"
    """The publisher must mend it; the record goes to quarantine."""
    PARK = "park"
    """A reference (a schema, an earlier event) is missing now; the record waits in quarantine."""
    WARN = "warn"
    """The record is accepted and flagged."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found in one record.

    ``code`` is a rule code (``V1``) or a system code (``ENV-3``, ``WIRE-2``); ``path`` names the field
    (``exceptions[3].status``), the header (``ce_time``) or is empty for the whole record; ``th``/``en`` say the
    problem and ``fix_th``/``fix_en`` what to do, one sentence each.
    """

    code: str
    path: str
    severity: Severity
    th: str
    en: str
    fix_th: str = ""
    fix_en: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The record may travel. ``subject`` is its pseudonymous key from here on; ``warnings`` flag it.

    ``alias`` is another pseudonym of the same learner, where the record says that there is one.
    """

    subject: str
    warnings: tuple[Finding, ...] = ()
    alias: str | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """The record is refused; at least one finding has severity ``reject``, the first one names the refusal."""

    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Parked:
    """The record cannot be decided now; at least one finding has severity ``park``."""

    findings: tuple[Finding, ...]


Verdict = Accepted | Rejected | Parked


@dataclass(frozen=True, slots=True)
class Fits:
    """The record joins the log now; ``warnings`` flag it."""

    warnings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Second:
    """A second enrolment of a learner: ``holder`` has the learner since ``since``, and ``claimant`` enrols from ``on``.

    Both are schools, by their keys; the days are days since 1970-01-01.
    """

    holder: str
    since: int
    claimant: str
    on: int


@dataclass(frozen=True, slots=True)
class Waits:
    """Something that may still arrive is missing; at least one finding has severity ``park``, and all have.

    ``second`` says whether it is another school that holds the learner. ``patient`` marks what waits for a time that
    will come, and not for what somebody may never send.
    """

    findings: tuple[Finding, ...]
    second: Second | None = None
    patient: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing that may arrive can make the record right; the first finding has severity ``reject``.

    ``second`` says whether another school holds the learner.
    """

    findings: tuple[Finding, ...]
    second: Second | None = None


Judgement = Fits | Waits | Refused


@dataclass(frozen=True, slots=True)
class Delivery:
    """One recipient of one record; ``view`` names the projection, ``None`` hands over the original bytes."""

    recipient: str
    view: str | None = None
