"""Lint of ``participants/``: mandates and agreements name what exists, and grant what can be granted."""

from collections.abc import Iterator, Mapping

from saan.core.catalogue import EventType
from saan.core.participants import Agreement
from saan.core.world import World
from saan.governance.fields import Field, fields_of
from saan.governance.lint_topics import STATIONS
from saan.wire.files import Fault, Folder
from saan.wire.forms import AgreementForm, ParticipantFile
from saan.wire.views import project

PROTECTED = "C3x"
"""Protected cases: never routed, whatever an agreement says."""

Said = Iterator[tuple[str, str, str]]


def faults(folder: Folder, world: World) -> Iterator[Fault]:
    """Every fault of the participants and their agreements."""
    holders: dict[str, str] = {}
    for id, participant in folder.participants.items():
        file = f"participants/{id}.yaml"
        for path, th, en in _mandate(participant, folder, world):
            yield Fault(file, path, th, en)
        for i, form in enumerate(participant.agreements):
            at = f"agreements[{i}]"
            if form.id in holders:
                yield Fault(
                    file,
                    f"{at}.id",
                    f"เลขข้อตกลงนี้เป็นของ {holders[form.id]} แล้ว ให้ใช้เลขอื่น",
                    f"{holders[form.id]} has an agreement of this id",
                )
            holders[form.id] = id
            for path, th, en in _agreement(form, participant, folder, world):
                yield Fault(file, f"{at}.{path}", th, en)
    yield from _views(world)


def _mandate(participant: ParticipantFile, folder: Folder, world: World) -> Said:
    if participant.id in STATIONS:
        yield "id", "ชื่อนี้เป็นชื่อสถานี ให้ใช้ชื่ออื่น", "the id is the name of a station; choose another"
    for i, name in enumerate(participant.publishes):
        event = world.events.get(name)
        if event is None or event.control:
            yield f"publishes[{i}]", f"ไม่มีเหตุการณ์ {name}", f"there is no event type {name} to publish"
        elif participant.kind not in event.publishers:
            said = f"the catalogue does not let a {participant.kind} publish {name}"
            yield f"publishes[{i}]", f"catalogue ไม่ให้ {participant.kind} ส่ง {name}", said
    if participant.publishes and not participant.purposes:
        yield "purposes", "ผู้ส่งต้องระบุวัตถุประสงค์ที่ใช้ส่ง", "who publishes names the purposes for which it may"
    if participant.kafka and not participant.publishes:
        yield "kafka", "ไม่ได้ส่งเหตุการณ์ใด จึงไม่ต้องมี outbox", "it publishes nothing, so it has no outbox; take kafka out"
    yield from _purposes("purposes", participant.purposes, folder)
    yield from _organisations("speaks_for", participant.speaks_for, world)


def _purposes(path: str, purposes: list[str], folder: Folder) -> Said:
    for i, purpose in enumerate(purposes):
        if purpose not in folder.purposes.purposes:
            yield f"{path}[{i}]", f"purposes.yaml ไม่มีวัตถุประสงค์ {purpose}", f"purposes.yaml has no purpose {purpose}"


def _organisations(path: str, ids: list[str], world: World) -> Said:
    for i, id in enumerate(ids):
        if world.organisations.get(id) is None:
            yield f"{path}[{i}]", f"ไม่มีหน่วยงาน {id}", f"there is no organisation {id}"


def _agreement(form: AgreementForm, participant: ParticipantFile, folder: Folder, world: World) -> Said:
    yield from _purposes("purposes", form.purposes, folder)
    yield from _organisations("scope", form.scope, world)
    events = []
    for i, name in enumerate(form.events):
        event = world.events.get(name)
        if event is None or (event.control and not event.roles):
            # An entry that could not be read was reported there.
            if name not in folder.events or folder.events[name].control:
                yield f"events[{i}]", f"ไม่มีเหตุการณ์ {name}", f"there is no event type {name} to receive"
            continue
        events.append(event)
        if participant.kind not in event.roles:
            said = f"the catalogue does not let a {participant.kind} receive {name}"
            yield f"events[{i}]", f"catalogue ไม่ให้ {participant.kind} รับ {name}", said
        if event.told_whole and (form.where or form.withheld):
            said = f"{name} reaches its recipients whole; put it into an agreement without `where` and `withheld`"
            yield f"events[{i}]", f"{name} ส่งให้ทั้งฉบับ ให้แยกไว้ในข้อตกลงที่ไม่มี where และ withheld", said
    if len(events) == len(form.events):
        yield from _fields(form, events, world)


