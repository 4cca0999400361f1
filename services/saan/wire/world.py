"""Builds the ``World`` that decisions are taken in from the governed records (see ``Folder.entities``)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta, timezone
from typing import Any

from pydantic import ValidationError

from saan.core.catalogue import Closing, EventType, HandsOver, Marking, RuleSpec, Step
from saan.core.codes import Code, CodeList, Crosswalk, Marks, joined
from saan.core.layout import Column, Layout
from saan.core.organisations import Organisation, Organisations, Parent
from saan.core.participants import Agreement, Participant
from saan.core.world import World
from saan.wire import rounds
from saan.wire.forms import AgreementForm, EventEntry, HandsOverForm, HistoryStep, ParticipantFile, Rule
from saan.wire.tables import CODE_PREFIX, MARKS, day

Entities = Mapping[str, Mapping[str, Any]]

BANGKOK = timezone(timedelta(hours=7))
"""Thailand keeps one offset the whole year; agreements begin and end at its midnight."""


class BadEntity(ValueError):
    """A governed record that no ``World`` can be built from; the text names the entity and the place, not the value."""


def build(entities: Entities, environment: str = "sandbox") -> World:
    """The world that ``entities`` describe. Ids of other kinds of entity are passed over. Raises ``BadEntity``."""
    events: dict[str, EventType] = {}
    codes: dict[str, CodeList] = {}
    participants: dict[str, Participant] = {}
    layouts: dict[str, Layout] = {}
    for id, entity in entities.items():
        kind, _, name = id.partition("/")
        with _reading(id):
            if kind == "event":
                events[name] = event_type(entity)
            elif kind == "codes":
                codes[name] = code_list(name, entity)
            elif kind == "participant":
                participants[name] = _participant(entity)
            elif kind == "files":
                layouts[name] = Layout(name, tuple(map(_column, _rows(entity))))
    with _reading("crosswalk"):
        crosswalk = _crosswalk(entities.get("crosswalk", {}))
    with _reading("rounds"):
        calendar = rounds.build(entities)
    organisations = Organisations(_organisations(entities))
    return World(events, codes, crosswalk, organisations, participants, environment, calendar, layouts)


@contextmanager
def _reading(id: str) -> Iterator[None]:
    """Says which entity cannot be read, and where; never its values."""
    try:
        yield
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise BadEntity(f"{id}: {place} is not valid") from error
    except (KeyError, TypeError, ValueError) as error:
        raise BadEntity(f"{id} is not a governed record of its kind ({type(error).__name__})") from error


def event_type(entity: Mapping[str, Any]) -> EventType:
    """One event type from its governed record: the catalogue entry, with its schema under ``avro``."""
    entry = EventEntry.model_validate({key: value for key, value in entity.items() if key != "avro"})
    schema = entity["avro"]
    return EventType(
        name=entry.event,
        record=f"{schema['namespace']}.{schema['name']}",
        schema=schema,
        domain=entry.domain,
        title=entry.title.model_dump(),
        data_class=entry.data_class,
        publishers=frozenset(entry.publishers),
        subject_kind=_subject_kind(entry),
        subject=tuple(entry.subject.fields) if entry.subject else (),
        school=entry.school,
        concerns=tuple(entry.concerns),
        follows_learner=entry.follows_learner,
        former_schools=entry.former_schools,
        hands_over=_hands_over(entry.hands_over),
        history=tuple(_step(step) for step in entry.history),
        rules=tuple(rule_spec(rule) for rule in entry.rules),
        roles=frozenset(entry.roles),
        retention=entry.retention,
        control=entry.control,
        examples=entity.get("examples", {}),
        roster=entry.roster,
        links=tuple(entry.links),
        marks=Marking(**entry.marks.model_dump()) if entry.marks else None,
        closes=Closing(entry.closes.note, frozenset(entry.closes.values)) if entry.closes else None,
    )


def _subject_kind(entry: EventEntry) -> str:
    if entry.subject:
        return entry.subject.kind
    return "learner" if entry.hands_over else entry.domain


def _hands_over(form: HandsOverForm | None) -> HandsOver | None:
    return HandsOver(form.after, tuple(form.copies), form.known) if form else None


def _step(form: HistoryStep) -> Step:
    told = {code: status for status, codes in form.told.items() for code in codes}
    return Step(form.move, form.school, form.on, form.becomes or "", form.by, told, form.note, form.value)


def rule_spec(rule: Rule) -> RuleSpec:
    """``severity`` stays empty where the file leaves it to the rule's kind."""
    message = {key: said for key, said in rule.message.model_dump().items() if said}
    return RuleSpec(rule.code, rule.kind, rule.severity or "", rule.params, message)


