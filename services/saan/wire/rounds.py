"""Rounds as they are written: ``schemas/rounds.yaml``, and on the topic ``governance`` those that were opened.

rounds                     what ``schemas/rounds.yaml`` says: patterns and exceptions
round/<year B.E.>/<ROUND>  one opened round: {"opens", "confirms", "closes": RFC 3339, "counts": ISO date}
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from saan.core.calendar import days, micros, to_date, to_datetime
from saan.core.rounds import BANGKOK, Moment, Pattern, Rounds, Window
from saan.wire.forms import MomentForm, RoundsFile

ENTITY = "rounds"
OPENED = "round/"

_TIMES = ("opens", "confirms", "closes")


def build(entities: Mapping[str, Any]) -> Rounds:
    """The rounds in these governed records. Raises ``ValueError``, ``KeyError`` or ``TypeError`` for a broken one."""
    opened = [window(id, value) for id, value in entities.items() if id.startswith(OPENED)]
    file = RoundsFile.model_validate(entities.get(ENTITY, {"rounds": {}}))
    return Rounds(tuple(sorted(opened, key=lambda one: one.opens)), patterns(file))


def patterns(file: RoundsFile) -> dict[str, Pattern]:
    return {
        name: Pattern(
            name,
            form.title.model_dump(),
            form.semester,
            *(_moment(moment) for moment in (form.opens, form.confirms, form.closes, form.counts)),
        )
        for name, form in file.rounds.items()
    }


def planned(file: RoundsFile, round: str, year_be: int) -> Window:
    """The round of this academic year, exceptions minded. Raises ``KeyError`` and ``ValueError``."""
    window = patterns(file)[round].window(year_be)
    for order in file.exceptions:
        if (order.round, order.year) == (round, year_be):
            window = moved(window, order.opens, order.confirms, order.closes)
    return window


def moved(window: Window, opens: datetime | None, confirms: datetime | None, closes: datetime | None) -> Window:
    """The window with other times, where they are given."""
    return replace(
        window,
        opens=window.opens if opens is None else micros(opens),
        confirms=window.confirms if confirms is None else micros(confirms),
        closes=window.closes if closes is None else micros(closes),
    )


def key(window: Window) -> str:
    """The id of the governed record of an opened round."""
    return f"{OPENED}{window.year_be}/{window.round}"


def value(window: Window) -> dict[str, str]:
    """The governed record of an opened round; times on the clock of Bangkok, as they were announced."""
    times = {name: to_datetime(getattr(window, name)).astimezone(BANGKOK).isoformat() for name in _TIMES}
    return {**times, "counts": to_date(window.day).isoformat()}


def window(id: str, record: Mapping[str, str]) -> Window:
    """The opened round in one governed record."""
    year, _, round = id.removeprefix(OPENED).partition("/")
    opens, confirms, closes = (micros(datetime.fromisoformat(record[name])) for name in _TIMES)
    return Window(round, int(year), opens, confirms, closes, days(date.fromisoformat(record["counts"])))


def _moment(form: MomentForm) -> Moment:
    month, day = map(int, form.on.split("-"))
    hour, minute = map(int, form.at.split(":"))
    return Moment(month, day, hour, minute, int(form.next_year), form.mark)
