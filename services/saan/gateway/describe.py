"""What a vendor needs to know, read from governance: who it is here, which events exist and how one is written."""

from collections.abc import Mapping
from typing import Any

from saan.core.calendar import rfc3339
from saan.core.catalogue import EventType, RuleSpec
from saan.core.participants import Agreement, Participant
from saan.gateway.ports import Governance


def me(participant: Participant) -> dict[str, Any]:
    """The participant that asks: what it may publish and for whom, what it receives and under which agreement."""
    return {
        "id": participant.id,
        "kind": participant.kind,
        "name": dict(participant.name),
        "speaks_for": sorted(participant.speaks_for),
        "publishes": sorted(participant.publishes),
        "kafka": participant.kafka,
        "agreements": [_agreement(agreement) for agreement in participant.agreements],
    }


def _agreement(agreement: Agreement) -> dict[str, Any]:
    return {
        "id": agreement.id,
        "events": sorted(agreement.events),
        "purposes": sorted(agreement.purposes),
        "basis": agreement.basis,
        "ceiling": agreement.ceiling,
        "scope": sorted(agreement.scope),
        "valid_from": rfc3339(agreement.valid_from),
        "valid_to": None if agreement.valid_to is None else rfc3339(agreement.valid_to),
        "paused": agreement.paused,
    }


def event_types(governance: Governance, participant: Participant) -> list[dict[str, Any]]:
    """Every event type that can be published, by name; ``may_publish`` is about the participant that asks."""
    events = governance.world.events
    return [_summary(events[name], participant) for name in sorted(events) if not events[name].control]


def event_type(governance: Governance, participant: Participant, name: str) -> dict[str, Any] | None:
    """One event type: its schema, its fields in words, its rules, examples of data; ``None`` if there is none."""
    event = governance.world.events.get(name)
    if event is None or event.control:
        return None
    return _summary(event, participant) | {
        "schema_id": governance.schema_id(event.record),
        "record": event.record,
        "subject": {"kind": event.subject_kind, "fields": list(event.subject)},
        "fields": [_field(field) for field in event.schema["fields"]],
        "rules": [_rule(rule) for rule in event.rules],
        "examples": [example["data"] for example in event.examples.get("accepted", ()) if "data" in example],
        "schema": event.schema,
    }


def _summary(event: EventType, participant: Participant) -> dict[str, Any]:
    return {
        "type": event.name,
        "title": dict(event.title),
        "domain": event.domain,
        "class": event.data_class,
        "publishers": sorted(event.publishers),
        "may_publish": event.name in participant.publishes,
    }


def _field(field: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": field["name"],
        "label": {"th": field.get("label_th", ""), "en": field.get("label_en", "")},
        "doc": field.get("doc", ""),
        "standard": field.get("standard", ""),
        "class": field.get("class", ""),
        "mandatory": "default" not in field,
        "type": field["type"],
    }


def _rule(rule: RuleSpec) -> dict[str, Any]:
    return {
        "code": rule.code,
        "kind": rule.kind,
        "severity": rule.severity,
        "params": dict(rule.params),
        "message": dict(rule.message),
    }
