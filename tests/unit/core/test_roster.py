"""The roster of a round: which of the things said of a learner hold, and that their order does not matter."""

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from saan.core import merkle
from saan.core.catalogue import EventType, Step
from saan.core.message import Envelope
from saan.core.roster import Count, Entry, Roster, counted

from .learners import PLAIN

DAY, CUT_OFF = 100, 1_000
ENROLLED = replace(
    PLAIN, history=(Step("enter", "to", "effectiveDate"),), rules=(), roster={"grade": "grade", "sex": "sex"}
)
MOVED = replace(
    ENROLLED, history=(Step("leave", "from", "effectiveDate"), Step("enter", "to", "effectiveDate")), roster={}
)
LEFT = replace(ENROLLED, history=(Step("leave", "from", "effectiveDate"),), roster={})
LINKED = replace(ENROLLED, history=(), roster={}, links=("toIdType", "toId"))

Said = tuple[EventType, Envelope, dict[str, Any], str, int]


def said(event: EventType, id: int, day: int, *, received: int = 0, subject: str = "st-1", **data: str) -> Said:
    envelope = Envelope(str(id), event.name, "sis-1", 10 * id, None, {})
    return event, envelope, {"effectiveDate": day, **data}, subject, received


def roster(*records: Said) -> Roster:
    made = Roster(DAY, CUT_OFF)
    for record in records:
        made.add(*record)
    return made


def test_a_learner_is_counted_with_grade_and_sex_where_enrolled() -> None:
    made = roster(said(ENROLLED, 1, 90, to="A", grade="311", sex="1"))
    assert list(made.entries()) == [Entry("st-1", "A", "311", "1", "enrolled")]
    assert counted(made, "A").counts == (Count("311", "1", 1),)


def test_who_moved_is_counted_at_the_new_school_with_what_the_old_one_said() -> None:
    made = roster(said(MOVED, 2, 95, **{"from": "A", "to": "B"}), said(ENROLLED, 1, 90, to="A", grade="311", sex="2"))
    assert list(made.entries()) == [Entry("st-1", "B", "311", "2", "enrolled")]
    assert counted(made, "A").total == 0
    assert counted(made, "A").root == merkle.root([])


def test_who_left_by_the_counted_day_is_not_counted_and_who_came_back_is() -> None:
    enrolled, left = said(ENROLLED, 1, 90, to="A"), said(LEFT, 2, DAY - 1, **{"from": "A"})
    assert list(roster(enrolled, left).entries()) == []
    assert counted(roster(enrolled, left, said(ENROLLED, 3, DAY, to="A")), "A").total == 1


def test_who_entered_elsewhere_without_leaving_is_counted_once_where_the_later_entry_was() -> None:
    made = roster(said(ENROLLED, 1, 90, to="A"), said(ENROLLED, 2, 95, to="B"))
    assert [entry.school for entry in made.entries()] == ["B"]


def test_what_is_of_a_later_day_or_was_received_at_the_cut_off_does_not_count() -> None:
    enrolled = said(ENROLLED, 1, 90, to="A", received=CUT_OFF - 1)
    for other in (said(LEFT, 2, DAY + 1, **{"from": "A"}), said(LEFT, 2, 95, received=CUT_OFF, **{"from": "A"})):
        assert counted(roster(enrolled, other), "A").total == 1


def test_what_was_corrected_holds_as_it_was_said_last() -> None:
    first = said(ENROLLED, 1, 90, to="A", grade="311", sex="1")
    again = said(ENROLLED, 2, 90, to="A", grade="312", sex="1")
    assert counted(roster(again, first), "A").counts == (Count("312", "1", 1),)


def test_a_school_that_only_lost_learners_was_heard_of() -> None:
    assert roster(said(LEFT, 1, 90, **{"from": "A"})).heard_of() == {"A"}


def test_a_leaf_says_all_of_an_entry_and_cannot_be_read_in_two_ways() -> None:
    assert Entry("st-1", "SC-1", "311", "1", "001").leaf() == b'["st-1","SC-1","311","1","001"]'


def linked(alias: str, subject: str, *, received: int = 0) -> Said:
    envelope = Envelope("link", LINKED.name, "peo-1", 0, subject, {"linkedsubject": alias})
    return LINKED, envelope, {"effectiveDate": 90}, subject, received


def test_whatever_is_said_of_linked_pseudonyms_is_of_one_learner() -> None:
    under_both = said(ENROLLED, 1, 90, to="A", grade="311"), said(ENROLLED, 2, 95, to="B", sex="2", subject="st-2")
    made = roster(*under_both, linked("st-2", "st-1"))
    assert list(made.entries()) == [Entry("st-1", "B", "311", "2", "enrolled")]


def test_a_link_that_was_received_at_the_cut_off_does_not_count() -> None:
    under_both = said(ENROLLED, 1, 90, to="A"), said(ENROLLED, 2, 95, to="B", subject="st-2")
    assert len(list(roster(*under_both, linked("st-2", "st-1", received=CUT_OFF)).entries())) == 2


records = st.lists(
    st.builds(linked, st.sampled_from(["st-1", "st-2", "st-3"]), st.sampled_from(["st-1", "st-2", "st-3"]))
    | st.builds(
        lambda event, number, day, subject, received, a, b, grade: said(
            event, number, day, subject=subject, received=received, **{"from": a, "to": b, "grade": grade}
        ),
        st.sampled_from([ENROLLED, MOVED, LEFT]),
        st.integers(1, 30),
        st.integers(90, 110),
        st.sampled_from(["st-1", "st-2"]),
        st.integers(CUT_OFF - 5, CUT_OFF + 1),
        st.sampled_from("ABC"),
        st.sampled_from("ABC"),
        st.sampled_from(["311", "312"]),
    ),
    max_size=20,
)


@given(records, st.randoms(use_true_random=False))
def test_any_order_and_any_repetition_of_the_same_records_give_the_same_roster(said: list[Said], random: Any) -> None:
    again = said + said[: len(said) // 2]
    random.shuffle(again)
    assert set(roster(*again).entries()) == set(roster(*said).entries())