def _fields(form: AgreementForm, events: list[EventType], world: World) -> Said:
    schemas = [fields_of(event.schema) for event in events]
    for key in ("withheld", "granted"):
        for i, name in enumerate(getattr(form, key)):
            if not any(name in fields for fields in schemas):
                yield (
                    f"{key}[{i}]",
                    f"ไม่มีเหตุการณ์ใดของข้อตกลงนี้ที่มีช่อง {name}",
                    f"none of the agreement's events has a field {name}",
                )
    for i, name in enumerate(form.granted):
        if name in form.withheld:
            yield (
                f"granted[{i}]",
                f"ช่อง {name} ทั้งให้และไม่ให้ ให้เลือกอย่างเดียว",
                f"{name} is granted and withheld; choose one",
            )
        if any(fields[name]["class"] == PROTECTED for fields in schemas if name in fields):
            yield f"granted[{i}]", "ข้อมูลชั้น C3x ส่งต่อไม่ได้", f"{name} belongs to protected cases (C3x); it is never routed"
    if form.ceiling == PROTECTED:
        yield "ceiling", "ข้อมูลชั้น C3x ส่งต่อไม่ได้", "C3x is never routed; the highest ceiling is C3"
    for name in form.where:
        for event, fields in zip(events, schemas, strict=True):
            yield from _condition(name, form.where[name], event, fields, world)


def _condition(name: str, values: list[str], event: EventType, fields: Mapping[str, Field], world: World) -> Said:
    if name not in fields or "." in name:
        yield (
            f"where.{name}",
            f"{event.name} ไม่มีช่อง {name} จึงไม่มีอะไรผ่านเงื่อนไข",
            f"{event.name} has no field {name}: nothing would ever pass",
        )
        return
    possible = _values(name, event, fields[name], world)
    for value in values:
        if possible is not None and value not in possible:
            yield (
                f"where.{name}",
                f"ช่อง {name} ไม่มีค่า {value} จึงไม่มีอะไรผ่านเงื่อนไข",
                f"{name} is never {value}: nothing would pass",
            )


def _values(name: str, event: EventType, field: Field, world: World) -> frozenset[str] | None:
    """The values that a field can have: the symbols of an enum, or the codes of the list that a rule holds it to.

    ``None`` where they are not known, as for a list that has no values yet.
    """
    if isinstance(field["type"], Mapping) and field["type"]["type"] == "enum":
        return frozenset(field["type"]["symbols"])
    for rule in event.rules:
        if rule.kind == "code" and rule.params.get("field") == name and rule.params.get("list") in world.codes:
            return frozenset(world.codes[rule.params["list"]].codes) or None
    return None


def _views(world: World) -> Iterator[Fault]:
    known: dict[tuple[str, str], tuple[str, frozenset[str]]] = {}
    for id, participant in sorted(world.participants.items()):
        for i, agreement in enumerate(participant.agreements):
            for event in _events(agreement, world):
                file, at = f"participants/{id}.yaml", f"agreements[{i}].view"
                dropped = project(event, agreement)
                other, theirs = known.setdefault((event.name, agreement.view), (agreement.id, dropped))
                if theirs != dropped:
                    said = f"the view {agreement.view} of {event.name} leaves out other fields in {other}; rename it"
                    yield Fault(file, at, f"มุมมอง {agreement.view} ตัดช่องอื่นใน {other} ให้ใช้ชื่อใหม่", said)
                if len(dropped & {field["name"] for field in event.schema["fields"]}) == len(event.schema["fields"]):
                    yield Fault(file, at, f"ไม่เหลือช่องใดของ {event.name}", f"the view leaves nothing of {event.name}")


def _events(agreement: Agreement, world: World) -> Iterator[EventType]:
    for name in sorted(agreement.events):
        if name in world.events:
            yield world.events[name]
