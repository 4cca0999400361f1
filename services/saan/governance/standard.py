"""Which field of the standard travels in which event: ``standard.csv`` held against the ``standard`` of Avro fields.

A catalogue entry names the ``tables`` of the standard that it carries. A field of such a table is carried when a field
of the event's schema has its name under ``standard``; several names there, parted by spaces, are fields of several
tables. The table ``*`` holds what every table is keyed by; any event may name its fields. A field whose event is still
to come is ``awaited``.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from saan.governance.fields import fields_of
from saan.wire.files import Folder
from saan.wire.forms import EventEntry

EVERY_TABLE: Final = "*"

Place = tuple[str, str]
"""A field of the standard: its table and its name."""


def names(folder: Folder, entry: EventEntry) -> Iterator[tuple[str, str]]:
    """Path of an Avro field and a name that it has in the standard, for every field of one event type that has one."""
    for path, field in fields_of(folder.schemas[entry.schema_file]).items():
        for name in str(field.get("standard") or "").split():
            yield path, name


def carried(folder: Folder) -> Mapping[Place, list[str]]:
    """Every field of the standard that travels, with where: ``event path``, sorted by event."""
    listed = {(row["table"], row["field"]) for row in folder.standard}
    found: defaultdict[Place, list[str]] = defaultdict(list)
    for event, entry in sorted(folder.events.items()):
        if entry.schema_file in folder.schemas:
            for path, name in names(folder, entry):
                for table in entry.tables:
                    if (table, name) in listed:
                        found[table, name].append(f"{event} {path}")
    return dict(found)


def markdown(folder: Folder) -> str:
    """The table of the guide: every field, and where it travels or why it does not."""
    found = carried(folder)
    tables: defaultdict[str, list[str]] = defaultdict(list)
    for row in folder.standard:
        table, field = row["table"], row["field"]
        if table == EVERY_TABLE:
            continue
        where = "<br>".join(
            f"`{event}` {path}" for event, _, path in (one.partition(" ") for one in found.get((table, field), ()))
        )
        why = (
            f"not carried: {row['reason_en']} · {row['reason_th']}" if row["reason_en"] else "not yet carried · ยังไม่ส่ง"
        )
        said = where or why
        tables[table].append(f"| {field} | {said} |")
    counts = f"{sum(map(len, tables.values()))} fields of {len(tables)} tables"
    lines = [f"{counts}; {sum(place[0] != EVERY_TABLE for place in found)} of them travel.", ""]
    for table, rows in tables.items():
        lines += [
            "<details>",
            f"<summary>{table}: {len(rows)} fields</summary>",
            "",
            "| field | travels in |",
            "|---|---|",
        ]
        lines += [*rows, "", "</details>", ""]
    return "\n".join(lines).rstrip("\n")
