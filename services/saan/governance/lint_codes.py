"""Lint of ``codes/``: the lists, their index, and the crosswalk from other systems."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from saan.core.codes import CODE_SHAPE
from saan.wire import tables
from saan.wire.files import Fault, Folder, ListFile
from saan.wire.tables import Row

PLACES = (("district", "province", 2), ("subdistrict", "district", 4))
"""A place's code begins with so many digits of the larger place's code."""

SURE: Final = frozenset(("", "F", "I", "R", "M", "P"))
"""The marks of certainty."""

Said = Iterator[tuple[str, str, str]]
"""Place, the fault in Thai, in English."""


def faults(folder: Folder) -> Iterator[Fault]:
    """Every fault of the code lists."""
    for one in folder.lists.values():
        yield from _list(one)
    names = Counter(one.index["cls_name"] for one in folder.lists.values())
    for name in sorted(name for name, times in names.items() if times > 1):
        yield Fault("codes/index.csv", name, "ชื่อรายการนี้ซ้ำ", f"two lists have the official name {name}")
    yield from _crosswalk(folder)
    yield from _places(folder)


def validity(row: Row) -> str | None:
    """What is wrong with the columns ``valid_from`` and ``valid_to`` of a row, if anything."""
    try:
        start, end = tables.day(row["valid_from"]), tables.day(row["valid_to"])
    except ValueError:
        return "valid_from and valid_to are dates like 2009-12-26"
    return "valid_to must lie after valid_from" if start is not None and end is not None and end <= start else None


def _list(one: ListFile) -> Iterator[Fault]:
    for at, th, en in _index(one.index, len(one.rows)):
        yield Fault("codes/index.csv", f"{one.name} {at}".strip(), th, en)
    for at, th, en in list_faults(one.rows):
        yield Fault(f"codes/{one.name}.csv", at, th, en)


def _index(index: Row, rows: int) -> Said:
    """What is wrong with the row that ``index.csv`` has for a list of so many rows."""
    if index["rows"] != str(rows):
        yield "rows", f"รายการมี {rows} แถว ให้แก้ rows", f"the list has {rows} rows, not {index['rows']}; mend it"
    if not index["cls_name"] or not index["name_th"] or not index["name_en"]:
        yield "", "ต้องมี cls_name name_th และ name_en", "give the list a cls_name, a name_th and a name_en"
    if not index["version"].isdecimal() or int(index["version"]) < 1:
        yield "version", "รุ่นเป็นจำนวนนับจาก 1", "the version is a whole number from 1"
    if validity(index):
        yield "valid_from", "ใช้วันที่รูปแบบ 2009-12-26", "the day is written like 2009-12-26"
    if (index["completeness"] == tables.NO_VALUES) != (rows == 0):
        said = f"completeness is {tables.NO_VALUES} exactly when the list has no row"
        yield "completeness", f"completeness เป็น {tables.NO_VALUES} เมื่อรายการไม่มีแถวเท่านั้น", said
    yield from _marks(index)


def list_faults(rows: Sequence[Row]) -> Said:
    """Everything wrong with the rows of one list: place, Thai, English."""
    periods: dict[str, list[Row]] = {}
    for row in rows:
        at, code = f"line {row.line}", row["code"]
        if not CODE_SHAPE.fullmatch(code):
            said = "a code is 1 to 40 Latin letters, digits, dots, slashes, hyphens or underscores"
            yield at, "รหัสต้องเป็นอักษรละติน ตัวเลข . / - _ ไม่เกิน 40 ตัว", said
        if not row["name_th"].strip():
            yield at, f"รหัส {code} ไม่มีชื่อภาษาไทย", f"the code {code} has no Thai name"
        wrong = validity(row)
        if wrong:
            yield at, "วันที่เริ่มหรือสิ้นสุดไม่ถูกต้อง ใช้รูปแบบ 2009-12-26 และเริ่มก่อนสิ้นสุด", wrong
        elif any(_overlap(row, other) for other in periods.get(code, ())):
            said = f"the code {code} stands twice at the same time; give each row its own valid_from and valid_to"
            yield at, f"รหัส {code} ซ้ำในช่วงเวลาเดียวกัน ให้แยกช่วง valid_from และ valid_to", said
        else:
            periods.setdefault(code, []).append(row)
        yield from ((at, th, en) for _, th, en in _marks(row))


def _overlap(one: Row, other: Row) -> bool:
    """Whether two rows with sound dates share a day; an end is the first day after it."""

    def before(end: str, start: str) -> bool:
        return end != "" and start != "" and date.fromisoformat(end) <= date.fromisoformat(start)

    return not before(one["valid_to"], other["valid_from"]) and not before(other["valid_to"], one["valid_from"])


def _marks(row: Row) -> Said:
    for column in tables.MARKS:
        if row[column] not in SURE:
            said = f"{column} is one of F, I, R, M, P, or empty"
            yield column, f"{column} เป็น F I R M P หรือว่าง", said


def _crosswalk(folder: Folder) -> Iterator[Fault]:
    file = "codes/crosswalk.csv"
    lists = {one.index["cls_name"]: {row["code"] for row in one.rows} for one in folder.lists.values()}
    seen: set[tuple[str, str, str]] = set()
    for row in folder.crosswalk:
        at, name, target = f"line {row.line}", row["list"], row["canonical_code"]
        if name not in lists:
            yield Fault(file, at, f"ไม่มีรายการ {name}", f"there is no list {name} in index.csv")
        elif target and target not in lists[name]:
            yield Fault(file, at, f"{name} ไม่มีรหัส {target}", f"{name} has no code {target}")
        key = (name, row["source_system"], row["source_code"])
        if key in seen:
            yield Fault(
                file,
                at,
                f"รหัสต้นทางของ {name} ซ้ำ ให้เหลือแถวเดียว",
                f"{row['source_system']} {row['source_code']} stands twice for {name}",
            )
        seen.add(key)


def _places(folder: Folder) -> Iterator[Fault]:
    for smaller, larger, digits in PLACES:
        if smaller in folder.lists and larger in folder.lists:
            known = {row["code"] for row in folder.lists[larger].rows}
            for row in folder.lists[smaller].rows:
                if row["code"][:digits] not in known:
                    said = f"{row['code']} lies in no {larger}: its first {digits} digits are no code there"
                    yield Fault(
                        f"codes/{smaller}.csv", f"line {row.line}", f"{row['code']} ไม่อยู่ในพื้นที่ใดของ {larger}", said
                    )
