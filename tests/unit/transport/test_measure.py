"""Blocks grow while they are quick and shrink when they are slow."""

from hypothesis import given
from hypothesis import strategies as st

from saan.wire.transport.measure import AIM, FIRST, LEAST, Measure

MOST = 10_000


def test_a_lane_begins_small_and_reaches_the_limit_within_five_full_blocks() -> None:
    measure = Measure(MOST)
    for _ in range(5):
        measure.after(measure.size, 0.1)

    assert FIRST < MOST == measure.size


def test_a_slow_block_halves_the_next_one_down_to_a_least_size() -> None:
    measure = Measure(MOST)
    measure.after(FIRST, AIM * 2)
    assert measure.size == FIRST // 2

    for _ in range(20):
        measure.after(measure.size, AIM * 2)
    assert measure.size == LEAST


def test_a_block_that_was_not_full_says_nothing_about_larger_ones() -> None:
    measure = Measure(MOST)
    measure.after(FIRST - 1, 0.01)

    assert measure.size == FIRST


@given(st.integers(1, MOST), st.lists(st.tuples(st.integers(1, 2 * MOST), st.floats(0, 60)), max_size=50))
def test_the_size_stays_between_the_least_and_the_most_that_was_set(most: int, blocks: list[tuple[int, float]]) -> None:
    measure = Measure(most)
    for records, seconds in blocks:
        measure.after(records, seconds)

    assert min(LEAST, most) <= measure.size <= most
