"""The balance sheet adds up, whatever the stations account for."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from saan.console.board import SHOWN, Board
from saan.console.entry import Entry, read
from saan.core.account import Account
from saan.core.said import finding

from .conftest import NOW, data, entry, refusal

PEOPLE = st.sampled_from(["sis-1", "sis-2", "niets"])
FATES = st.sampled_from(["accepted", "rejected", "parked", "duplicate"])
BLOCK = st.lists(st.tuples(PEOPLE, FATES, FATES), min_size=1, max_size=30)


def _account(station: str, records: list[tuple[str, str, str]]) -> Entry:
    """An entry as a station makes it, of records as (publisher, fate, id)."""
    account = Account(station)
    for publisher, fate, id in records:
        if fate == "accepted":
            account.accepted(publisher, "student.enrolled", id, "st-1")
        elif fate == "duplicate":
            account.duplicate(publisher, "student.enrolled", id)
        else:
            account.refused(fate, publisher, "student.enrolled", id, (finding("ENV-1"),))
    return read(data(station) | account.entry() | {"records": len(records)})


@given(st.lists(BLOCK, max_size=8), st.integers(0, 8))
def test_published_is_accepted_and_refused_and_duplicate_and_in_flight(
    blocks: list[list[tuple[str, str, str]]], routed: int
) -> None:
    """The router has seen only the first blocks: what it has not seen is in flight."""
    board, expected, on_the_way = Board(), Counter[str](), 0
    for number, block in enumerate(blocks):
        named = [(who, first, last, f"{number}-{n}") for n, (who, first, last) in enumerate(block)]
        board.post(_account("validator", [(who, first, id) for who, first, _, id in named]))
        onward = [(who, last, id) for who, first, last, id in named if first == "accepted"]
        expected.update(first for _, first, _, _ in named if first != "accepted")
        if number < routed and onward:
            board.post(_account("router", onward))
            expected.update(last for _, last, _ in onward)
        else:
            on_the_way += len(onward)

    whole = board.whole()

    assert whole.published == sum(map(len, blocks))
    assert (whole.accepted, whole.rejected, whole.parked) == tuple(
        expected[name] for name in ("accepted", "rejected", "parked")
    )
    assert (whole.duplicates, whole.in_flight) == (expected["duplicate"], on_the_way)
    assert whole.difference == 0
    assert all(board.sheet(who).difference == 0 for who in board.participants)
    assert board.same_ids() is (None if on_the_way else True)


@given(st.permutations(range(4)))
def test_the_order_in_which_stations_entries_come_does_not_matter(order: list[int]) -> None:
    entries = [
        entry(published={"sis-1": 3}, accepted={"sis-1": 2}, rejected={"sis-1": 1}),
        entry(published={"sis-2": 1}, accepted={"sis-2": 1}),
        entry("router", published={"sis-1": 2}, accepted={"sis-1": 2}, delivered={"peo-96": 2}),
        entry("router", published={"sis-2": 1}, duplicates={"sis-2": 1}),
    ]
    board = Board()
    for at in order:
        board.post(entries[at])

    assert board.whole().difference == 0
    assert (board.whole().accepted, board.whole().duplicates, board.whole().in_flight) == (2, 1, 0)
    assert board.sheet("peo-96").delivered == 2


def test_an_account_that_does_not_add_up_shows_as_a_difference() -> None:
    board = Board()
    board.post(entry(published={"sis-1": 5}, accepted={"sis-1": 3}, rejected={"sis-1": 1}))

    assert board.whole().difference == 1
    assert board.sheet("sis-1").difference == 1


def test_a_lost_event_hidden_by_a_doubled_one_is_seen_by_its_id() -> None:
    board = Board()
    board.post(_account("validator", [("sis-1", "accepted", "a"), ("sis-1", "accepted", "b")]))
    board.post(_account("router", [("sis-1", "accepted", "a"), ("sis-1", "accepted", "a")]))

    assert board.whole().in_flight == 0
    assert board.whole().difference == 0
    assert board.same_ids() is False


def test_rates_are_those_of_the_last_seconds() -> None:
    board = Board()
    board.post(entry(at=NOW - 5_000_000, published={"sis-1": 100}))
    board.post(entry(at=NOW - 30_000_000, published={"sis-1": 200}))
    board.post(entry(at=NOW - 90_000_000, published={"sis-1": 900}))

    assert board.sent_per_second("sis-1", NOW, 10) == 10
    assert board.sent_per_second("sis-1", NOW, 60) == 5
    assert board.stations["validator"].speed.rate(NOW, 60) == 5
    assert board.sent_per_second("sis-1", NOW + 120_000_000, 60) == 0


def test_the_longest_wait_is_that_of_the_last_minute() -> None:
    board = Board()
    board.post(entry(at=NOW - 5_000_000, oldest=NOW - 7_000_000))
    board.post(entry(at=NOW - 90_000_000, oldest=NOW - 190_000_000))

    assert board.stations["validator"].waited.last(NOW, 60) == [2_000_000]


def test_only_the_last_refusals_are_remembered() -> None:
    board = Board()
    for number in range(SHOWN + 5):
        board.post(entry(rejected={"sis-1": 1}, rules={"V4": 1}, refusals=[refusal(eventId=f"e-{number}")]))

    assert [one.event_id for one in board.refusals] == [f"e-{n}" for n in range(5, SHOWN + 5)]
    assert board.rules["V4"] == SHOWN + 5
