"""Lint of the catalogue: entries and schemas belong together, and every rule means something."""

from collections.abc import Iterator, Mapping
from typing import Any

from saan.core.catalogue import EventType, RuleSpec
from saan.core.codes import CodeList
from saan.core.hand_over import NOTE, transfer_of
from saan.core.rules import KINDS, Shape, Tables, rule_spec
from saan.core.validate import tables_of
from saan.core.world import World
from saan.governance import lint_privacy
from saan.governance.fields import Field, fields_of, is_date, is_nullable, items_of
from saan.wire.files import Fault, Folder
from saan.wire.forms import EventEntry

Said = Iterator[tuple[str, str, str]]


def orphans(folder: Folder) -> Iterator[Fault]:
    """Schemas that no entry names, and entries whose schema is not there."""
    named: dict[str, str] = {}
    for name, entry in folder.events.items():
        file = f"catalogue/{name}.yaml"
        if entry.schema_file not in folder.schemas and not (folder.path / "avro" / entry.schema_file).exists():
            yield Fault(
                file,
                "schema",
                f"ไม่มี avro/{entry.schema_file} ให้เขียนไฟล์นี้",
                f"there is no avro/{entry.schema_file}; write it",
            )
        if entry.schema_file in named:
            other = named[entry.schema_file]
            yield Fault(
                file,
                "schema",
                f"สคีมานี้เป็นของ {other} แล้ว หนึ่งเหตุการณ์ใช้หนึ่งสคีมา",
                f"{other} has this schema; one event type, one schema",
            )
        named[entry.schema_file] = name
    for schema_file in sorted(folder.schemas.keys() - named.keys()):
        said = "no catalogue entry names this schema; write one or take the file out"
        yield Fault(f"avro/{schema_file}", "", "ไม่มีรายการใน catalogue/ ที่ใช้สคีมานี้ ให้เขียนรายการหรือนำไฟล์ออก", said)


def faults(entry: EventEntry, event: EventType, world: World) -> Iterator[Fault]:
    """The faults of one entry whose schema is sound."""
    file = f"catalogue/{entry.event}.yaml"
    fields = fields_of(event.schema)
    for path, th, en in (
        *_record_name(event),
        *_told_to_all(event, fields),
        *_named_fields(entry, fields),
        *_handed_over(event, fields, world),
        *_rules(event, fields, world),
        *lint_privacy.faults(event),
    ):
        yield Fault(file, path, th, en)


def _record_name(event: EventType) -> Said:
    camel = "".join(part.capitalize() for part in event.name.replace("-", ".").split("."))
    wanted = f"th.saan.{event.domain}.{camel}"
    if event.record != wanted:
        yield (
            "schema",
            f"record ต้องชื่อ {wanted} ไม่ใช่ {event.record}",
            f"the record must be called {wanted}, not {event.record}",
        )


def _told_to_all(event: EventType, fields: Mapping[str, Field]) -> Said:
    """A control type that concerns no school reaches every recipient whole."""
    if event.told_whole:
        for name in (name for name, field in fields.items() if field["class"] != "C0"):
            said = f"{name} must be C0: whoever subscribes to a control type gets all of it"
            yield "roles", f"ช่อง {name} ต้องเป็นชั้น C0 เพราะผู้ขอรับได้ทั้งฉบับ", said


def _named_fields(entry: EventEntry, fields: Mapping[str, Field]) -> Said:
    named = [(f"concerns[{i}]", name) for i, name in enumerate(entry.concerns)]
    if entry.school is not None:
        named.append(("school", entry.school))
    if entry.subject is not None:
        if entry.subject.kind == "learner" and len(entry.subject.fields) != 2:
            said = "a learner is identified by two fields: the kind of identity and the identity"
            yield "subject.fields", "ผู้เรียนต้องระบุด้วยสองช่อง", said
        for i, name in enumerate(entry.subject.fields):
            named.append((f"subject.fields[{i}]", name))
            if name in fields and is_nullable(fields[name]):
                yield (
                    f"subject.fields[{i}]",
                    f"ช่อง {name} ระบุตัวสิ่งที่กล่าวถึง จึงต้องไม่ว่าง",
                    f"{name} identifies the subject and must not be nullable",
                )
    for i, step in enumerate(entry.history):
        given = {"school": step.school, "on": step.on, "by": step.by, "value": step.value}
        named += [(f"history[{i}].{key}", name) for key, name in given.items() if name is not None]
        if step.on in fields and not is_date(fields[step.on]):
            yield f"history[{i}].on", f"ช่อง {step.on} ไม่ใช่วันที่", f"{step.on} is not a date"
    named += [(f"roster.{facet}", name) for facet, name in entry.roster.items()]
    for i, name in enumerate(entry.links):
        named.append((f"links[{i}]", name))
        if name in fields and is_nullable(fields[name]):
            said = f"{name} identifies the learner and must not be nullable"
            yield f"links[{i}]", f"ช่อง {name} ระบุตัวผู้เรียน จึงต้องไม่ว่าง", said
    named += [(f"marks.{key}", name) for key, name in (entry.marks or ()) if name is not None]
    for path, name in named:
        if name not in fields:
            yield path, f"สคีมาไม่มีช่อง {name}", f"the schema has no field {name}"


