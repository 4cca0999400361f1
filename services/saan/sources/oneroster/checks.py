"""One row of a part by itself: what is mandatory is there, tokens and dates are those of the specification."""

import re
from collections.abc import Callable, Sequence
from datetime import date

from saan.core.envelope import instant
from saan.core.layout import Column
from saan.core.outcome import Finding
from saan.core.said import finding as saan_says
from saan.sources.cells import CHRISTIAN_BELOW
from saan.sources.said import finding

Check = Callable[[str], Finding | None]
"""What is wrong with a cell that is not empty."""

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)
_EXTENDED = re.compile(r"ext:[A-Za-z0-9._-]+")
_TYPED = re.compile(r"\{[^:{},]+:[^{},]+\}( *, *\{[^:{},]+:[^{},]+\})*")
_LONGEST_KEY = 255
_STATUS, _MODIFIED = 1, 2
"""Where every part has ``status`` and ``dateLastModified``."""


def checks_of(columns: Sequence[Column]) -> Callable[[Sequence[str]], list[Finding]]:
    """What is wrong with a row of a part with these columns, apart from what it refers to."""
    made = [(at, column, _check(column)) for at, column in enumerate(columns)]
    mandatory = [(at, column.name) for at, column in enumerate(columns) if column.mandatory]
    looked_at = [(at, check) for at, _, check in made if check is not None]

    def wrong(cells: Sequence[str]) -> list[Finding]:
        found = [saan_says("V18", name) for at, name in mandatory if not cells[at]]
        for at, check in looked_at:
            if cells[at] and (one := check(cells[at])):
                found.append(one)
        if cells[_STATUS] or cells[_MODIFIED]:
            found.append(finding("bulk-status", columns[_STATUS].name))
        return found

    return wrong


def iso_date(cell: str) -> date | None:
    """A day of the Christian era written ``yyyy-mm-dd``; ``None`` for anything else."""
    if not _DATE.fullmatch(cell) or int(cell[:4]) >= CHRISTIAN_BELOW:
        return None
    try:
        return date.fromisoformat(cell)
    except ValueError:  # no such day
        return None


def _check(column: Column) -> Check | None:
    match column.read:
        case "token":
            return _token(column)
        case "iso-date":
            return lambda cell: None if iso_date(cell) else finding("iso-date", column.name)
        case "iso-year":
            return lambda cell: None if _is_year(cell) else finding("iso-date", column.name)
        case "instant":
            return lambda cell: None if instant(cell) is not None else finding("iso-date", column.name)
        case "guid":
            return lambda cell: finding("long-key", column.name) if len(cell) > _LONGEST_KEY else None
        case "typed":
            return lambda cell: None if _TYPED.fullmatch(cell) else finding("typed", column.name)
        case _:
            return None


def _token(column: Column) -> Check:
    tokens = frozenset(column.list.split("|"))
    free = "+" in tokens
    allowed = tokens - {"+"}
    said = finding("token", column.name, tokens=", ".join(column.list.removesuffix("|+").split("|")))
    return lambda cell: None if cell in allowed or (free and _EXTENDED.fullmatch(cell)) else said


def _is_year(cell: str) -> bool:
    return _YEAR.fullmatch(cell) is not None and int(cell) < CHRISTIAN_BELOW
