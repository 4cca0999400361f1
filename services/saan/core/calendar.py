"""Days and instants as integers: days since 1970-01-01, microseconds since the epoch in UTC.

The business day is that of Asia/Bangkok, which is UTC+07:00 all year.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Final

BUDDHIST_ERA: Final = 543
"""Years by which the Buddhist era is ahead of the Christian one."""

_EPOCH = date(1970, 1, 1)
_INSTANT = datetime(1970, 1, 1, tzinfo=UTC)
_BANGKOK_MICROS = 7 * 3600 * 1_000_000
_DAY_MICROS = 86_400 * 1_000_000


def day_of(micros: int) -> int:
    """The day in Bangkok of an instant."""
    return (micros + _BANGKOK_MICROS) // _DAY_MICROS


def days(value: date) -> int:
    return (value - _EPOCH).days


def to_date(day: int) -> date:
    return _EPOCH + timedelta(days=day)


def fiscal_year(day: int) -> int:
    """The Thai fiscal year of a day, Buddhist era: it begins on 1 October and has the number of the year it ends in.

    Raises ``OverflowError`` outside the calendar.
    """
    date_ = to_date(day)
    return date_.year + BUDDHIST_ERA + (date_.month >= 10)


def micros(value: datetime) -> int:
    """Microseconds of an aware ``datetime``, exactly."""
    return (value - _INSTANT) // timedelta(microseconds=1)


def to_datetime(value: int) -> datetime:
    return _INSTANT + timedelta(microseconds=value)


def rfc3339(value: int) -> str:
    """An instant as RFC 3339 text in UTC, for example ``2025-06-02T02:22:07.000000Z``."""
    return to_datetime(value).isoformat(timespec="microseconds").replace("+00:00", "Z")
