"""Lint of examples: each one is decided by the real validator and must come out as it says.

Every rule needs an example that it, and not only a neighbour, objects to. Reporting rounds bind here as if each had
been opened for the academic year of the example and for the one before.
"""

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from fastavro.schema import SchemaParseException

from saan.core import envelope as envelopes
from saan.core.assumed import Assumed, learner
from saan.core.calendar import day_of, micros, rfc3339
from saan.core.catalogue import EventType, RuleSpec
from saan.core.chain import Judge
from saan.core.learner import Learner
from saan.core.marks import Term, mark
from saan.core.message import Envelope
from saan.core.outcome import Accepted, Finding, Fits, Parked, Rejected, Severity, Verdict, Waits
from saan.core.rounds import Rounds, opened
from saan.core.rules import KINDS, Check, Facts, Tables
from saan.core.validate import Validator, tables_of
from saan.core.world import World
from saan.wire.avro import Codec
from saan.wire.files import Fault
from saan.wire.forms import EventEntry, Example, GivenTerm
from saan.wire.world import BANGKOK

KEY = b"key of the examples, nobody's secret"


_MEANT = {
    "warned": (Accepted, Severity.WARN),
    "parked": (Parked, Severity.PARK),
    "rejected": (Rejected, Severity.REJECT),
}
UNDECIDABLE = (TypeError, ValueError, KeyError, AttributeError)
"""What a rule raises when it is put on a field of another type than it was made for."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of one example. ``data`` is absent where the form was refused, ``learner`` where none was given."""

    verdict: Verdict
    data: dict[str, Any] | None
    facts: Facts


class Unusable(Exception):
    """The example cannot be tried; ``th`` and ``en`` say why."""

    def __init__(self, field: str, th: str, en: str) -> None:
        super().__init__(en)
        self.field, self.th, self.en = field, th, en


def faults(entry: EventEntry, event: EventType, world: World) -> Iterator[Fault]:
    """The faults of the examples of one sound entry."""
    file = f"catalogue/{entry.event}.yaml"
    try:
        bench = _Bench(entry, event, world)
    except (ValueError, SchemaParseException) as error:
        yield Fault(file, "schema", "สคีมานี้ใช้เข้ารหัสไม่ได้", f"nothing can be written with the schema: {error}")
        return
    if len(entry.examples.accepted) < 2:
        yield Fault(file, "examples.accepted", "ต้องมีตัวอย่างที่รับอย่างน้อย 2 รายการ", "give at least two accepted examples")
    tried: list[Tried] = []
    for outcome in ("accepted", "warned", "parked", "rejected"):
        for i, example in enumerate(getattr(entry.examples, outcome)):
            at = f"examples.{outcome}[{i}]"
            try:
                result = bench.run(example)
            except Unusable as error:
                yield Fault(file, f"{at}.{error.field}" if error.field else at, error.th, error.en)
                continue
            tried.append(result)
            said = _differs(outcome, example, result.verdict)
            if said is not None:
                yield Fault(file, at, f"ผลไม่ตรงกับที่ระบุ: {said}", f"the example comes out otherwise: {said}")
    for at in bench.never_broken(tried):
        yield Fault(
            file,
            at,
            "ไม่มีตัวอย่างที่ผิดกฎนี้ ให้เพิ่มใน warned หรือ rejected",
            "no example breaks this rule; add one under warned or rejected",
        )


def _differs(outcome: str, example: Example, verdict: Verdict) -> str | None:
    if outcome == "accepted":
        clean = isinstance(verdict, Accepted) and not verdict.warnings
        return None if clean else f"found {_told(_findings(verdict))}"
    wanted, severity = _MEANT[outcome]
    found = _findings(verdict)
    if not isinstance(verdict, wanted):
        return f"it is {type(verdict).__name__.lower()} with {_told(found)}"
    if any(f.code == example.because and f.path == example.path and f.severity == severity for f in found):
        return None
    return f"{example.because} at {example.path} was not found, but {_told(found)}"


