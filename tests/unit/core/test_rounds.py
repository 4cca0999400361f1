"""Reporting rounds: when each falls, what state it is in, and what comes too late for it."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saan.core.calendar import days, micros
from saan.core.rounds import BANGKOK, Moment, Pattern, Rounds, State, Window, assumed, opened

JUN10 = Pattern("JUN10", {}, 1, Moment(5, 16), Moment(6, 10, 8, 30), Moment(6, 10, 16, 30), Moment(6, 10))
EOY = Pattern(
    "EOY", {}, 2, Moment(3, 1, year=1), Moment(4, 1, 8, 30, 1), Moment(4, 25, 16, 30, 1), Moment(4, 1, year=1)
)
JUNE = JUN10.window(2568)
instants = st.integers(JUNE.opens - 10**12, JUNE.closes + 10**12)


def at(*when: int) -> int:
    return micros(datetime(*when, tzinfo=BANGKOK))


def test_the_tenth_of_june_closes_at_half_past_four_in_bangkok() -> None:
    assert JUNE.closes == micros(datetime(2025, 6, 10, 9, 30, tzinfo=UTC))
    assert (JUNE.round, JUNE.year_be, JUNE.day) == ("JUN10", 2568, days(date(2025, 6, 10)))


def test_the_end_of_a_year_lies_in_the_next_calendar_year() -> None:
    assert EOY.window(2567).closes == at(2025, 4, 25, 16, 30)


def test_a_day_that_the_year_does_not_have_is_an_error() -> None:
    leap = Pattern("X", {}, 1, *[Moment(2, 29)] * 4)
    assert leap.window(2567).opens == at(2024, 2, 29)
    with pytest.raises(ValueError, match="day"):
        leap.window(2568)


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (at(2025, 5, 15, 23, 59), State.PLANNED),
        (at(2025, 5, 16), State.OPEN),
        (at(2025, 6, 10, 8, 29), State.OPEN),
        (at(2025, 6, 10, 8, 30), State.CONFIRMING),
        (at(2025, 6, 10, 16, 29), State.CONFIRMING),
        (at(2025, 6, 10, 16, 30), State.CLOSED),
    ],
)
def test_a_round_is_planned_then_open_then_confirming_then_closed(now: int, state: State) -> None:
    assert JUNE.state(now) is state
    assert JUNE.state(now, certified=True) is State.CERTIFIED


def test_a_fact_of_the_counted_day_is_late_from_the_very_cut_off_on() -> None:
    rounds = opened([JUNE])
    assert rounds.late(JUNE.day, JUNE.closes - 1) is None
    assert rounds.late(JUNE.day, JUNE.closes) == JUNE
    assert rounds.late(JUNE.day - 300, JUNE.closes) == JUNE


def test_a_fact_of_a_later_day_is_in_time_for_the_next_round() -> None:
    assert opened([JUNE]).late(JUNE.day + 1, JUNE.closes + 1) is None


def test_late_facts_are_taken_while_the_next_window_is_open() -> None:
    november = Window("NOV10", 2568, at(2025, 11, 1), at(2025, 11, 10, 8, 30), at(2025, 11, 10, 16, 30), JUNE.day + 153)
    rounds = opened([JUNE, november])
    assert rounds.late(JUNE.day, november.opens - 1) == JUNE
    assert rounds.late(JUNE.day, november.opens) is None
    assert rounds.late(JUNE.day, november.closes) == november


@given(instants, st.integers(0, 10**13))
def test_what_has_waited_is_late_until_a_window_was_open_since_it_was_received(received: int, waited: int) -> None:
    november = Window("NOV10", 2568, JUNE.closes + 10**12, JUNE.closes + 2 * 10**12, JUNE.closes + 3 * 10**12, JUNE.day)
    late = opened([JUNE, november]).late(JUNE.day, received, waited)

    assert (late is not None) == (JUNE.closes <= received and received + waited < november.opens)


def test_what_has_begun_changes_only_when_a_window_opens() -> None:
    rounds = opened([JUNE, EOY.window(2567)])

    assert rounds.begun(JUNE.opens - 1) == {EOY.window(2567)}
    assert rounds.begun(JUNE.opens) == rounds.begun(JUNE.closes) == {JUNE, EOY.window(2567)}


@given(st.integers(), instants)
def test_nothing_is_late_for_rounds_that_were_never_opened(day: int, received: int) -> None:
    assert Rounds((), {"JUN10": JUN10}).late(day, received) is None


@given(st.sampled_from(["open", "closed", "closed and certified"]), instants)
def test_an_assumed_window_is_as_it_was_said_and_in_order(said: str, now: int) -> None:
    window = assumed(JUNE, said, now)
    assert window.is_open(now) == (said == "open")
    assert (window.closes <= now) == (said != "open")
    assert window.opens <= window.confirms <= window.closes


def test_a_round_is_found_by_name_and_year() -> None:
    rounds = opened([JUNE])
    assert rounds.get("JUN10", 2568) == JUNE
    assert rounds.get("JUN10", 2569) is None
