"""Checks everything in ``schemas/`` without a network and names every fault at once, with file and field.

The folder is good when ``check`` returns nothing. Each ``lint_*`` module looks at one kind of file; none of them stops
at its first fault, and a file that could not be read is reported once and left out of the rest.
"""

from collections.abc import Iterator
from pathlib import Path

from saan.core.world import World
from saan.governance import (
    lint_catalogue,
    lint_codes,
    lint_examples,
    lint_files,
    lint_organisations,
    lint_participants,
    lint_rounds,
    lint_schema,
    lint_standard,
    lint_topics,
)
from saan.wire import files, world
from saan.wire.files import Fault, Folder


def check(folder: Path) -> list[Fault]:
    """Every fault in the folder, sorted by file; an empty list says that it may be applied."""
    return check_parsed(files.read(folder))


def check_parsed(folder: Folder) -> list[Fault]:
    """The same for files that were read already."""
    found = [*folder.faults]
    sound = {name for name, schema in folder.schemas.items() if not _into(found, lint_schema.file_faults(name, schema))}
    _into(found, lint_codes.faults(folder))
    _into(found, lint_organisations.faults(folder))
    _into(found, lint_topics.faults(folder))
    _into(found, lint_rounds.faults(folder))
    _into(found, lint_catalogue.orphans(folder))
    if not folder.faults and len(sound) == len(folder.schemas):
        # What could not be read was reported; without it fields would seem not to travel.
        _into(found, lint_standard.faults(folder))
    built = _world(folder, sound, found)
    if built is not None:
        for name, event in built.events.items():
            if not _into(found, lint_catalogue.faults(folder.events[name], event, built)) and not event.control:
                _into(found, lint_examples.faults(folder.events[name], event, built))
        _into(found, lint_participants.faults(folder, built))
        _into(found, lint_files.faults(folder, built))
    return sorted(set(found), key=lambda fault: (fault.file, fault.field, fault.said_en))


def _into(found: list[Fault], new: Iterator[Fault]) -> bool:
    before = len(found)
    found.extend(new)
    return len(found) > before


def _world(folder: Folder, sound: set[str], found: list[Fault]) -> World | None:
    """The world of all entries whose schema is sound; the others were reported already."""
    entities = {
        id: entity
        for id, entity in folder.entities().items()
        if not id.startswith("event/") or folder.events[id.removeprefix("event/")].schema_file in sound
    }
    try:
        return world.build(entities)
    except (world.BadEntity, ValueError) as error:
        # Only a date that is none gets here; its file and line were reported by the lint of its table.
        if not found:
            found.append(Fault("", "", f"สร้างข้อมูลกำกับไม่ได้: {error}", f"the world cannot be built: {error}"))
        return None
