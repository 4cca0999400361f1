"""A lane gets every record once: no old one, none of another generation, and never with a hole before it."""

import pytest
from tests.unit.transport.records import TP, records

from saan.wire.transport.block import Block
from saan.wire.transport.errors import LostBlock


def block(*offsets: int, previous_end: int | None = None, generation: int = 3) -> Block:
    return Block(TP, generation, previous_end, records(*offsets))


def owed(one: Block, next_offset: int, generation: int = 3) -> list[int]:
    return [record.offset for record in one.owed(next_offset, generation)]


def test_a_block_that_begins_where_the_last_one_ended_is_owed_whole() -> None:
    assert owed(block(10, 11, 12, previous_end=10), 10) == [10, 11, 12]


def test_records_before_the_next_offset_are_left_out() -> None:
    assert owed(block(8, 9, 10, 11), 10) == [10, 11]


def test_a_block_that_lies_wholly_before_the_next_offset_owes_nothing() -> None:
    assert owed(block(8, 9), 10) == []


def test_a_block_of_an_older_generation_owes_nothing() -> None:
    assert owed(block(10, 11, generation=2), 10) == []


def test_a_hole_between_two_blocks_is_refused() -> None:
    with pytest.raises(LostBlock, match="offset 10 is lost, the next one begins at 12"):
        owed(block(12, 13, previous_end=12), 10)


def test_offsets_taken_by_transaction_markers_are_no_hole() -> None:
    assert owed(block(12, 14, previous_end=10), 10) == [12, 14]


def test_the_first_block_of_an_assignment_may_begin_behind_a_marker() -> None:
    assert owed(block(11, 12), 10) == [11, 12]


def test_a_waiting_block_grows() -> None:
    waiting = block(1, 2)
    assert waiting.merge(3, records(3, 4), limit=10)
    assert (len(waiting.records), waiting.end) == (4, 5)


def test_a_block_that_is_taken_full_or_of_another_generation_does_not_grow() -> None:
    taken, full, old = block(1, 2), block(1, 2), block(1, 2, generation=2)
    taken.taken = True
    assert not taken.merge(3, records(3), limit=10)
    assert not full.merge(3, records(3), limit=2)
    assert not old.merge(3, records(3), limit=10)
    assert [len(one.records) for one in (taken, full, old)] == [2, 2, 2]
