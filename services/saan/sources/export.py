"""Which files can be written from an inbox, and the way out."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from saan.core.world import World
from saan.sources import export_template, template
from saan.sources.fold import Known, fold
from saan.sources.oneroster import reading, writing

FORMATS: Mapping[str, Callable[[Iterable[Known], World], dict[str, bytes]]] = {
    reading.NAME: writing.files,
    template.NAME: export_template.files,
}
"""Each turns learners into files: name to content."""

packed = writing.zipped


@dataclass(frozen=True, slots=True)
class Made:
    """Files by name, how many learners stand in them, and how many are known and do not."""

    files: Mapping[str, bytes]
    learners: int
    left_out: int


def made(events: Iterable[Mapping[str, Any]], world: World, format: str) -> Made:
    """The files of one of ``FORMATS`` from the events of an inbox, in its order. Raises ``KeyError`` for others."""
    known = fold(events, world, world.files[template.NAME])
    there = [
        one for one in known.values() if one.school is not None and (format != reading.NAME or writing.complete(one))
    ]
    return Made(FORMATS[format](there, world), len(there), len(known) - len(there))
