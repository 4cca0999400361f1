"""Blocks grow while they are quick and shrink when they are slow; together they have a bound."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from saan.wire.transport.measure import AIM, AT_ONCE, FIRST, LEAST, Measure, Room

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


async def test_lanes_wait_in_the_order_in_which_they_ask_once_the_room_is_full() -> None:
    measure = Measure(MOST)
    room, entered, leave = Room(measure), list[int](), asyncio.Event()

    async def lane(number: int) -> None:
        async with room.of(lambda: measure.size):
            entered.append(number)
            await leave.wait()

    lanes = [asyncio.create_task(lane(number)) for number in range(4)]
    await _settled()
    assert entered == list(range(AT_ONCE))

    leave.set()
    await asyncio.gather(*lanes)
    assert entered == [0, 1, 2, 3]


async def test_small_blocks_of_many_lanes_never_wait_for_each_other() -> None:
    room, inside = Room(Measure(MOST)), 0
    leave = asyncio.Event()

    async def lane() -> None:
        nonlocal inside
        async with room.of(lambda: 10):
            inside += 1
            await leave.wait()

    lanes = [asyncio.create_task(lane()) for _ in range(40)]
    await _settled()
    leave.set()

    assert inside == 40
    await asyncio.gather(*lanes)


async def test_a_block_larger_than_the_room_goes_alone() -> None:
    room = Room(Measure(MOST))

    async with asyncio.timeout(5), room.of(lambda: 10 * MOST):
        pass


async def _settled() -> None:
    """Every task that can go on has done so."""
    for _ in range(200):
        await asyncio.sleep(0)
