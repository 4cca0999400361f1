"""The events of a reporting round as data in JSON form; what they mean is said in ``schemas/avro/round.*.avsc``."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from saan.core.calendar import rfc3339, to_date
from saan.core.organisations import Organisation
from saan.core.roster import Counted
from saan.core.rounds import Pattern, Window

UNKNOWN: Final = "UNKNOWN"
"""Stands for a grade or a sex that no event told."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a certificate says: the count, and which records it stands on."""

    counted: Counted
    cut_off: int
    ends: Mapping[str, int]
    certified_at: int
    signer: str


def opened(school: Organisation, window: Window, pattern: Pattern | None, note: str | None) -> dict[str, Any]:
    """The data of ``round.opened`` for one school."""
    times = {"opensAt": window.opens, "confirmsAt": window.confirms, "closesAt": window.closes}
    said = {name: rfc3339(at) for name, at in times.items()}
    return {**context(school, window, pattern), "schoolUid": school.id, **said, "note": note}


def certified(school: Organisation, window: Window, pattern: Pattern | None, made: Certificate) -> dict[str, Any]:
    """The data of ``round.certified``."""
    return {
        **context(school, window, pattern),
        "schoolUid": school.id,
        "learners": made.counted.total,
        "counts": counts(made.counted),
        "root": made.counted.root.hex(),
        "cutOff": rfc3339(made.cut_off),
        "logEnds": dict(made.ends),
        "certifiedAt": rfc3339(made.certified_at),
        "signer": made.signer,
    }


def counts(counted: Counted) -> list[dict[str, Any]]:
    """The counts of a school, in order of grade and sex."""
    return [
        {"gradeLevelCode": grade or UNKNOWN, "genderCode": sex or UNKNOWN, "learners": n}
        for grade, sex, n in counted.counts
    ]


def differences(certificate: Mapping[str, Any], counted: Counted) -> list[str]:
    """The fields in which a certificate (data as in the log) is not what was counted."""
    said = {"learners": counted.total, "counts": counts(counted), "root": counted.root.hex()}
    return [name for name, value in said.items() if certificate[name] != value]


def context(of: Organisation, window: Window, pattern: Pattern | None) -> dict[str, Any]:
    """The fields that every event of a round has, ``schoolUid`` left out."""
    return {
        "schoolCode10": of.codes.get("moe10"),
        "provinceCode": of.province or None,
        "academicYearBE": window.year_be,
        "semester": pattern.semester if pattern else 0,
        "effectiveDate": to_date(window.day).isoformat(),
        "round": window.round,
    }
