"""Cursors are read by whoever shares the key, for the participant they were made for, and by nobody else."""

from hypothesis import given
from hypothesis import strategies as st

from saan.deliverer.cursor import Cursors

POSITIONS = st.dictionaries(st.integers(0, 65_535), st.integers(0, 2**63 - 1), max_size=20)


@given(POSITIONS, st.text(max_size=20))
def test_a_cursor_reads_back_as_it_was_written(positions: dict[int, int], who: str) -> None:
    assert Cursors(b"key").read(who, Cursors(b"key").write(who, positions)) == positions


@given(POSITIONS, st.text(max_size=20), st.text(max_size=20))
def test_a_cursor_is_nothing_to_another_participant(positions: dict[int, int], who: str, other: str) -> None:
    cursors = Cursors(b"key")
    assert who == other or cursors.read(other, cursors.write(who, positions)) is None


@given(st.text(max_size=100))
def test_no_made_up_text_is_a_cursor(text: str) -> None:
    assert Cursors(b"key").read("office-a", text) is None