def _handed_over(event: EventType, fields: Mapping[str, Field], world: World) -> Said:
    """Every field of what is handed over has its one source, and the event named under ``after`` is a transfer."""
    if event.hands_over is None:
        return
    causing = world.events.get(event.hands_over.after)
    if causing is None or transfer_of(causing) is None:
        said = f"{event.hands_over.after} tells of no transfer: its history does not leave one school and enter another"
        yield "hands_over.after", f"{event.hands_over.after} ไม่ใช่เหตุการณ์ที่ย้ายผู้เรียน", said
        return
    theirs = fields_of(causing.schema)
    for i, name in enumerate(event.hands_over.copies):
        if name not in theirs or (name in fields and theirs[name]["type"] != fields[name]["type"]):
            said = f"{causing.name} has no field {name} of the same type"
            yield f"hands_over.copies[{i}]", f"{causing.name} ไม่มีช่อง {name} ชนิดเดียวกัน", said
    told = [*event.hands_over.copies, *event.hands_over.known]
    for name in sorted({*told, *(name for name in fields if "." not in name)}):
        if name not in fields or told.count(name) != 1:
            yield (
                "hands_over",
                f"ช่อง {name} ต้องมีที่มาหนึ่งแห่ง",
                f"the schema's fields and those told here are the same, each once; see {name}",
            )
    for name, what in event.hands_over.known.items():
        if what.startswith(NOTE) and name in fields and not is_nullable(fields[name]):
            said = f"{name} must be nullable: nothing may have been noted"
            yield f"hands_over.known.{name}", f"ช่อง {name} ต้องว่างได้", said


def _rules(event: EventType, fields: Mapping[str, Field], world: World) -> Said:
    tables = tables_of(world, event)
    seen: list[RuleSpec] = []
    for i, spec in enumerate(event.rules):
        at = f"rules[{i}]"
        found = list(_rule(spec, at, fields, tables))
        yield from found
        if any(spec.kind == other.kind and spec.params == other.params for other in seen):
            yield at, "กฎนี้ซ้ำกับกฎก่อนหน้า ให้นำออกหนึ่งข้อ", "the same rule stands above; take one out"
        seen.append(spec)
        if not found:
            yield from _built(spec, at, tables)


def _rule(spec: RuleSpec, at: str, fields: Mapping[str, Field], tables: Tables) -> Said:
    kind = KINDS.get(spec.kind)
    if kind is None:
        yield (
            f"{at}.kind",
            f"ไม่มีชนิดกฎ {spec.kind}",
            f"there is no rule kind {spec.kind}; known: {', '.join(sorted(KINDS))}",
        )
        return
    for fault in kind.faults(spec.params):
        yield f"{at}.{fault.param}", fault.th, fault.en
    for name in kind.fields(spec.params):
        if isinstance(name, str) and name not in fields:
            yield at, f"สคีมาไม่มีช่อง {name}", f"the schema has no field {name}"
    for name in kind.lists(spec.params):
        if name not in tables.codes:
            yield at, f"ไม่มีรายการรหัส {name} ใน codes/", f"there is no code list {name} in codes/"
        elif unknown := _unknown(spec.params.get("values"), tables.codes[name]):
            yield f"{at}.values", f"รายการ {name} ไม่มีรหัส {unknown}", f"the list {name} has no code {unknown}"
    array, lend = spec.params.get("field"), spec.params.get("lend", ())
    for param in kind.params:
        if param.shape is Shape.RULES and isinstance(array, str) and array in fields:
            lent = {name: fields[name] for name in fields if name in lend} if isinstance(lend, list) else {}
            yield from _inner(spec.params.get(param.name), at, {**lent, **items_of(fields[array])}, tables)


def _unknown(values: Any, known: CodeList) -> str:
    """Those of the values that a rule narrows its list to which the list does not have, if it has any."""
    return ", ".join(v for v in values if v not in known.codes) if known.codes and isinstance(values, list) else ""


def _inner(rules: Any, at: str, fields: Mapping[str, Field], tables: Tables) -> Said:
    for i, written in enumerate(rules if isinstance(rules, list) else []):
        inner_at = f"{at}.rules[{i}]"
        if isinstance(written, dict) and "code" in written and isinstance(written.get("kind"), str):
            yield from _rule(rule_spec(written), inner_at, fields, tables)
        else:
            yield inner_at, "กฎต้องมี code และ kind", "a rule has a code and a kind"


def _built(spec: RuleSpec, at: str, tables: Tables) -> Said:
    """What only preparing the rule shows: an expression that is none, a message that names an unknown parameter."""
    try:
        KINDS[spec.kind].build(spec, tables)
    except (ValueError, KeyError, IndexError) as error:
        yield at, f"เตรียมกฎนี้ไม่ได้: {error}", f"the rule cannot be prepared: {error}"
