"""The day on which the demo plays: a school day in Thailand that is over, so that no time lies in the future."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone

BANGKOK = timezone(timedelta(hours=7))
"""Thailand has one time zone and no daylight saving time."""

_BUDDHIST_OFFSET = 543
_FIRST_TERM = (5, 16)
_SECOND_TERM = (11, 1)
_END = time(16, 30)
_SUNDAY = 6


@dataclass(frozen=True, slots=True)
class SchoolDay:
    """A school day. ``academic_year_be`` is in the Buddhist era; ``entry`` is the first day of that school year."""

    day: date
    academic_year_be: int
    semester: int
    entry: date

    def at(self, minute: int) -> str:
        """RFC 3339 time, UTC, so many minutes after 08:00 in Bangkok; minutes beyond the school day are cut off."""
        start = datetime.combine(self.day, time(8), BANGKOK)
        return (start + timedelta(minutes=min(minute, 510))).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def before(self, days: int) -> date:
        return self.day - timedelta(days=days)

    def last_sunday(self) -> date:
        return self.day - timedelta(days=(self.day.weekday() - _SUNDAY) % 7)


def last_school_day(now: datetime) -> SchoolDay:
    """The newest day from Monday to Friday that ended at 16:30 in Bangkok before ``now`` (an aware time)."""
    local = now.astimezone(BANGKOK)
    day = local.date() if local.time() >= _END else local.date() - timedelta(days=1)
    while day.weekday() > 4:
        day -= timedelta(days=1)
    return school_day(day)


def school_day(day: date) -> SchoolDay:
    """The school year and semester that ``day`` lies in: the year begins on 16 May, its second term on 1 November."""
    begun = (day.month, day.day) >= _FIRST_TERM
    year = day.year if begun else day.year - 1
    semester = 1 if begun and (day.month, day.day) < _SECOND_TERM else 2
    return SchoolDay(day, year + _BUDDHIST_OFFSET, semester, date(year, *_FIRST_TERM))
