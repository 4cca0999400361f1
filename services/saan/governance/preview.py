"""What a new version of a code list would have done to the records that are retained already."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from saan.core.outcome import Finding, Severity
from saan.core.reconsider import Reconsidering
from saan.core.rules import Facts
from saan.wire.framed import Framed, Schema
from saan.wire.whole_log import Entry

KEPT: Final = 1_000
"""How many records are named; all are counted."""


@dataclass(frozen=True, slots=True)
class Newly:
    """One retained record that the new version objects to, and its first objection; never its data."""

    event_id: str
    type: str
    publisher: str
    place: str
    finding: Finding


@dataclass(slots=True)
class Preview:
    """``refused`` and ``flagged`` count by event type and publisher; ``named`` are the first records refused."""

    read: int = 0
    judged: int = 0
    unreadable: int = 0
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    flagged: Counter[tuple[str, str]] = field(default_factory=Counter)
    named: list[Newly] = field(default_factory=list)


def preview(records: Iterable[Entry], again: Reconsidering, schema: Schema) -> Preview:
    """Decide each record that uses the list by the old and by the new one, and keep what differs."""
    found, framed = Preview(), Framed(schema)
    for record in records:
        found.read += 1
        type = _named(record, "ce_type")
        if type not in again.events:
            continue
        found.judged += 1
        data = framed.decode(record.value)
        if isinstance(data, Finding):
            found.unreadable += 1
        else:
            _note(found, record, type, again.newly(type, data, Facts(record.received)))
    return found


def _note(found: Preview, record: Entry, type: str, objections: tuple[Finding, ...]) -> None:
    if not objections:
        return
    publisher = _named(record, "ce_source")
    first = next((one for one in objections if one.severity is Severity.REJECT), None)
    if first is None:
        found.flagged[type, publisher] += 1
        return
    found.refused[type, publisher] += 1
    if len(found.named) < KEPT:
        place = f"{record.place}/{record.offset}"
        found.named.append(Newly(_named(record, "ce_id"), type, publisher, place, first))


def _named(record: Entry, header: str) -> str:
    return dict(record.headers).get(header, b"").decode(errors="replace")
