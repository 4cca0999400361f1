"""Every conformance sample of the data standard gets the verdict that the standard expects."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from saan.core.outcome import Accepted
from saan.sources.conformance import Sample, sample
from saan.sources.trying import Bench
from saan.wire.files import default_folder, read
from saan.wire.world import build

SAMPLES = Path(__file__).parent / "samples"

NEEDS_HISTORY = {
    "14-bad-2": "a grade point average (V14) is worked out again only from the learner's grades",
}


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench(build(read(default_folder()).entities()))


def lines() -> list[Any]:
    return list(_lines())


def _lines() -> Iterator[Any]:
    for path in sorted(SAMPLES.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            one = sample(json.loads(line))
            reason = NEEDS_HISTORY.get(one.case)
            marks = [pytest.mark.xfail(strict=True, reason=reason)] if reason else []
            yield pytest.param(one, id=one.case, marks=marks)


@pytest.mark.parametrize("one", lines())
def test_a_sample_gets_the_verdict_that_the_standard_expects(one: Sample, bench: Bench) -> None:
    decided = bench.decide(one)

    assert (decided.outcome, decided.rule) == (one.expect, one.rule)
    flags = {flag.code for verdict in decided.verdicts if isinstance(verdict, Accepted) for flag in verdict.warnings}
    assert decided.outcome == "reject" or flags == ({one.rule} if one.expect == "warn" else set())


def test_all_samples_of_our_event_types_are_here() -> None:
    assert len(lines()) == 165