def _participant(entity: Mapping[str, Any]) -> Participant:
    form = ParticipantFile.model_validate(entity)
    return Participant(
        id=form.id,
        kind=form.kind,
        name=form.name.model_dump(),
        speaks_for=frozenset(form.speaks_for),
        publishes=frozenset(form.publishes),
        agreements=tuple(_agreement(agreement) for agreement in form.agreements),
        kafka=form.kafka,
        purposes=frozenset(form.purposes),
    )


def _agreement(form: AgreementForm) -> Agreement:
    return Agreement(
        id=form.id,
        events=frozenset(form.events),
        purposes=frozenset(form.purposes),
        basis=form.basis,
        ceiling=form.ceiling,
        view=form.view,
        scope=frozenset(form.scope),
        valid_from=_midnight(form.valid_from),
        valid_to=_midnight(form.valid_to) if form.valid_to else None,
        withheld=frozenset(form.withheld),
        granted=frozenset(form.granted),
        where={field: frozenset(values) for field, values in form.where.items()},
        paused=form.paused,
        looks_back=form.looks_back,
    )


def _midnight(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=BANGKOK).timestamp()) * 1_000_000


def _rows(entity: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    names = entity.get("columns", ())
    for cells in entity.get("rows", ()):
        yield dict(zip(names, [*cells, *[""] * (len(names) - len(cells))], strict=True))


def code_list(name: str, entity: Mapping[str, Any]) -> CodeList:
    """One list from its governed record."""
    rows = (
        Code(
            code=row["code"],
            th=row["name_th"],
            en=row["name_en"],
            note=row["note"],
            valid_from=day(row["valid_from"]),
            valid_to=day(row["valid_to"]),
            marks=Marks(*(row.get(column, "") for column in MARKS)),
        )
        for row in _rows(entity)
    )
    return CodeList(
        name,
        entity["official"],
        entity["title"],
        joined(rows),
        entity["provenance"],
        int(entity.get("version", 0)),
        day(entity.get("valid_from", "")),
    )


def _column(row: Mapping[str, str]) -> Column:
    event, _, aspect = row["event"].partition(":")
    return Column(
        name=row["column"],
        read=row["read"],
        event=event,
        aspect=aspect,
        field=row["field"],
        list=row["list"],
        part=row["part"],
        standard=row["standard"],
        mandatory=row["mandatory"] == "yes",
        also=tuple(filter(None, row["also"].split("|"))),
    )


def _crosswalk(entity: Mapping[str, Any]) -> Crosswalk:
    pairs: dict[tuple[str, str, str], str] = {}
    for row in _rows(entity):
        if row["canonical_code"]:
            for source in (row["source_name"], row["source_code"]):
                if source:
                    pairs[row["list"], row["source_system"], source] = row["canonical_code"]
    return Crosswalk(pairs)


def _organisations(entities: Entities) -> Iterator[Organisation]:
    parents: defaultdict[str, list[Parent]] = defaultdict(list)
    with _reading("organisations/ties"):
        for tie in _rows(entities.get("organisations/ties", {})):
            parents[tie["organisation"]].append(Parent(tie["parent"], day(tie["valid_from"]), day(tie["valid_to"])))
    for id, entity in entities.items():
        if id.startswith("organisations/") and id != "organisations/ties":
            with _reading(id):
                found = [_organisation(row, tuple(parents[row["id"]])) for row in _rows(entity)]
            yield from found


def _organisation(row: Mapping[str, str], parents: tuple[Parent, ...]) -> Organisation:
    return Organisation(
        id=row["id"],
        kind=row["kind"],
        name={"th": row["name_th"], "en": row["name_en"]},
        parents=parents,
        province=row["province_code"],
        codes={
            key.removeprefix(CODE_PREFIX): code for key, code in row.items() if key.startswith(CODE_PREFIX) and code
        },
        levels=frozenset(row["grade_levels"].split()),
        active_from=day(row["valid_from"]),
        active_to=day(row["valid_to"]),
    )
