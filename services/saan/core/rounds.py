"""Reporting rounds: when the state of the registers is counted, confirmed and certified.

A *pattern* says when a round falls in any academic year (10 June, 08:30 to 16:30); a *window* is that round of one
year, once somebody has opened it. Nothing is asked of rounds that were never opened. All times are microseconds since
the epoch; days are days since 1970-01-01 in Asia/Bangkok.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from saan.core.calendar import BUDDHIST_ERA, day_of, micros

BANGKOK: Final = timezone(timedelta(hours=7))


class State(StrEnum):
    """Where a round stands: of one school, once that school has certified."""

    PLANNED = "planned"
    OPEN = "open"
    CONFIRMING = "confirming"
    CLOSED = "closed"
    CERTIFIED = "certified"


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant of any academic year, on the clock of Bangkok.

    ``year`` is 0 for the calendar year in which the academic year begins, 1 for the next. ``mark`` says how sure it is.
    """

    month: int
    day: int
    hour: int = 0
    minute: int = 0
    year: int = 0
    mark: str = ""

    def of(self, year_be: int) -> int:
        """This instant in an academic year. Raises ``ValueError`` for a day that the year does not have."""
        year = year_be - BUDDHIST_ERA + self.year
        return micros(datetime(year, self.month, self.day, self.hour, self.minute, tzinfo=BANGKOK))


@dataclass(frozen=True, slots=True)
class Window:
    """One round of one academic year: ``opens <= confirms < closes``.

    Schools report from ``opens`` on, directors certify from ``confirms`` to before ``closes``, and what was received by
    then about ``day`` and before is what counts.
    """

    round: str
    year_be: int
    opens: int
    confirms: int
    closes: int
    day: int

    def state(self, now: int, *, certified: bool = False) -> State:
        """The state at ``now``; ``certified`` is whether the school in question has certified."""
        if certified:
            return State.CERTIFIED
        if now < self.opens:
            return State.PLANNED
        if now < self.confirms:
            return State.OPEN
        return State.CONFIRMING if now < self.closes else State.CLOSED

    def is_open(self, now: int) -> bool:
        return self.opens <= now < self.closes


@dataclass(frozen=True, slots=True)
class Pattern:
    """A round as it returns every year. ``semester`` is the one whose state is counted."""

    round: str
    title: Mapping[str, str]
    semester: int
    opens: Moment
    confirms: Moment
    closes: Moment
    counts: Moment

    def window(self, year_be: int) -> Window:
        """The round in this academic year. Raises ``ValueError`` for a year in which one of its days does not exist."""
        return Window(
            self.round,
            year_be,
            self.opens.of(year_be),
            self.confirms.of(year_be),
            self.closes.of(year_be),
            day_of(self.counts.of(year_be)),
        )


def assumed(window: Window, said: str, now: int) -> Window:
    """``window`` moved as little as needed to be ``open`` or, for any other word, closed at ``now``."""
    if said == State.OPEN:
        return replace(window, opens=min(window.opens, now), closes=max(window.closes, now + 1))
    closes = min(window.closes, now)
    return replace(window, opens=min(window.opens, closes), confirms=min(window.confirms, closes), closes=closes)


@dataclass(frozen=True, slots=True)
class Rounds:
    """The rounds that were opened, and the patterns that more can be opened by."""

    windows: tuple[Window, ...] = ()
    patterns: Mapping[str, Pattern] = field(default_factory=lambda: MappingProxyType({}))

    def get(self, round: str, year_be: int) -> Window | None:
        return next((w for w in self.windows if w.round == round and w.year_be == year_be), None)

    def begun(self, now: int) -> frozenset[Window]:
        """The rounds whose window has opened; what is late may be so no longer when another one has."""
        return frozenset(window for window in self.windows if window.opens <= now)

    def late(self, day: int, received: int, waited: int = 0) -> Window | None:
        """The closed round that would have counted a fact of ``day``; ``None`` if there is none.

        A fact is taken in any window that is open when it is received or while it has ``waited`` since (microseconds).
        A fact of a day after every closed round's is in time for the next one.
        """
        if any(window.opens <= received + waited and received < window.closes for window in self.windows):
            return None
        closed = (window for window in self.windows if window.closes <= received and day <= window.day)
        return max(closed, key=lambda window: window.closes, default=None)


def opened(windows: Iterable[Window]) -> Rounds:
    """These windows and no patterns."""
    return Rounds(tuple(windows))
