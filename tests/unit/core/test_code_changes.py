"""What is different in a code list is said code by code, and nothing is left out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saan.core.code_changes import What, changes
from saan.core.codes import Code, joined

OLD = Code("1", "ก", "a", "points=1", valid_from=10)
CODES = st.lists(
    st.builds(
        Code,
        st.sampled_from("123"),
        st.sampled_from("กข"),
        st.just(""),
        st.sampled_from(["", "n"]),
        st.none() | st.integers(0, 2),
        st.none() | st.integers(3, 5),
    ),
    max_size=3,
    unique_by=lambda code: code.code,
)


@pytest.mark.parametrize(
    ("new", "what"),
    [
        ([], [What.GONE]),
        ([OLD, Code("2", "ข", "")], [What.ADDED]),
        ([Code("1", "ก", "a", "points=1", valid_from=10, valid_to=20)], [What.RETIRED]),
        ([Code("1", "ก", "a", "points=1", valid_from=11)], [What.VALIDITY]),
        ([Code("1", "ก", "a", "points=1", valid_from=11, valid_to=20)], [What.VALIDITY]),
        ([Code("1", "ก", "b", "points=1", valid_from=10)], [What.RENAMED]),
        ([Code("1", "ก", "a", "points=2", valid_from=10)], [What.NOTE]),
        ([OLD], []),
        (
            [Code("1", "ข", "a", "points=1", valid_from=20), Code("1", "ก", "a", "", 10, 20)],
            [What.VALIDITY, What.RENAMED],
        ),
    ],
)
def test_each_kind_of_difference_has_its_name(new: list[Code], what: list[What]) -> None:
    assert [one.what for one in changes(joined([OLD]), joined(new))] == what


@given(before=CODES, after=CODES)
@settings(deadline=None)
def test_lists_without_a_difference_are_the_same_list(before: list[Code], after: list[Code]) -> None:
    old, new = joined(before), joined(after)
    assert (changes(old, new) == []) == (old == new)
    assert len(changes(old, new)) >= len(old.keys() ^ new.keys())
