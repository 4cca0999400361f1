"""Which files can be read, and the way in."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from saan.core.participants import Participant
from saan.core.world import World
from saan.sources import dmc, table
from saan.sources.row import Occasion, Row, occasion
from saan.sources.table import Table


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file. ``columns`` are those its header must have, in the order in which ``rows`` wants the cells."""

    name: str
    title: Mapping[str, str]
    columns: tuple[str, ...]
    rows: Callable[[Table, Participant, World, Occasion], Iterator[Row]]


FORMATS: Mapping[str, Format] = {
    format.name: format for format in (Format(dmc.NAME, dmc.TITLE, dmc.COLUMNS, dmc.rows),)
}


@dataclass(frozen=True, slots=True)
class Reading:
    """A file that is read: its format, its number of rows (for a progress bar), and the rows as they are judged."""

    format: Format
    count: int
    rows: Iterator[Row]


def read(
    file: BinaryIO,
    participant: Participant,
    world: World,
    *,
    today: date,
    academic_year_be: int | None = None,
    entry: date | None = None,
    format: str | None = None,
    test_data: bool = False,
) -> Reading:
    """Read a seekable file as the participant's.

    ``today`` is the day in Bangkok; ``academic_year_be`` and ``entry`` (the day from which the pupils are enrolled)
    follow from it when left out. ``format`` is found by the header when left out. Raises ``FileRefused`` before the
    first row for a file that cannot be read to its end, ``KeyError`` for an unknown format. A warned or accepted row
    carries an event whose id depends on its content alone: reading a file twice gives the same ids.
    """
    wanted = {format: FORMATS[format]} if format else FORMATS
    found = table.read(file, {name: one.columns for name, one in wanted.items()})
    chosen = wanted[found.format]
    circumstances = occasion(today, academic_year_be, entry, test_data)
    return Reading(chosen, found.count, chosen.rows(found, participant, world, circumstances))


def rows(
    file: BinaryIO, participant: Participant, world: World, *, today: date, academic_year_be: int | None = None
) -> Iterator[Row]:
    """The judged rows of a file in any known format; see ``read``."""
    return read(file, participant, world, today=today, academic_year_be=academic_year_be).rows
