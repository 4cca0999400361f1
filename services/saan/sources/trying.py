"""Decides conformance samples as the exchange would: the validator's engine, then the judge of the history.

Nothing runs and nothing is kept: schemas come from ``schemas/``, what was accepted before is what the sample assumes.
A sample knows three outcomes. What the exchange would not accept now is ``reject``, also where it would keep it until
something else arrives; ``waits`` tells that apart.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from saan.core.assumed import learner
from saan.core.calendar import day_of
from saan.core.chain import Judge
from saan.core.learner import Learner
from saan.core.outcome import Accepted, Finding, Fits, Parked, Rejected, Verdict, Waits
from saan.core.world import World
from saan.sources.conformance import Said, Sample, assumed, known
from saan.wire.avro import Codec
from saan.wire.record import frame
from saan.wire.reference import Checked, Reference, Submitted
from saan.wire.registry_types import RegisteredSchema

_SHAPE_OF_UNKNOWN = "student.enrolled"
"""Data of a type that nobody knows are written in this shape, so that the engine can say that nobody knows it."""
_IDEMPOTENT = "ENV-10"


@dataclass(frozen=True, slots=True)
class Decided:
    """What becomes of one sample: ``rule`` and ``finding`` are the first objection or flag, if there is one."""

    case: str
    outcome: str
    rule: str | None
    finding: Finding | None
    waits: bool
    verdicts: Sequence[Verdict]


class Bench:
    """Tries samples in one state of governance."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._ids = {name: id for id, name in enumerate(world.events, start=1)}
        self._schemas = _Shipped(
            {id: RegisteredSchema(world.events[n].record, 1, world.events[n].schema) for n, id in self._ids.items()}
        )
        self._codecs = {name: Codec(event.schema) for name, event in world.events.items()}

    def decide(self, one: Sample) -> Decided:
        """What would become of the sample: it is refused when one of its events is."""
        again = one.history.get("alreadyAccepted")
        if again is not None and again == one.events[0].headers.get("ce_id"):
            return Decided(one.case, "accept", _IDEMPOTENT, None, False, ())
        world = assumed(one, self.world)
        engine = Reference(world, self._schemas, secrets.token_bytes(32))
        verdicts = [self._decide(one, said, engine, world) for said in one.events]
        kept_back = [verdict for verdict in verdicts if not isinstance(verdict, Accepted)]
        if kept_back:
            first = kept_back[0].findings[0]
            return Decided(one.case, "reject", first.code, first, isinstance(kept_back[0], Parked), verdicts)
        flags = [flag for verdict in verdicts if isinstance(verdict, Accepted) for flag in verdict.warnings]
        if flags:
            return Decided(one.case, "warn", flags[0].code, flags[0], False, verdicts)
        return Decided(one.case, "accept", None, None, False, verdicts)

    def _decide(self, one: Sample, said: Said, engine: Reference, world: World) -> Verdict:
        """As a publication travels: JSON into Avro, the engine on bytes and headers, then the judge of the history."""
        type = said.event_type if said.event_type in self._codecs else _SHAPE_OF_UNKNOWN
        fields = {field["name"] for field in self.world.events[type].schema["fields"]}
        written = {n: v for n, v in said.data.items() if n in fields} if type != said.event_type else said.data
        data = self._codecs[type].from_json(written)
        if isinstance(data, tuple):
            return Rejected(data)
        value = frame(self._ids[type], self._codecs[type].encode(data))
        checked = engine.check([Submitted(said.headers, value, one.publisher, one.received)])[0]
        return _judged(one, checked, world) if isinstance(checked.verdict, Accepted) else checked.verdict


def _judged(one: Sample, checked: Checked, world: World) -> Verdict:
    envelope, event, data, verdict = checked.envelope, checked.type, checked.data, checked.verdict
    if envelope is None or event is None or data is None or not isinstance(verdict, Accepted):
        raise ValueError(f"{one.case} was accepted without being read")
    told = learner(known(one), day_of(envelope.time), envelope.source)
    judged = Judge((event,), world).judge(
        event, envelope, data, own=told, learner=_if_told(one, told), ahead=(), received=one.received
    )
    if isinstance(judged, Fits):
        return Accepted(verdict.subject, verdict.warnings + judged.warnings)
    return Parked(judged.findings) if isinstance(judged, Waits) else Rejected(judged.findings)


def _if_told(one: Sample, told: Learner) -> Learner | None:
    """A sample that says nothing of enrolments and status assumes a state that raises no objection."""
    says = {"openEnrolments", "lastStatus", "teacher", "gradeLevelCode", "recomputedGpa"} & one.history.keys()
    return told if says else None


@dataclass(frozen=True, slots=True)
class _Shipped:
    """A ``SchemaSource`` of the schemas in ``schemas/``, each in its first version."""

    by_id: Mapping[int, RegisteredSchema]

    def get(self, schema_id: int) -> RegisteredSchema | None:
        return self.by_id.get(schema_id)
