"""Whatever happens to the position of the fetcher, every record is handed out once and in order."""

from collections.abc import Sequence

from aiokafka import ConsumerRecord
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.transport.records import records

from saan.wire.transport.order import Order


def sure(expected: int) -> Order:
    order = Order(expected)
    order.sure = True
    return order


def offsets(taken: Sequence[ConsumerRecord]) -> list[int]:
    return [record.offset for record in taken]


def test_nothing_is_taken_before_the_position_was_set() -> None:
    order = Order(10)
    assert order.take(records(10, 11)) == []
    assert order.expected == 10


def test_records_from_the_expected_offset_on_are_taken() -> None:
    order = sure(10)
    assert offsets(order.take(records(8, 9, 10, 11))) == [10, 11]
    assert order.expected == 12


def test_records_that_come_again_because_the_position_was_moved_back_are_left_out() -> None:
    order = sure(10)
    order.take(records(10, 11, 12))
    assert offsets(order.take(records(10, 11, 12, 13))) == [13]
    assert order.take(records(11, 12)) == []


def test_offsets_taken_by_transaction_markers_are_passed_over() -> None:
    assert offsets(sure(10).take(records(12, 14))) == [12, 14]


def test_records_taken_but_not_handed_out_are_expected_again() -> None:
    order = sure(10)
    order.give_back(order.take(records(10, 11)))
    assert (order.expected, order.sure) == (10, False)


class Fetcher:
    """A log with gaps, and a position that others move."""

    def __init__(self, log: set[int], position: int) -> None:
        self.log, self.position = sorted(log), position

    def fetch(self, count: int) -> list[ConsumerRecord]:
        batch = [offset for offset in self.log if offset >= self.position][:count]
        self.position = batch[-1] + 1 if batch else self.position
        return records(*batch)


@given(
    st.sets(st.integers(0, 60)),
    st.integers(0, 60),
    st.lists(st.tuples(st.sampled_from(["fetch", "drop", "fail", "back"]), st.integers(1, 7)), max_size=80),
)
def test_drops_failures_and_jumps_back_lose_and_double_nothing(
    log: set[int], stale: int, events: list[tuple[str, int]]
) -> None:
    order, fetcher, handed = Order(0), Fetcher(log, stale), list[int]()
    for event, count in [*events, *[("fetch", 7)] * 61]:
        if not order.sure:
            fetcher.position, order.sure = order.expected, True
        if event == "back":
            fetcher.position = min(fetcher.position, count)
            continue
        fetched = fetcher.fetch(count)
        if event == "drop":
            order.sure = False
        elif (fresh := order.take(fetched)) and event == "fail":
            order.give_back(fresh)
        else:
            handed += offsets(fresh)
    assert handed == sorted(log)
