"""Waits double up to a bound, and jitter only ever shortens them, by half at most."""

from hypothesis import given
from hypothesis import strategies as st

from saan.core.retry import delay


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_a_wait_is_between_half_and_all_of_the_doubled_and_bounded_time(attempt: int, jitter: float) -> None:
    full = delay(attempt, base=0.5, cap=30)
    assert full / 2 <= delay(attempt, base=0.5, cap=30, jitter=jitter) <= full <= 30


def test_waits_double_from_the_base() -> None:
    assert [delay(attempt, base=1, cap=60) for attempt in range(1, 9)] == [1, 2, 4, 8, 16, 32, 60, 60]