def _findings(verdict: Verdict) -> tuple[Finding, ...]:
    return verdict.warnings if isinstance(verdict, Accepted) else verdict.findings


def _told(found: tuple[Finding, ...]) -> str:
    return ", ".join(f"{f.code} at {f.path or 'the record'}" for f in found) or "nothing"


class _Bench:
    """Tries the examples of one event type."""

    def __init__(self, entry: EventEntry, event: EventType, world: World) -> None:
        self._event = event
        self._codec = Codec(event.schema)
        self._accepted = _whole(entry.examples.accepted)
        self._world = replace(world, rounds=_rounds(world, self._accepted))
        self._judge = Judge((event,), self._world)
        self._validator = Validator(self._world, KEY)

    def run(self, example: Example) -> Tried:
        """Decide one example. Raises ``Unusable``."""
        base = self._base(example)
        data = _changed(base, example)
        time = _morning(base)
        publisher = self._world.participants.get(example.envelope.get("source", self._publisher(base, day_of(time))))
        if publisher is None:
            raise Unusable("envelope.source", "ไม่มีผู้ร่วมนี้ใน participants/", "there is no such participant")
        received = time + 120_000_000 if example.received is None else micros(example.received)
        facts = Facts(received, self._learner(example, base, day_of(time), publisher.id))
        decoded = self._codec.from_json(data)
        if isinstance(decoded, tuple):
            return Tried(Rejected(decoded), None, facts)
        read = envelopes.read(self._headers(publisher.id, time, example))
        if isinstance(read, tuple):
            return Tried(Rejected(read), decoded, facts)
        try:
            verdict = self._validator.check(read, decoded, publisher=publisher, received=received)
            if isinstance(verdict, Accepted):
                verdict = self._judged(verdict, read, decoded, facts)
        except UNDECIDABLE as error:
            said = f"a rule cannot decide this example: {error}; a rule does not fit the type of its field"
            raise Unusable("", "กฎข้อหนึ่งไม่ตรงกับชนิดของช่อง จึงตัดสินตัวอย่างนี้ไม่ได้", said) from error
        return Tried(verdict, decoded, facts)

    def _learner(self, example: Example, base: Mapping[str, Any], day: int, source: str) -> Learner | None:
        given = example.given
        if given is None:
            return None
        school = given.school or str(base.get(self._event.school or "", ""))
        term = None if given.term is None else _term(given.term)
        return learner(Assumed(given.status, school, given.open, given.notes, given.sequence, term), day, source)

    def _judged(self, verdict: Accepted, read: Envelope, data: dict[str, Any], facts: Facts) -> Verdict:
        """What the router makes of a record that the validator has let pass."""
        known = facts.learner
        judged = self._judge.judge(
            self._event, read, data, own=known or Learner(), learner=known, ahead=(), received=facts.received
        )
        if isinstance(judged, Fits):
            return Accepted(verdict.subject, verdict.warnings + judged.warnings)
        return Parked(judged.findings) if isinstance(judged, Waits) else Rejected(judged.findings)

    def never_broken(self, tried: list[Tried]) -> Iterator[str]:
        """Places of the rules that objected to none of the examples."""
        tables = tables_of(self._world, self._event)
        for at, check in _checks(self._event.rules, tables):
            if not any(t.data is not None and _objects(check, t.data, t.facts) for t in tried):
                yield at

    def _base(self, example: Example) -> Mapping[str, Any]:
        """The data that the example is, or that it changes."""
        if example.data is not None:
            return example.data
        if example.start is not None and example.start < len(self._accepted):
            return self._accepted[example.start]
        raise Unusable("from", "ไม่มีตัวอย่างที่รับหมายเลขนี้อยู่ก่อนหน้า", "there is no accepted example of this number above it")

    def _publisher(self, base: Mapping[str, Any], day: int) -> str:
        """The first participant that may say this event for the school of the example."""
        above = self._world.organisations.above(str(base.get(self._event.school or "")), day)
        for id, participant in sorted(self._world.participants.items()):
            if self._event.name in participant.publishes and (
                self._event.school is None or not participant.speaks_for.isdisjoint(above)
            ):
                return id
        raise Unusable(
            "envelope.source",
            "ไม่มีผู้ร่วมใดมีสิทธิส่งเหตุการณ์นี้แทนโรงเรียนในตัวอย่าง ให้ใช้โรงเรียนอื่น",
            "no participant may publish this event for the example's school; use another school",
        )

    def _headers(self, source: str, time: int, example: Example) -> dict[str, str]:
        return {
            "ce_specversion": "1.0",
            "ce_id": "01972e72-3898-7ec4-8c2e-3bbf73fcde92",
            "ce_type": self._event.name,
            "ce_source": source,
            "ce_time": rfc3339(time),
            "ce_recordedtime": rfc3339(time + 60_000_000),
            "content-type": "application/avro",
            **{f"ce_{name}": value for name, value in example.envelope.items()},
        }


