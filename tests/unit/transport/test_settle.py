"""A block is decided to the end: one offender neither stops nor reorders the others."""

import math
from collections.abc import Sequence

import pytest
from aiokafka import ConsumerRecord
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.transport.records import records

from saan.wire.transport.errors import MissingTopic, Unable
from saan.wire.transport.outputs import CODECS, Outputs
from saan.wire.transport.settle import settle


class Counts:
    """A cluster with one topic."""

    def of(self, topic: str) -> int:
        return 1


class Bench:
    """A judge in memory: records of `faulty` offsets cannot be decided; `accidents` fail once."""

    def __init__(self, faulty: Sequence[int] = (), accidents: int = 0, failure: Exception | None = None) -> None:
        self.faulty, self.accidents = frozenset(faulty), accidents
        self.failure = failure or ValueError("cannot be decided")
        self.tried = 0
        self.committed: list[list[int]] = []
        self.poisoned: list[int] = []

    async def decide(self, piece: Sequence[ConsumerRecord]) -> Outputs:
        self.tried += 1
        if self.tried <= self.accidents or any(record.offset in self.faulty for record in piece):
            raise self.failure
        return Outputs(Counts(), batch_bytes=1000, codec=CODECS["none"])

    async def poison(self, record: ConsumerRecord, error: Exception) -> Outputs:
        assert error is self.failure
        self.poisoned.append(record.offset)
        return Outputs(Counts(), batch_bytes=1000, codec=CODECS["none"])

    async def commit(self, piece: Sequence[ConsumerRecord], outputs: Outputs) -> None:
        self.committed.append([record.offset for record in piece])


async def test_a_sound_block_is_one_transaction() -> None:
    bench = Bench()
    await settle(records(1, 2, 3), bench)
    assert (bench.committed, bench.tried) == ([[1, 2, 3]], 1)


async def test_an_accident_is_tried_again_and_nothing_is_set_aside() -> None:
    bench = Bench(accidents=1)
    await settle(records(1, 2, 3), bench)
    assert (bench.committed, bench.poisoned) == ([[1, 2, 3]], [])


async def test_the_single_offender_is_set_aside_and_the_rest_flows_in_order() -> None:
    bench = Bench(faulty=[5])
    await settle(records(*range(8)), bench)
    assert bench.poisoned == [5]
    assert bench.committed == [[0, 1, 2, 3], [4], [5], [6, 7]]


@given(st.integers(1, 10_000), st.data())
async def test_one_offender_costs_its_block_a_bisection_and_no_more(count: int, data: st.DataObject) -> None:
    offender = data.draw(st.integers(0, count - 1))
    bench = Bench(faulty=[offender])
    await settle(records(*range(count)), bench)
    depth = math.ceil(math.log2(count))
    # Each piece that holds the offender is tried twice, the other half of it once.
    assert bench.tried <= 3 * depth + 2
    assert len(bench.committed) <= depth + 1
    assert bench.poisoned == [offender]


@given(st.integers(1, 60), st.sets(st.integers(0, 59)))
async def test_whoever_is_at_fault_all_records_are_committed_once_and_in_order(count: int, faulty: set[int]) -> None:
    bench = Bench(faulty=sorted(faulty))
    await settle(records(*range(count)), bench)
    assert [offset for piece in bench.committed for offset in piece] == list(range(count))
    assert bench.poisoned == sorted(offset for offset in faulty if offset < count)


@pytest.mark.parametrize("failure", [Unable("the registry is away"), MissingTopic("inbox.a"), MemoryError()])
async def test_a_fault_that_is_not_in_the_records_sets_nothing_aside(failure: Exception) -> None:
    bench = Bench(faulty=[2], failure=failure)
    with pytest.raises(type(failure)):
        await settle(records(1, 2, 3), bench)
    assert (bench.committed, bench.poisoned, bench.tried) == ([], [], 1)
