"""Every conformance sample of the data standard gets the verdict that the standard expects."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from saan.core.calendar import days
from saan.core.catalogue import EventType
from saan.core.outcome import Accepted
from saan.sources.conformance import CONTEXT, Sample, sample
from saan.sources.trying import Bench
from saan.wire.files import default_folder, read
from saan.wire.world import build

SAMPLES = Path(__file__).parent / "samples"


WORLD = build(read(default_folder()).entities())
OURS = [event for event in WORLD.events.values() if not event.control]
"""The event types that participants publish."""

ASKED = {"student.withdrawn": {"exitReasonCode": "01"}}
"""What the standard wants in the payload and we say apart."""


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench(WORLD)


def lines() -> list[Any]:
    return list(_lines())


def _lines() -> Iterator[Any]:
    for path in sorted(SAMPLES.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            one = sample(json.loads(line), WORLD)
            yield pytest.param(one, id=one.case)


@pytest.mark.parametrize("one", lines())
def test_a_sample_gets_the_verdict_that_the_standard_expects(one: Sample, bench: Bench) -> None:
    decided = bench.decide(one)

    assert (decided.outcome, decided.rule) == (one.expect, one.rule)
    flags = {flag.code for verdict in decided.verdicts if isinstance(verdict, Accepted) for flag in verdict.warnings}
    assert decided.outcome == "reject" or flags == ({one.rule} if one.expect == "warn" else set())


def test_all_samples_of_our_event_types_are_here() -> None:
    assert len(lines()) == 165


@pytest.mark.parametrize("event", OURS, ids=[event.name for event in OURS])
def test_any_event_type_can_be_tried_under_the_name_of_its_record(event: EventType, bench: Bench) -> None:
    said = line(event, event.examples["accepted"][0])
    context = {"windows": {said["payload"].get("round", "JUN10"): "open"}}
    decided = bench.decide(
        sample({"case": "any", "expect": "accept", "rule": None, "event": said, "context": context}, WORLD)
    )

    assert (decided.outcome, decided.rule) == ("accept", None)


def line(event: EventType, said: Any) -> dict[str, Any]:
    """An accepted example of the catalogue as the standard's samples say one: envelope and context side by side."""
    data, day = said["data"], said["data"]["effectiveDate"]
    return {
        "eventId": "01972e72-3898-7ec4-8c2e-3bbf73fcde92",
        "eventType": event.record.rpartition(".")[2],
        "occurredAt": f"{day}T02:00:00Z",
        "recordedAt": f"{day}T02:01:00Z",
        "publishedAt": f"{day}T02:02:00Z",
        "producerId": said.get("envelope", {}).get("source") or publisher(event, data),
        "purposeCodes": [],
        "testData": True,
        **{name: value for name, value in data.items() if name in CONTEXT},
        "payload": {name: value for name, value in data.items() if name not in CONTEXT} | ASKED.get(event.name, {}),
    }


def publisher(event: EventType, data: Any) -> str:
    """The first participant that may say this for the example's school."""
    above = WORLD.organisations.above(
        str(data.get(event.school or "")), days(date.fromisoformat(data["effectiveDate"]))
    )
    return next(
        id
        for id, one in sorted(WORLD.participants.items())
        if event.name in one.publishes and (event.school is None or not one.speaks_for.isdisjoint(above))
    )
