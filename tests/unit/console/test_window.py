"""A window remembers a minute, second by second."""

import operator

from hypothesis import given
from hypothesis import strategies as st

from saan.console.window import SPAN, Window

SECOND = 1_000_000
NOW = 1_000 * SECOND
MARKS = st.lists(st.tuples(st.integers(900, 1_000), st.integers(0, 9)), max_size=50)


@given(MARKS, st.integers(1, SPAN))
def test_a_rate_counts_whole_seconds_before_now_in_whatever_order_they_came(
    marks: list[tuple[int, int]], seconds: int
) -> None:
    window = Window(operator.add)
    for second, value in marks:
        window.note(second * SECOND + 999_999, value)

    expected = sum(value for second, value in marks if 1_000 - seconds <= second < 1_000)
    assert window.rate(NOW, seconds) == expected / seconds


@given(MARKS)
def test_no_more_than_the_span_is_kept(marks: list[tuple[int, int]]) -> None:
    window = Window(max)
    for second, value in marks:
        window.note(second * SECOND, value)

    assert len(window._values) <= SPAN + 1
