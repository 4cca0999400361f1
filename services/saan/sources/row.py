"""What is said about one row of a file, and under which circumstances a file is read."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from saan.core.calendar import BUDDHIST_ERA
from saan.core.outcome import Finding, Severity


class RowOutcome(StrEnum):
    """What became of a row: ``warn`` is accepted and flagged, ``refuse`` goes nowhere."""

    ACCEPT = "accept"
    WARN = "warn"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing found in one row. ``column`` is the file's own column name, empty for the whole row.

    ``code`` is a rule (``V1``), ``DUP`` or ``ROW-1``. The sentences never contain the value they are about.
    """

    code: str
    column: str
    severity: Severity
    th: str
    en: str
    fix_th: str = ""
    fix_en: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file. ``number`` counts from 1 at the first line after the header.

    ``findings`` has what refuses first. ``events`` are CloudEvents in the structured JSON form, the main one first and
    none when refused. ``file`` names the file within a bundle.
    """

    number: int
    outcome: RowOutcome
    findings: tuple[Remark, ...]
    events: tuple[Mapping[str, Any], ...] = ()
    file: str = ""

    @property
    def event(self) -> Mapping[str, Any] | None:
        """The main event, ``None`` when refused."""
        return self.events[0] if self.events else None

    @property
    def rules(self) -> tuple[str, ...]:
        """The codes of the findings, each once."""
        return tuple(dict.fromkeys(finding.code for finding in self.findings))


@dataclass(frozen=True, slots=True)
class Reading:
    """What is read: its format, its number of rows (for a progress bar), and the rows as they are judged."""

    name: str
    count: int
    rows: Iterator[Row]


def remarks(found: Iterable[Finding], columns: Mapping[str, str]) -> tuple[Remark, ...]:
    """The findings as remarks; ``columns`` maps field names to the file's own column names."""
    return tuple(Remark(f.code, columns.get(f.path, f.path), f.severity, f.th, f.en, f.fix_th, f.fix_en) for f in found)


_FIRST_TERM = (5, 16)
_SECOND_TERM = (11, 1)


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a roster does not say itself: on which day (in Bangkok) and for which term it speaks.

    ``semester`` is 1 or 2, ``entry`` the day from which its pupils are enrolled. ``test_data`` marks invented people.
    ``school`` is the key of the school that a file is of which does not say it.
    """

    today: date
    academic_year_be: int
    semester: int
    entry: date
    test_data: bool = False
    school: str | None = None


def occasion(
    today: date,
    academic_year_be: int | None = None,
    entry: date | None = None,
    test_data: bool = False,
    school: str | None = None,
) -> Occasion:
    """The circumstances that follow from a day: the Thai school year begins on 16 May, its second term on 1 November.

    ``entry`` is the first day of the school year when left out, or ``today`` when that is still to come.
    """
    begun = (today.month, today.day) >= _FIRST_TERM
    year = academic_year_be or today.year + BUDDHIST_ERA - (not begun)
    start = date(year - BUDDHIST_ERA, *_FIRST_TERM)
    semester = 1 if begun and (today.month, today.day) < _SECOND_TERM else 2
    return Occasion(today, year, semester, entry or min(start, today), test_data, school)
