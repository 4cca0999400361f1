"""The difference between what is governed and what is there. Decides only; ``apply`` does.

The order of a plan is the order of applying it: a record on ``governance`` comes last, when everything it speaks of
exists. What has left governance keeps its topics until their retention empties them; only its access ends.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from saan.core.code_changes import LOSING
from saan.governance.access import is_station
from saan.governance.announcing import CODES, list_changes, version_of
from saan.governance.changes import Change, Level, change
from saan.governance.lint_evolution import lint_evolution
from saan.governance.site import Live
from saan.governance.wanted import Wanted
from saan.wire.cluster import Grant, Topic
from saan.wire.governed_records import (
    CREDENTIAL,
    PARTICIPANT,
    SCHEMA_ID,
    encode,
    participants,
    tokens_value,
    versions_value,
)
from saan.wire.registrar import RULES, same

_OWNED = ("event", "codes", "crosswalk", "files", "organisations", "participant", "purposes", "rounds", "topics")
_RIGHTS = {"speaks_for": "mandate", "publishes": "mandate", "kind": "role", "agreements": "agreements"}
_DOES = {"READ": "read", "WRITE": "write"}
_VIEW = ".view."
_NEW_VIEW = ("ข้อตกลงที่ให้ช่องข้อมูลชุดอื่นต้องใช้ชื่อ view ใหม่", "an agreement over other fields needs a view of a new name")


def plan(wanted: Wanted, live: Live) -> list[Change]:
    """Every change that makes ``live`` what is ``wanted``, in the order of making them."""
    return [
        *_rules(live),
        *_schemas(wanted, live),
        *_topics(wanted, live),
        *_access(wanted, live),
        *_credentials(wanted, live),
        *_records(wanted, live),
    ]


def _rules(live: Live) -> Iterator[Change]:
    for name, config in RULES.items():
        had = live.rules.get(name, "")
        if had != config:
            level = Level.ATTENTION if had else Level.HARMLESS
            yield change("rule", "change", name, level, words="rule", before=had, after=config)


def _schemas(wanted: Wanted, live: Live) -> Iterator[Change]:
    for record, schema in wanted.schemas.items():
        had = live.schemas.get(record)
        if had is not None and same(had, schema):
            continue
        action = "create" if had is None else "change"
        reasons = _objections(record, had, schema, live)
        if reasons:
            why = ("; ".join(th for th, _ in reasons), "; ".join(en for _, en in reasons))
            yield change("schema", action, record, Level.REFUSED, words="schema.refused", why=why)
        else:
            number = live.versions[record][-1].number + 1 if had is not None else 1
            yield change("schema", action, record, Level.HARMLESS, after=str(number), payload=schema)


def _objections(
    record: str, had: Mapping[str, Any] | None, schema: Mapping[str, Any], live: Live
) -> list[tuple[str, str]]:
    """Why this schema must not be the next version, in Thai and English. The registry is asked last: it says least."""
    faults = [] if had is None else lint_evolution(had, schema)
    reasons = [(f"{fault.path}: {fault.th}", f"{fault.path}: {fault.en}") for fault in faults]
    if not reasons and record in live.objections:
        reasons.append((live.objections[record], live.objections[record]))
    if reasons and had is not None and _VIEW in record:
        reasons.append(_NEW_VIEW)
    return reasons


def _topics(wanted: Wanted, live: Live) -> Iterator[Change]:
    moved = {name for form in wanted.entities["topics"]["topics"] for name in form.get("moved", ())}
    for name, topic in wanted.topics.items():
        had = live.topics.get(name)
        if had is None:
            yield change("topic", "create", name, Level.HARMLESS, after=str(topic.partitions), payload=topic)
            continue
        if had.partitions != topic.partitions:
            yield _repartitioned(had, topic, moved=name in moved)
        changed = {key: value for key, value in topic.config.items() if had.config.get(key) != value}
        if changed:
            yield _configured(had, topic, changed)


def _repartitioned(had: Topic, topic: Topic, *, moved: bool) -> Change:
    """Keys move with the number of partitions: that is only done to a topic for which it is stated."""
    before, after, fewer = str(had.partitions), str(topic.partitions), topic.partitions < had.partitions
    if moved and not fewer:
        words, level = "topic.grown", Level.ATTENTION
    else:
        words, level = "topic.fewer" if fewer else "topic.partitions", Level.REFUSED
    payload = topic.partitions
    return change("topic", "change", topic.name, level, words=words, before=before, after=after, payload=payload)


def _configured(had: Topic, topic: Topic, changed: Mapping[str, str]) -> Change:
    shorter = "cleanup.policy" in changed or _shorter(had.config.get("retention.ms"), changed.get("retention.ms"))
    return change(
        "topic",
        "change",
        topic.name,
        Level.ATTENTION if shorter else Level.HARMLESS,
        words="topic.shorter" if shorter else "topic.change",
        before=_settings({key: had.config[key] for key in changed if key in had.config}),
        after=_settings(changed),
        payload=dict(changed),
    )


def _shorter(had: str | None, wanted: str | None) -> bool:
    if wanted is None or int(wanted) < 0:
        return False
    return had is None or int(had) < 0 or int(wanted) < int(had)


def _settings(config: Mapping[str, str]) -> str:
    return ", ".join(f"{key}={value}" for key, value in sorted(config.items()))


def _access(wanted: Wanted, live: Live) -> Iterator[Change]:
    """Permissions of users that governance looks after: participants, those that were, and stations."""
    if live.access is None:
        yield change("access", "change", "", Level.NOTE, words="access.open")
        return
    ours = wanted.participants | participants(live.records)
    held = frozenset(grant for grant in live.access if grant.user in ours or is_station(grant.user))
    given, taken = _by_user(wanted.access - held), _by_user(held - wanted.access)
    for user in sorted(given.keys() | taken.keys()):
        allow, disallow = given.get(user, []), taken.get(user, [])
        action = "change" if allow and disallow else "create" if allow else "remove"
        level = Level.ATTENTION if disallow else Level.HARMLESS
        payload = (allow, disallow)
        yield change("access", action, user, level, before=_said(disallow), after=_said(allow), payload=payload)


def _by_user(grants: Iterable[Grant]) -> dict[str, list[Grant]]:
    found = defaultdict(list)
    for grant in sorted(grants):
        found[grant.user].append(grant)
    return found


def _said(grants: Iterable[Grant]) -> str:
    return ", ".join(
        f"{_DOES.get(grant.operation, grant.operation.lower())} {grant.resource} {grant.name}{'*' * grant.prefix}"
        for grant in grants
    )


def _credentials(wanted: Wanted, live: Live) -> Iterator[Change]:
    """A participant unknown everywhere gets credentials. Those issued from another folder are left as they are."""
    for name in sorted(wanted.participants):
        record = live.records.get(CREDENTIAL + name)
        known = name in live.users if live.access is not None else record is not None
        if name not in live.held:
            if not known:
                level = Level.HARMLESS if record is None else Level.ATTENTION
                yield change("credential", "create", name, level)
        elif not known or record != tokens_value(live.held[name]):
            yield change("credential", "change", name, Level.HARMLESS if record is None else Level.ATTENTION)
    gone = participants(live.records) - wanted.participants
    gone |= {key.removeprefix(CREDENTIAL) for key in live.records if key.startswith(CREDENTIAL)} - wanted.participants
    for name in sorted(gone):
        yield change("credential", "remove", name, Level.ATTENTION)


def _records(wanted: Wanted, live: Live) -> Iterator[Change]:
    meant: dict[str, Any] = dict(wanted.entities)
    for record in wanted.schemas:
        had = live.versions.get(record, ())
        if had and same(live.schemas[record], wanted.schemas[record]):
            meant[SCHEMA_ID + record] = versions_value(had)
    for key, value in sorted(meant.items()):
        before = live.records.get(key)
        if before is None:
            yield change("governance", "create", key, Level.HARMLESS, payload=value)
        elif encode(before) != encode(value):
            yield _amended(key, before, value)
    schema_ids = {SCHEMA_ID + record for record in wanted.schemas}
    for key in sorted(live.records):
        ours = key.partition("/")[0] in _OWNED and key not in meant
        if ours or (key.startswith(SCHEMA_ID) and key not in schema_ids):
            yield change("governance", "remove", key, Level.ATTENTION)


def _amended(key: str, before: Any, value: Any) -> Change:
    """What changes a participant's rights, or takes codes away, is to be read before it is applied."""
    if key.startswith(CODES):
        return _list_changed(key, before, value)
    rights = {said for part, said in _RIGHTS.items() if key.startswith(PARTICIPANT) and _differs(before, value, part)}
    if not rights:
        return change("governance", "change", key, Level.HARMLESS, payload=value)
    after = ", ".join(sorted(rights))
    return change("governance", "change", key, Level.ATTENTION, words="governance.rights", after=after, payload=value)


def _list_changed(key: str, before: Any, value: Any) -> Change:
    had, meant = version_of(before), version_of(value)
    facts = {"before": str(had), "after": str(meant), "payload": value}
    if meant > had:
        losing = any(one.what in LOSING for one in list_changes(key, before, value))
        level = Level.ATTENTION if losing else Level.HARMLESS
        return change("governance", "change", key, level, words="codes.published", **facts)
    if _differs(before, value, "columns") or _differs(before, value, "rows") or meant < had:
        return change("governance", "change", key, Level.REFUSED, words="codes.same-version", **facts)
    return change("governance", "change", key, Level.HARMLESS, payload=value)


def _differs(before: Any, value: Any, part: str) -> bool:
    old = before.get(part) if isinstance(before, dict) else None
    return json.dumps(old, sort_keys=True) != json.dumps(value.get(part), sort_keys=True)
