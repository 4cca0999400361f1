"""Which files can be read, and the way in."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import BinaryIO

from saan.core.participants import Participant
from saan.core.world import World
from saan.sources import dmc, table, template
from saan.sources.judge import Judge
from saan.sources.refusal import refuse
from saan.sources.row import Occasion, Reading, Row, occasion
from saan.sources.said import finding
from saan.sources.sheet import Sheet
from saan.sources.table import Table

Spoken = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of table with a learner in each row; its columns are ``world.files[name]``.

    ``system`` names its words in the crosswalk, ``spoken`` gives its short forms of a list's names. ``whose`` says
    that the table itself names the school of each row.
    """

    name: str
    title: Mapping[str, str]
    system: str
    spoken: Callable[[World], Spoken]
    whose: bool


FORMATS: Mapping[str, Format] = {
    format.name: format
    for format in (
        Format(dmc.NAME, dmc.TITLE, dmc.SYSTEM, lambda _: dmc.SPOKEN, whose=True),
        Format(template.NAME, template.TITLE, template.SYSTEM, template.spoken, whose=False),
    )
}


def read(
    file: BinaryIO,
    participant: Participant,
    world: World,
    of: Occasion,
    *,
    format: str | None = None,
    school: str | None = None,
) -> Reading:
    """Read a seekable file as the participant's, as it speaks on this occasion (see ``row.occasion``).

    ``format`` is found by the header when left out. ``school`` is the key of the school of a file that does not say
    it; left out, it is the publisher's only one. Raises ``FileRefused`` before the first row for a file that cannot be
    read to its end, ``KeyError`` for an unknown format. A warned or accepted row carries events whose ids depend on
    their content alone: reading a file twice gives the same ids.
    """
    wanted = {format: FORMATS[format]} if format else FORMATS
    found = table.read(file, {name: world.files[name].columns for name in wanted if name in world.files})
    chosen = wanted[found.format]
    whose = None if chosen.whose else _school(school, participant, world)
    return Reading(chosen.name, found.count, _rows(chosen, found, participant, world, replace(of, school=whose)))


def rows(
    file: BinaryIO, participant: Participant, world: World, *, today: date, academic_year_be: int | None = None
) -> Iterator[Row]:
    """The judged rows of a file in any known format; see ``read``."""
    return read(file, participant, world, occasion(today, academic_year_be)).rows


def _school(named: str | None, participant: Participant, world: World) -> str:
    speaks_for = [id for id in participant.speaks_for if (one := world.organisations.get(id)) and one.kind == "school"]
    if named is None and len(speaks_for) == 1:
        return speaks_for[0]
    found = world.organisations.get(named or "")
    for system in ("smis8", "moe10"):
        found = found or world.organisations.by_code(system, named or "")
    if found is None or found.kind != "school":
        raise refuse("FILE-10")
    return found.id


def _rows(chosen: Format, table: Table, participant: Participant, world: World, of: Occasion) -> Iterator[Row]:
    layout = world.files[chosen.name]
    sheet = Sheet(layout, world, of, chosen.system, chosen.spoken(world))
    columns = {field: column.name for column in reversed(layout.columns) for field in column.fields}
    columns = {"idType": columns["idValue"], **columns}
    judge = Judge(world, participant, sheet.events, columns, of)
    for line in table.rows():
        if line.cells is None:
            yield judge.refused(line.number, [finding("ragged", found=line.width, expected=table.width)])
        else:
            yield judge.judge(line.number, sheet.draft(line.cells))
