"""Rows beside one another: the same learner twice, the ids of events, and what an occasion adds."""

import uuid
from collections.abc import Callable
from datetime import date

import pytest

from saan.sources.row import Row, RowOutcome, occasion

Read = Callable[..., list[Row]]
OTHER = {"เลขประจำตัวประชาชน": "9900007682081", "เลขประจำตัวนักเรียน": "28208"}


def id_of(row: Row) -> str:
    assert row.event is not None
    id: str = row.event["id"]
    return id


def test_the_second_row_of_a_learner_is_refused_and_names_the_first(read: Read) -> None:
    rows = read({}, OTHER, {"เลขประจำตัวประชาชน": "๙๙๐๐๐๐๗๖๘๒๐๗๒"})
    assert [row.outcome for row in rows] == [RowOutcome.ACCEPT, RowOutcome.ACCEPT, RowOutcome.REFUSE]
    assert rows[2].rules == ("DUP",)
    assert "row 1" in rows[2].findings[0].en


def test_a_refused_row_does_not_stand_in_the_way_of_its_corrected_copy(read: Read) -> None:
    rows = read({"น้ำหนัก": "650"}, {})
    assert [row.outcome for row in rows] == [RowOutcome.REFUSE, RowOutcome.ACCEPT]


def test_an_event_id_is_a_uuid_of_version_8_that_depends_on_content_publisher_and_year(read: Read) -> None:
    once = id_of(read({})[0])
    assert uuid.UUID(once).version == 8
    assert uuid.UUID(once).variant == uuid.RFC_4122
    assert id_of(read({}, today=date(2025, 9, 1))[0]) == once
    assert id_of(read({"ชื่อ": " ธารทิพย์ "})[0]) == once
    assert id_of(read({"ห้อง": "4"})[0]) != once
    assert id_of(read({}, academic_year_be=2567)[0]) != once


def test_an_event_is_a_cloud_event_of_the_participant_without_an_identity_in_its_envelope(read: Read) -> None:
    event = read({})[0].event
    assert event is not None
    assert {name: event[name] for name in ("specversion", "type", "source", "time", "datacontenttype")} == {
        "specversion": "1.0",
        "type": "student.enrolled",
        "source": "sis-96022001",
        "time": "2025-06-09T17:00:00.000000Z",
        "datacontenttype": "application/json",
    }
    assert "9900007682072" not in str({name: value for name, value in event.items() if name != "data"})


@pytest.mark.parametrize(
    ("today", "year", "semester", "entry"),
    [
        (date(2025, 6, 10), 2568, 1, date(2025, 5, 16)),
        (date(2025, 5, 16), 2568, 1, date(2025, 5, 16)),
        (date(2025, 5, 15), 2567, 2, date(2024, 5, 16)),
        (date(2025, 10, 31), 2568, 1, date(2025, 5, 16)),
        (date(2025, 11, 1), 2568, 2, date(2025, 5, 16)),
        (date(2026, 1, 5), 2568, 2, date(2025, 5, 16)),
    ],
)
def test_school_year_and_term_follow_from_the_day(today: date, year: int, semester: int, entry: date) -> None:
    found = occasion(today)
    assert (found.academic_year_be, found.semester, found.entry) == (year, semester, entry)


def test_a_school_year_to_come_is_entered_today() -> None:
    assert occasion(date(2025, 4, 20), academic_year_be=2568).entry == date(2025, 4, 20)
