"""Holds what a row says against the rules of its event type, with the very code that the validator runs.

The source adds only what a file can show and an event cannot: what was mended in a cell, and the same learner twice.
"""

import hashlib
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from saan.core import said as saan_says
from saan.core.calendar import days, rfc3339
from saan.core.message import Envelope
from saan.core.outcome import Accepted, Finding, Severity
from saan.core.participants import Participant
from saan.core.validate import Validator
from saan.core.world import World
from saan.sources.row import Occasion, Row, RowOutcome, remarks
from saan.sources.said import finding
from saan.wire.avro import Codec

_NO_KEY = bytes(32)
"""Pseudonyms are thrown away here: only the validator holds the key to the real ones."""

_DAY = 86_400 * 1_000_000
_BANGKOK = 7 * 3_600 * 1_000_000
_OF_THE_OCCASION = ("effectiveDate", "semester", "date")

_CONSEQUENCES = frozenset(("V3", "V8"))
"""Rules that say less than another about the same field. A row names no kind of identity, it is read off the identity
itself, so V1 and V2 say what is wrong with it; and a class that is in no list (V4) is taught by no school."""

_SAYS_MOST = "V17"
"""A guardian's number that is the pupil's own says why it may also be no citizen ID (V1)."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a row says: event types and payloads, the main event first.

    A payload has logical types as their primitives (a date is days since 1970).
    """

    events: tuple[tuple[str, dict[str, Any]], ...]
    findings: tuple[Finding, ...]


class Judge:
    """Judges the rows of one file, in order; it remembers the learners it has accepted.

    ``types`` are the events that rows become, the main one first; ``columns`` maps field names to the file's own
    column names, for the remarks. A row goes whole or not at all: one event refused refuses the others.
    """

    def __init__(
        self,
        world: World,
        participant: Participant,
        types: Sequence[str],
        columns: Mapping[str, str],
        occasion: Occasion,
    ) -> None:
        event_type = world.events[types[0]]
        self._validator = Validator(world, _NO_KEY)
        self._codecs = {type: Codec(dict(world.events[type].schema)) for type in types}
        self._mandatory = {
            type: [
                field["name"]
                for field in world.events[type].schema["fields"]
                if "default" not in field and field["name"] in columns
            ]
            for type in types
        }
        self._subject = event_type.subject
        self._participant = participant
        self._columns = columns
        self._year = occasion.academic_year_be
        self._time = days(occasion.today) * _DAY - _BANGKOK
        self._extensions = {"testdata": "true"} if occasion.test_data else {}
        self._rows_by_learner: dict[int, int] = {}

    def judge(self, number: int, draft: Draft) -> Row:
        """What becomes of a row."""
        main = draft.events[0][1]
        learner = hash(tuple(main.get(field) for field in self._subject))
        first = self._rows_by_learner.get(learner)
        if first is not None:
            return self.refused(number, [finding("same-learner", self._subject[-1], first=first)])
        told = [(type, self._id(type, data), data) for type, data in draft.events]
        missing = [one for type, _, data in told for one in self._missing(type, data)]
        objections = [one for type, id, data in told for one in self._objections(type, id, data)]
        found = _said_once([*draft.findings, *missing, *objections])
        if any(one.severity is not Severity.WARN for one in found):
            return self.refused(number, found)
        self._rows_by_learner[learner] = number
        outcome = RowOutcome.WARN if found else RowOutcome.ACCEPT
        return Row(number, outcome, remarks(found, self._columns), tuple(self._event(*one) for one in told))

    def refused(self, number: int, found: Sequence[Finding]) -> Row:
        """A row that goes nowhere, for these reasons."""
        return Row(number, RowOutcome.REFUSE, remarks(found, self._columns))

    def _missing(self, type: str, data: Mapping[str, Any]) -> list[Finding]:
        return [saan_says.finding("V18", field) for field in self._mandatory[type] if data.get(field) is None]

    def _objections(self, type: str, id: str, data: Mapping[str, Any]) -> Sequence[Finding]:
        """What the rules say. A birth date that does not fit the class (V7) is in doubt itself, and so is a sex that
        is in no list (V4): a prefix is not blamed (V6) for disagreeing with those alone."""
        found = self._broken_rules(type, id, data)
        doubtful = [one.path for one in found if one.code in ("V4", "V7")]
        if not doubtful or all(one.code != "V6" for one in found):
            return found
        certain = self._broken_rules(type, id, {**data, **dict.fromkeys(doubtful)})
        return [one for one in found if one.code != "V6" or one in certain]

    def _broken_rules(self, type: str, id: str, data: Mapping[str, Any]) -> tuple[Finding, ...]:
        envelope = Envelope(id, type, self._participant.id, self._time, None, self._extensions)
        verdict = self._validator.check(envelope, data, publisher=self._participant, received=self._time + _DAY // 2)
        return verdict.warnings if isinstance(verdict, Accepted) else verdict.findings

    def _id(self, type: str, data: Mapping[str, Any]) -> str:
        """The same for the same row of the same school year, so that importing a file twice has no second effect."""
        content = {name: value for name, value in data.items() if name not in _OF_THE_OCCASION}
        text = orjson.dumps([self._participant.id, type, self._year, content], option=orjson.OPT_SORT_KEYS)
        return str(_uuid8(hashlib.sha256(text).digest()))

    def _event(self, type: str, id: str, data: dict[str, Any]) -> dict[str, Any]:
        return {
            "specversion": "1.0",
            "id": id,
            "type": type,
            "source": self._participant.id,
            "time": rfc3339(self._time),
            **self._extensions,
            "datacontenttype": "application/json",
            "data": self._codecs[type].to_json(data),
        }


def _said_once(found: Iterable[Finding]) -> list[Finding]:
    """The findings without those that only repeat another, refusing ones first.

    A field that is refused once is refused; what further rules say of it follows from the first. Whoever may not
    speak for the school is told that alone.
    """
    ranked = sorted(
        dict.fromkeys(found),
        key=lambda one: (one.severity is Severity.WARN, one.code in _CONSEQUENCES, one.code != _SAYS_MOST),
    )
    refused: set[str] = set()
    kept: list[Finding] = []
    for one in ranked:
        if one.path and one.path in refused:
            continue
        kept.append(one)
        if one.severity is not Severity.WARN:
            refused.add(one.path)
    foreign = [one for one in kept if one.code.startswith("V15")]
    return foreign[:1] or kept


def _uuid8(digest: bytes) -> uuid.UUID:
    """A UUID of version 8 (RFC 9562, section 5.8) from the first 122 bits that fit of a digest."""
    value = int.from_bytes(digest[:16], "big")
    value = value & ~(0xF << 76) | 0x8 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=value)
