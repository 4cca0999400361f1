"""One record of the ledger as a value whose types can be trusted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Refusal:
    """One refused event, for people: who sent what, which rule objects and what to do. ``at`` is in microseconds."""

    at: int
    station: str
    participant: str
    event_id: str
    event_type: str
    code: str
    path: str
    th: str
    en: str
    fix_th: str
    fix_en: str


@dataclass(frozen=True, slots=True)
class Entry:
    """The account of one block of one station; see ``schemas/avro/ledger.posted.avsc``.

    ``posted_at`` and ``oldest`` are microseconds since the epoch. Counts are by participant, those of ``rules`` by
    code. The sketches are sums modulo 2^64 of digests of (publisher, event id).
    """

    station: str
    records: int
    posted_at: int
    oldest: int
    published: Mapping[str, int]
    accepted: Mapping[str, int]
    rejected: Mapping[str, int]
    parked: Mapping[str, int]
    duplicates: Mapping[str, int]
    delivered: Mapping[str, int]
    rules: Mapping[str, int]
    refusals: tuple[Refusal, ...]
    sketch_in: int
    sketch_out: int


def read(data: Mapping[str, Any]) -> Entry:
    """The entry that decoded Avro data hold. Raises ``ValueError`` for data that are no ledger entry."""
    try:
        station, posted = _text(data["station"]), _number(data["postedAt"])
        return Entry(
            station=station,
            records=_number(data["records"]),
            posted_at=posted,
            oldest=_number(data["oldest"]),
            published=_counts(data["published"]),
            accepted=_counts(data["accepted"]),
            rejected=_counts(data["rejected"]),
            parked=_counts(data["parked"]),
            duplicates=_counts(data["duplicates"]),
            delivered=_counts(data["delivered"]),
            rules=_counts(data["rules"]),
            refusals=tuple(_refusal(one, station, posted) for one in data["refusals"]),
            sketch_in=int.from_bytes(data["sketchIn"], "big"),
            sketch_out=int.from_bytes(data["sketchOut"], "big"),
        )
    except (KeyError, TypeError, AttributeError) as wrong:
        raise ValueError("not a ledger entry") from wrong


def _refusal(data: Mapping[str, Any], station: str, at: int) -> Refusal:
    return Refusal(
        at=at,
        station=station,
        participant=_text(data["participant"]),
        event_id=_text(data["eventId"]),
        event_type=_text(data["eventType"]),
        code=_text(data["code"]),
        path=_text(data["path"]),
        th=_text(data["th"]),
        en=_text(data["en"]),
        fix_th=_text(data.get("fixTh", "")),
        fix_en=_text(data.get("fixEn", "")),
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("text expected")
    return value


def _number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("number expected")
    return value


def _counts(value: Any) -> dict[str, int]:
    return {_text(name): _number(count) for name, count in value.items()}
