"""The work that Saan is compared by: both engines do with it what its generator says must be done."""

from collections import Counter

import pytest
from tests.bench.peers import hop, work

from saan.core.outcome import Accepted
from saan.wire.compiled.engine import Compiled
from saan.wire.record import text
from saan.wire.reference import Reference, Submitted

RECORDS = 10_000
RECEIVED = 1_790_000_000_000_000


@pytest.fixture(scope="module")
def sent() -> list[work.Sent]:
    return list(work.inputs(RECORDS, seed=3))


def submitted(one: work.Sent) -> Submitted:
    return Submitted(text(one.headers), one.value, work.PUBLISHER, RECEIVED)


@pytest.mark.parametrize("engine", hop.ENGINES.values(), ids=hop.ENGINES)
def test_an_engine_sends_every_record_where_it_belongs_and_says_why_not(
    engine: type[Reference] | type[Compiled], sent: list[work.Sent]
) -> None:
    checked = engine(work.world(), work.Schemas(), bytes(32)).check([submitted(one) for one in sent])
    for one, decided in zip(sent, checked, strict=True):
        if isinstance(decided.verdict, Accepted):
            assert (f"hop.inbox.{decided.verdict.subject}", None) == (one.to, one.reason)
        else:
            assert (work.ASIDE, hop.reason(decided.verdict)) == (one.to, one.reason)


def test_the_compiled_engine_decides_every_good_record_by_itself(sent: list[work.Sent]) -> None:
    engine = Compiled(work.world(), work.Schemas(), bytes(32))
    assert all((engine.decide(submitted(one)) is not None) == (one.reason is None) for one in sent)


def test_there_are_27_fields_and_25_rules_and_every_one_is_broken_by_some_record(sent: list[work.Sent]) -> None:
    fields = {rule.params.get("field") or rule.params["second"] for rule in work.rules()}
    assert (len(work.SCHEMA["fields"]), len(work.rules())) == (27, 25)
    assert fields - {"startDate"} == {one.reason for one in sent} - {None, work.MALFORMED}


def test_an_output_that_is_lost_doubled_altered_or_set_aside_for_another_reason_is_no_truth() -> None:
    one = next(one for one in work.inputs(100, seed=1) if one.reason is not None)

    def outcome(*outputs: tuple[str, bytes, bytes, str | None]) -> work.Outcome:
        found = work.Outcome()
        for output in outputs:
            found.add(*output)
        return found

    right = (one.to, one.key, one.value, one.reason)
    truth = outcome(right)
    assert truth == outcome(right)
    wrong = [(), (right, right), ((one.to, one.key, one.value + b"x", one.reason),), ((*right[:3], "email"),)]
    assert all(outcome(*outputs) != truth for outputs in wrong)
    assert truth.records == Counter({one.to: 1})
