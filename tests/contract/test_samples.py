"""Every conformance sample of the data standard for our event types gets the verdict that the standard expects."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from saan.core.outcome import Accepted, Parked, Rejected, Verdict
from saan.core.world import World
from saan.sources.conformance import Said, Sample, assumed, sample
from saan.wire.avro import Codec
from saan.wire.files import default_folder, read
from saan.wire.record import frame
from saan.wire.reference import Reference, Submitted
from saan.wire.registry_types import RegisteredSchema
from saan.wire.world import build

KEY = b"a key for tests only"
SAMPLES = Path(__file__).parent / "samples"
ENCODED_AS_WHEN_UNKNOWN = "student.enrolled"

NEEDS_HISTORY = {
    "03-bad-3": "a sequence number that goes back (V16) is known only from the publisher's history",
    "06-bad-1": "an open enrolment elsewhere (V9) is known only from the learner's history",
    "08-bad-1": "a move after graduation (V10) is known only from the learner's history",
    "08-bad-2": "that a school was closed (V8) is said by an event that the register does not follow yet",
    "09-bad-3": "the steps of a school life (V10) are judged from the learner's history",
    "10-bad-1": "the steps of a school life (V10) are judged from the learner's history",
    "11-bad-3": "a repeated sequence number (V16) is known only from the publisher's history",
    "14-bad-2": "a grade point average (V14) is worked out again only from the learner's grades",
    "18-bad-1": "the class that a graduate attended (V10) is known only from the learner's history",
    "22-bad-2": "whether a teacher's licence is in force (V10) is known only from what was said of the teacher before",
}


WAITS = {"V11"}
"""Samples know accepted, flagged and not accepted; what Saan does not accept now it may keep for the next window."""


class Schemas:
    """The schemas of one world, with ids counted from 1; the ids of a registry are as opaque."""

    def __init__(self, world: World) -> None:
        self.ids = {name: id for id, name in enumerate(world.events, start=1)}
        self._by_id = {
            self.ids[name]: RegisteredSchema(event.record, 1, event.schema) for name, event in world.events.items()
        }

    def get(self, schema_id: int) -> RegisteredSchema | None:
        return self._by_id.get(schema_id)


@pytest.fixture(scope="module")
def entities() -> dict[str, dict[str, Any]]:
    return read(default_folder()).entities()


@pytest.fixture(scope="module")
def world(entities: dict[str, dict[str, Any]]) -> World:
    return build(entities)


def lines() -> list[Any]:
    return list(_lines())


def _lines() -> Iterator[Any]:
    for path in sorted(SAMPLES.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            one = sample(json.loads(line))
            reason = NEEDS_HISTORY.get(one.case)
            marks = [pytest.mark.xfail(strict=True, reason=reason)] if reason else []
            yield pytest.param(one, id=one.case, marks=marks)


def decide(one: Sample, said: Said, world: World) -> Verdict:
    """As a publication travels: JSON into Avro, then the engine on bytes and headers."""
    known = said.event_type if said.event_type in world.events else ENCODED_AS_WHEN_UNKNOWN
    schema = world.events[known].schema
    written = said.data
    if known != said.event_type:
        written = {f["name"]: said.data[f["name"]] for f in schema["fields"] if f["name"] in said.data}
    codec = Codec(schema)
    data = codec.from_json(written)
    if isinstance(data, tuple):
        return Rejected(data)
    schemas = Schemas(world)
    record = Submitted(said.headers, frame(schemas.ids[known], codec.encode(data)), one.publisher, one.received)
    return Reference(world, schemas, KEY).check([record])[0].verdict


@pytest.mark.parametrize("one", lines())
def test_a_sample_gets_the_verdict_that_the_standard_expects(one: Sample, world: World) -> None:
    verdicts = [decide(one, said, assumed(one, world)) for said in one.events]
    kept_back = (Rejected, Parked) if one.rule in WAITS else Rejected
    refused = [verdict for verdict in verdicts if isinstance(verdict, kept_back)]
    if one.expect == "reject":
        assert refused
        assert refused[0].findings[0].code == one.rule
    else:
        accepted = [verdict for verdict in verdicts if isinstance(verdict, Accepted)]
        assert len(accepted) == len(verdicts), verdicts
        flags = {warning.code for verdict in accepted for warning in verdict.warnings}
        assert flags == ({one.rule} if one.expect == "warn" else set())


def test_all_samples_of_our_event_types_are_here() -> None:
    assert len(lines()) == 165
