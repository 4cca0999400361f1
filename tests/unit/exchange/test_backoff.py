"""A child that falls over again and again is started less and less often; a steady one at once."""

from hypothesis import given
from hypothesis import strategies as st

from saan.exchange.backoff import FIRST, LONGEST, STEADY_AFTER, WANTED_AFTER, Backoff

lives = st.floats(0, 120)


def test_the_first_start_does_not_wait() -> None:
    assert Backoff().wait == 0.0


@given(st.lists(lives, min_size=1))
def test_the_pause_is_never_nothing_and_never_longer_than_the_limit(lived: list[float]) -> None:
    backoff = Backoff()
    for seconds in lived:
        backoff = backoff.after(seconds)

    assert FIRST <= backoff.wait <= LONGEST


@given(st.lists(st.floats(0, STEADY_AFTER / 2), min_size=2, max_size=12))
def test_the_pause_grows_while_it_falls_over_at_once(lived: list[float]) -> None:
    backoff, pauses = Backoff(), []
    for seconds in lived:
        backoff = backoff.after(seconds)
        pauses.append(backoff.wait)

    assert pauses == sorted(pauses)


@given(st.lists(lives))
def test_after_a_steady_life_it_begins_anew(lived: list[float]) -> None:
    backoff = Backoff()
    for seconds in lived:
        backoff = backoff.after(seconds)

    assert backoff.after(STEADY_AFTER).wait == FIRST


def test_a_child_that_is_missed_more_waits_less() -> None:
    assert Backoff(failures=20, longest=2.0).wait == 2.0
    assert Backoff(failures=20, longest=2.0).after(1.0).longest == 2.0


@given(st.lists(lives))
def test_an_end_that_was_asked_for_is_no_failure_unless_it_comes_at_once(lived: list[float]) -> None:
    backoff = Backoff()
    for seconds in lived:
        backoff = backoff.after(seconds)

    assert backoff.after(WANTED_AFTER, wanted=True).wait == 0.0
    assert backoff.after(WANTED_AFTER / 2, wanted=True).wait >= FIRST
