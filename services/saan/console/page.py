"""A picture as HTML: the whole page, or its living parts by the id of the element that holds them."""

from datetime import timedelta
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from saan.console.journey import TALL, WIDE, figures
from saan.console.picture import Account, Picture
from saan.console.words import LANGUAGES, MONTHS, other, word
from saan.core.calendar import rfc3339, to_datetime

PARTS: Final = ("health", "balance", "journey-wide", "journey-tall", "stations", "participants", "rules", "refusals")
ROWS: Final = 100
"""Participants shown with a row of their own."""

_SLOW, _LATE = 5.0, 60.0
"""Seconds; a station is late as its setting says."""
_BANGKOK: Final = timedelta(hours=7)
_KINDS: Final = (
    "ministry",
    "head-office",
    "provincial-office",
    "area-office",
    "fund",
    "test-body",
    "health",
    "school",
)


class Page:
    """Renders in one of ``LANGUAGES``; the other one stands beside, smaller. Everything is escaped."""

    def __init__(self) -> None:
        self._templates = Environment(
            loader=PackageLoader("saan.console"),
            autoescape=True,
            undefined=StrictUndefined,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters |= {"count": count, "speed": speed, "clock": clock}
        self._templates.globals |= {"layouts": {"journey-wide": WIDE, "journey-tall": TALL}, "tone": tone}

    def whole(self, seen: Picture, language: str) -> str:
        """The document."""
        return self._render("page.html", seen, language, parts=self.parts(seen, language), languages=LANGUAGES)

    def parts(self, seen: Picture, language: str) -> dict[str, Markup]:
        """The living parts by element id."""
        active = [account for account in seen.accounts if _active(account)]
        shown = sorted(active, key=_order)[:ROWS]
        quiet = sorted((account for account in seen.accounts if not _active(account)), key=_order)
        given = {
            "shown": shown,
            "more": len(active) - len(shown),
            "quiet": quiet[:ROWS],
            "figures": figures(seen),
        }
        return {part: Markup(self._render(f"{_file(part)}.html", seen, language, part=part, **given)) for part in PARTS}

    def _render(self, template: str, seen: Picture, language: str, **given: object) -> str:
        return self._templates.get_template(template).render(
            seen=seen,
            lang=language,
            other=other(language),
            say=lambda name: say(name, language),
            word=lambda name, *values: word(name, language).format(*values),
            lasting=lambda seconds: lasting(seconds, language),
            short=lambda value: short(value, language),
            moment=lambda instant: moment(instant, language),
            beside=lambda name: word(name, other(language)),
            iso=rfc3339,
            **given,
        )


def say(name: str, language: str) -> Markup:
    """An expression in the page's language, with the other one beside it."""
    beside = other(language)
    both = Markup('<span lang="{}">{}</span> <span class="also" lang="{}">{}</span>')
    return both.format(language, word(name, language), beside, word(name, beside))


def count(value: int) -> str:
    return f"{value:,}"


def short(value: int, language: str) -> str:
    """A count where there is little room."""
    million = "M" if language == "en" else " ล้าน"
    return count(value) if value < 1_000_000 else f"{value / 1_000_000:,.2f}{million}"


def speed(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def clock(instant: int) -> str:
    """The time of day in Bangkok."""
    return (to_datetime(instant) + _BANGKOK).strftime("%H:%M:%S")


def moment(instant: int, language: str) -> str:
    """Day and time of day in Bangkok."""
    there = to_datetime(instant) + _BANGKOK
    return f"{there.day} {MONTHS[language][there.month - 1]} {clock(instant)}"


def lasting(seconds: float | None, language: str) -> str:
    """A duration in one unit."""
    if seconds is None:
        return word("unknown", language)
    second, minute, hour, day = ("s", "min", "h", "d") if language == "en" else ("วิ", "นาที", "ชม.", "วัน")
    if seconds < 10:
        return f"{seconds:.1f} {second}"
    for unit, size, least in ((second, 1, 120), (minute, 60, 7200), (hour, 3600, 172_800)):
        if seconds < least:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds / 86_400:,.0f} {day}"


def tone(seconds: float | None, late: float = _LATE) -> str:
    """How a delay is to be taken: a name of ``words`` and of a style. It is late from ``late`` seconds on."""
    if seconds is None:
        return "unknown"
    return "late" if seconds >= late else "ok" if seconds < _SLOW else "slow"


def _active(account: Account) -> bool:
    return bool(account.sheet.published or account.sheet.delivered or account.sheet.accepted)


def _order(account: Account) -> tuple[int, str]:
    return (_KINDS.index(account.kind) if account.kind in _KINDS else len(_KINDS), account.id)


def _file(part: str) -> str:
    return "journey" if part.startswith("journey") else part
