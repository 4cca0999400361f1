"""Decide whether a record may travel: envelope against the catalogue, mandate, rules. Stateless and pure."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from saan.core.calendar import day_of
from saan.core.catalogue import EventType
from saan.core.envelope import instant
from saan.core.identity import SUBJECT_UID, is_pseudonym, pseudonym
from saan.core.links import Links
from saan.core.message import Envelope
from saan.core.outcome import Accepted, Finding, Parked, Rejected, Severity, Verdict
from saan.core.participants import Participant
from saan.core.rules import Check, Facts, Tables, build
from saan.core.said import finding
from saan.core.world import World

CLOCK_SKEW: Final = 5 * 60 * 1_000_000
"""Microseconds that a publisher's clock may be ahead of ours."""

_ORDER: Final = {Severity.REJECT: 0, Severity.PARK: 1, Severity.WARN: 2}
_PLAIN_SUBJECT = re.compile(r"[^\x00-\x1f\x7f]{1,200}")
_CITIZEN_ID = re.compile(r"(?<![0-9a-f])[0-9]{13}(?![0-9a-f])")

Data = Mapping[str, Any]
Subject = str | tuple[Finding, ...]


class Validator:
    """The decision for one ``World``; rules are prepared once, at the first record of their event type.

    ``links`` says which pseudonyms are of one learner; they may grow meanwhile.
    """

    def __init__(self, world: World, pseudonym_key: bytes, links: Links | None = None) -> None:
        self._world = world
        self._key = pseudonym_key
        self._links = Links() if links is None else links
        self._prepared: dict[str, tuple[Check, ...]] = {}

    def prepare(self) -> None:
        """Prepare the rules of every event type now. Raises ``ValueError`` for a rule that cannot be prepared."""
        for name in self._world.events:
            self._checks(name)

    def check(self, envelope: Envelope, data: Data, *, publisher: Participant | None, received: int) -> Verdict:
        """What becomes of a record.

        ``data`` is decoded with logical types left as primitives; ``publisher`` is who the topic or the gateway proves
        to have sent it; ``received`` is in microseconds since the epoch. All objections are collected: those that
        reject first, then those that park, then warnings, each in the order envelope, mandate, rules.
        """
        event = self._world.events.get(envelope.type)
        if event is None or event.control:
            return Rejected((finding("ENV-1", "ce_type"),))
        subject = self._subject(event, event.subject, data)
        found = _against_catalogue(envelope, event, self._world.environment, received)
        found += _sender(envelope, publisher)
        found += _given_subject(envelope, event, subject)
        found += self._mandate(event, envelope, data, publisher)
        facts = Facts(received)
        for check in self._checks(event.name):
            if objections := check(data, facts):
                found += objections
        if not isinstance(subject, str):
            found += tuple(objection for objection in subject if all(objection.path != f.path for f in found))
        alias = self._subject(event, event.links, data) if event.links else None
        return _verdict(found, subject, alias)

    def _checks(self, name: str) -> tuple[Check, ...]:
        prepared = self._prepared.get(name)
        if prepared is None:
            event = self._world.events[name]
            tables = tables_of(self._world, event)
            prepared = self._prepared[name] = build(event.rules, tables)
        return prepared

    def _subject(self, event: EventType, fields: Sequence[str], data: Data) -> Subject:
        """Whom these fields are about, or what is wrong with them."""
        values = [data.get(name) for name in fields]
        missing = [name for name, value in zip(fields, values, strict=True) if value is None or value == ""]
        if missing:
            return tuple(finding("V18", name) for name in missing)
        texts = [str(value) for value in values]
        if event.subject_kind != "learner":
            joined = "/".join(texts)
            if _PLAIN_SUBJECT.fullmatch(joined) and not _CITIZEN_ID.search(joined):
                return joined
            return (finding("ENV-9", fields[-1]),)
        id_type, id_value = texts
        if id_type == SUBJECT_UID and not is_pseudonym(id_value):
            return (finding("ENV-9", fields[1]),)
        return self._links.root(pseudonym(id_type, id_value, self._key))

    def _mandate(
        self, event: EventType, envelope: Envelope, data: Data, publisher: Participant | None
    ) -> tuple[Finding, ...]:
        if publisher is None or event.name not in publisher.publishes or publisher.kind not in event.publishers:
            return (finding("V15/type", "ce_source"),)
        if event.school is None:
            return ()
        above = self._world.organisations.above(str(data.get(event.school)), day_of(envelope.time))
        return (finding("V15", event.school),) if publisher.speaks_for.isdisjoint(above) else ()


