"""Lint of ``files/``: what the columns of schools' files are said to mean exists, and is read in a known way."""

from collections.abc import Iterator

from saan.core.layout import READS
from saan.core.world import World
from saan.wire.files import Fault, Folder
from saan.wire.tables import Row

_MARKS = ("F", "I", "R", "M", "P")
_FREE_LISTS = ("token", "reference", "references")
"""Reads whose column ``list`` holds something else than the name of a code list."""


def faults(folder: Folder, world: World) -> Iterator[Fault]:
    """Every fault of the tables of columns."""
    for name, rows in folder.files.items():
        file = f"files/{name}.csv"
        for row in rows:
            for th, en in _row(row, world):
                yield Fault(file, f"line {row.line}", th, en)


def _row(row: Row, world: World) -> Iterator[tuple[str, str]]:
    if not row["column"].strip():
        yield "ต้องบอกชื่อคอลัมน์", "give the column its name"
    if row["read"] not in READS:
        yield f"read ต้องเป็นหนึ่งใน {', '.join(READS)}", f"read is one of {', '.join(READS)}"
    if row["mark"] not in _MARKS:
        yield f"mark ต้องเป็นหนึ่งใน {', '.join(_MARKS)}", f"mark is one of {', '.join(_MARKS)}"
    if row["list"] and row["read"] not in _FREE_LISTS and row["list"] not in world.codes:
        yield f"ไม่มีรายการรหัส {row['list']} ใน codes/", f"there is no code list {row['list']} in codes/"
    name = row["event"].partition(":")[0]
    event = world.events.get(name)
    if bool(name) != bool(row["field"]):
        yield "event กับ field ต้องมีทั้งคู่หรือไม่มีทั้งคู่", "event and field are both given or both left out"
    elif name and event is None:
        yield f"ไม่มีเหตุการณ์ {name} ใน catalogue/", f"there is no event {name} in catalogue/"
    elif event is not None and row["field"] not in {field["name"] for field in event.schema["fields"]}:
        yield f"{name} ไม่มีช่อง {row['field']}", f"{name} has no field {row['field']}"
