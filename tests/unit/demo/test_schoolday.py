from datetime import UTC, date, datetime

import pytest

from saan.demo.schoolday import last_school_day, school_day


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2025, 6, 10, 9, 29, tzinfo=UTC), date(2025, 6, 9)),  # 16:29 in Bangkok
        (datetime(2025, 6, 10, 9, 30, tzinfo=UTC), date(2025, 6, 10)),  # 16:30 in Bangkok
        (datetime(2025, 6, 14, 12, 0, tzinfo=UTC), date(2025, 6, 13)),  # a Saturday
        (datetime(2025, 6, 15, 18, 0, tzinfo=UTC), date(2025, 6, 13)),  # Monday after midnight in Bangkok
    ],
)
def test_the_last_school_day_is_over_in_bangkok(now: datetime, day: date) -> None:
    assert last_school_day(now).day == day


@pytest.mark.parametrize(
    ("day", "year", "semester", "entry"),
    [
        (date(2025, 5, 15), 2567, 2, date(2024, 5, 16)),
        (date(2025, 5, 16), 2568, 1, date(2025, 5, 16)),
        (date(2025, 10, 31), 2568, 1, date(2025, 5, 16)),
        (date(2025, 11, 3), 2568, 2, date(2025, 5, 16)),
        (date(2026, 1, 5), 2568, 2, date(2025, 5, 16)),
    ],
)
def test_the_school_year_begins_on_16_may_and_its_second_term_on_1_november(
    day: date, year: int, semester: int, entry: date
) -> None:
    found = school_day(day)
    assert (found.academic_year_be, found.semester, found.entry) == (year, semester, entry)


def test_no_minute_of_a_school_day_lies_after_its_end() -> None:
    day = school_day(date(2025, 6, 10))
    assert day.at(0) == "2025-06-10T01:00:00Z"
    assert day.at(10_000) == "2025-06-10T09:30:00Z"


def test_the_sunday_before_is_a_sunday_before() -> None:
    for number in range(9, 14):
        sunday = school_day(date(2025, 6, number)).last_sunday()
        assert sunday == date(2025, 6, 8)
