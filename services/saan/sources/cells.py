"""Cleaning of single cells, as school staff type them: pure functions of text.

What is unambiguous is mended in silence (spaces, Thai digits, a Buddhist-era year, two spellings of one letter); what
loses something (an invisible character, a Christian-era year where a Buddhist one belongs) is mended and told.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from saan.core.calendar import BUDDHIST_ERA
from saan.core.thai import normalise

_THAI_DIGITS = {0x0E50 + digit: str(digit) for digit in range(10)}
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_MARKED_TEXT = re.compile(r"'+(?=[=+\-@])")
"""How a spreadsheet marks what is text and no formula."""

_DATE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})|(\d{4})-(\d{2})-(\d{2})")
_NUMBER = re.compile(r"[+-]?\d{1,9}(?:\.\d{1,6})?")
_NOTHING = frozenset(("", "-", "–", "—"))

CHRISTIAN_BELOW = 2400
"""A year below this cannot be Buddhist-era of anybody alive, one from here on cannot be Christian-era."""


def text(cell: str) -> str:
    """Trimmed, spaces collapsed, Thai spelling normalised, invisible characters and a spreadsheet's mark taken out."""
    cleaned = normalise(cell if cell.isascii() else _INVISIBLE.sub("", cell))
    return _MARKED_TEXT.sub("", cleaned, count=1) if cleaned.startswith("'") else cleaned


def has_invisible(cell: str) -> bool:
    """Whether the cell holds zero-width or direction characters, which ``text`` takes out."""
    return not cell.isascii() and _INVISIBLE.search(cell) is not None


def digits(cell: str) -> str:
    """Thai digits as ASCII digits; everything else as it is."""
    return cell if cell.isascii() else cell.translate(_THAI_DIGITS)


@lru_cache(maxsize=20_000)
def given(cell: str) -> str | None:
    """The cleaned cell, or ``None`` where it is empty or a dash that stands for nothing.

    Remembered, because a register repeats itself: places, occupations, family names.
    """
    cleaned = text(cell)
    return None if cleaned in _NOTHING else cleaned


@dataclass(frozen=True, slots=True)
class Day:
    """A date, and whether its year was written in the Christian era."""

    value: date
    christian: bool


def day(cell: str) -> Day | None:
    """A date written ``dd/mm/yyyy`` (or with ``.`` or ``-``) or ``yyyy-mm-dd``, Buddhist or Christian era.

    ``None`` for anything else and for days that do not exist. Two-digit years are not read: they would be a guess.
    """
    found = _DATE.fullmatch(digits(text(cell)))
    if found is None:
        return None
    d, m, y = found.group(1, 2, 3) if found.group(3) else found.group(6, 5, 4)
    year = int(y)
    christian = year < CHRISTIAN_BELOW
    try:
        return Day(date(year if christian else year - BUDDHIST_ERA, int(m), int(d)), christian)
    except ValueError:  # no such day: the 31st of February
        return None


def number(cell: str) -> float | None:
    """A decimal number with a point; ``None`` when it is none."""
    cleaned = digits(text(cell))
    return float(cleaned) if _NUMBER.fullmatch(cleaned) else None