def _against_catalogue(envelope: Envelope, event: EventType, environment: str, received: int) -> tuple[Finding, ...]:
    found: tuple[Finding, ...] = ()
    extensions = envelope.extensions
    recorded = instant(extensions["recordedtime"]) if extensions.get("recordedtime") else None
    if envelope.time > (received + CLOCK_SKEW if recorded is None else recorded):
        found += (finding("ENV-3", "ce_time"),)
    if recorded is not None and recorded > received + CLOCK_SKEW:
        found += (finding("ENV-3", "ce_recordedtime"),)
    if environment == "production" and extensions.get("testdata") == "true":
        found += (finding("ENV-4", "ce_testdata"),)
    if extensions.get("dataclass", event.data_class) != event.data_class:
        found += (finding("ENV-5", "ce_dataclass", expected=event.data_class),)
    return found


def _sender(envelope: Envelope, publisher: Participant | None) -> tuple[Finding, ...]:
    """Objections to who says that it sent the record (ENV-13), and to what for (ENV-8)."""
    if publisher is None:
        return ()
    found: tuple[Finding, ...] = ()
    if envelope.source != publisher.id:
        found += (finding("ENV-13", "ce_source"),)
    stated = envelope.extensions.get("purpose")
    if stated and not publisher.purposes.issuperset(purpose.strip() for purpose in stated.split(",")):
        found += (finding("ENV-8", "ce_purpose"),)
    return found


def _given_subject(envelope: Envelope, event: EventType, subject: Subject) -> tuple[Finding, ...]:
    given = envelope.subject
    if given is None or is_pseudonym(given) or (event.subject_kind != "learner" and given == subject):
        return ()
    return (finding("ENV-9", "ce_subject"),)


def _verdict(found: tuple[Finding, ...], subject: Subject, alias: Subject | None) -> Verdict:
    if alias is not None and not isinstance(alias, str):
        found += tuple(objection for objection in alias if all(objection.path != f.path for f in found))
    other = alias if isinstance(alias, str) else None
    if not found and isinstance(subject, str):
        return Accepted(subject, alias=other)
    ordered = tuple(sorted(found, key=_rank))
    if not isinstance(subject, str) or ordered[0].severity is Severity.REJECT:
        return Rejected(ordered)
    return Parked(ordered) if ordered[0].severity is Severity.PARK else Accepted(subject, ordered, other)


def _rank(objection: Finding) -> int:
    return _ORDER[objection.severity]


def tables_of(world: World, event: EventType) -> Tables:
    """What the rules of one event type look things up in."""
    return Tables(world.codes, world.organisations, scales(event.schema), world.rounds)


def scales(schema: Mapping[str, Any]) -> dict[str, int]:
    """Decimal places of the top-level and nested decimal fields of a record schema, by path (``a.b``)."""
    return dict(_scales(schema, ""))


def _scales(schema: Any, path: str) -> list[tuple[str, int]]:
    if isinstance(schema, list):
        return [pair for branch in schema for pair in _scales(branch, path)]
    if not isinstance(schema, Mapping):
        return []
    if schema.get("logicalType") == "decimal":
        return [(path, int(schema.get("scale", 0)))]
    inner = schema.get("type")
    if inner == "record":
        prefix = f"{path}." if path else ""
        return [pair for f in schema["fields"] for pair in _scales(f["type"], prefix + f["name"])]
    return _scales(inner, path) if isinstance(inner, Mapping | list) else []