def _term(given: GivenTerm) -> Term:
    marks = (mark(subject, one.weight, one.value) for subject, one in given.marks.items())
    return Term(given.year, given.semester, tuple(sorted(marks)))


def _rounds(world: World, accepted: list[dict[str, Any]]) -> Rounds:
    years = {data["academicYearBE"] for data in accepted if isinstance(data.get("academicYearBE"), int)}
    wanted = {year - back for year in years for back in (0, 1)}
    return opened(pattern.window(year) for pattern in world.rounds.patterns.values() for year in sorted(wanted))


def _changed(base: Mapping[str, Any], example: Example) -> dict[str, Any]:
    data = {**copy.deepcopy(dict(base)), **copy.deepcopy(example.put)}
    data |= {name: (str(data[name]) * length)[:length] for name, length in example.lengthen.items() if data.get(name)}
    return {name: value for name, value in data.items() if name not in example.drop}


def _objects(check: Check, data: Mapping[str, Any], facts: Facts) -> bool:
    try:
        return bool(check(data, facts))
    except UNDECIDABLE:
        return False  # said already, where the example was tried


def _whole(accepted: list[Example]) -> list[dict[str, Any]]:
    """The data of the accepted examples, each of which may change one above it; ends before one that changes none."""
    whole: list[dict[str, Any]] = []
    for example in accepted:
        if example.data is not None:
            whole.append(_changed(example.data, example))
        elif example.start is not None and example.start < len(whole):
            whole.append(_changed(whole[example.start], example))
        else:
            break
    return whole


def _morning(base: Mapping[str, Any]) -> int:
    """Nine o'clock in Bangkok on the effective date of the example."""
    try:
        day = date.fromisoformat(str(base.get("effectiveDate")))
    except ValueError:
        said = "an accepted example needs an effectiveDate: it says when the event happened"
        raise Unusable("data.effectiveDate", "ตัวอย่างต้องมี effectiveDate เพื่อบอกว่าเกิดเมื่อใด", said) from None
    return micros(datetime(day.year, day.month, day.day, tzinfo=BANGKOK) + timedelta(hours=9))


def _checks(rules: tuple[RuleSpec, ...], tables: Tables) -> Iterator[tuple[str, Check]]:
    """Every rule as a check of its own; the rules inside ``each`` one by one."""
    for i, spec in enumerate(rules):
        inner = spec.params.get("rules")
        if spec.kind == "each" and isinstance(inner, list):
            for j, one in enumerate(inner):
                alone = RuleSpec(spec.code, spec.kind, spec.severity, {**spec.params, "rules": [one]}, spec.message)
                yield f"rules[{i}].rules[{j}]", KINDS["each"].build(alone, tables)
        else:
            yield f"rules[{i}]", KINDS[spec.kind].build(spec, tables)
