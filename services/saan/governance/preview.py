"""What a new version of a code list would have done to the records that are retained already."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from saan.core.outcome import Finding, Severity
from saan.core.reconsider import Reconsidering
from saan.core.rules import Facts
from saan.wire.avro import Codec
from saan.wire.record import FRAME_SIZE, schema_id
from saan.wire.retained import Retained

KEPT: Final = 1_000
"""How many records are named; all are counted."""

Schema = Callable[[int], Mapping[str, Any]]
"""The schema of an id on the wire. May raise ``Trouble``."""


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


def preview(records: Iterable[Retained], again: Reconsidering, schema: Schema) -> Preview:
    """Decide each record that uses the list by the old and by the new one, and keep what differs."""
    found, codecs = Preview(), dict[int, Codec]()
    for record in records:
        found.read += 1
        type = record.headers.get("ce_type", b"").decode(errors="replace")
        if type not in again.events:
            continue
        found.judged += 1
        data = _data(record, codecs, schema)
        if data is None:
            found.unreadable += 1
        else:
            _note(found, record, type, again.newly(type, data, Facts(record.stored)))
    return found


def _data(record: Retained, codecs: dict[int, Codec], schema: Schema) -> Mapping[str, Any] | None:
    id = schema_id(record.value)
    if isinstance(id, Finding):
        return None
    codec = codecs.get(id)
    if codec is None:
        codec = codecs[id] = Codec(schema(id))
    data = codec.decode(record.value[FRAME_SIZE:])
    return None if isinstance(data, Finding) else data


def _note(found: Preview, record: Retained, type: str, objections: tuple[Finding, ...]) -> None:
    if not objections:
        return
    publisher = record.headers.get("ce_source", b"").decode(errors="replace")
    first = next((one for one in objections if one.severity is Severity.REJECT), None)
    if first is None:
        found.flagged[type, publisher] += 1
        return
    found.refused[type, publisher] += 1
    if len(found.named) < KEPT:
        event_id = record.headers.get("ce_id", b"").decode(errors="replace")
        place = f"{record.topic}/{record.partition}/{record.offset}"
        found.named.append(Newly(event_id, type, publisher, place, first))
