"""Lint of ``codes/``: the lists, their index, and the crosswalk from other systems."""

from collections import Counter
from collections.abc import Iterator

from saan.wire import tables
from saan.wire.files import Fault, Folder, ListFile
from saan.wire.tables import Row

PLACES = (("district", "province", 2), ("subdistrict", "district", 4))
"""A place's code begins with so many digits of the larger place's code."""


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
    file = f"codes/{one.name}.csv"
    if one.index["rows"] != str(len(one.rows)):
        said = f"index.csv says {one.index['rows']} rows, the list has {len(one.rows)}; mend index.csv"
        yield Fault(file, "", f"มี {len(one.rows)} แถว แต่ index.csv บอก {one.index['rows']} ให้แก้ index.csv", said)
    if not one.index["cls_name"] or not one.index["name_th"]:
        yield Fault("codes/index.csv", one.name, "ต้องมี cls_name และ name_th", "give the list a cls_name and a name_th")
    seen: set[str] = set()
    for row in one.rows:
        at, code = f"line {row.line}", row["code"]
        if not code or code != code.strip():
            yield Fault(file, at, "รหัสว่างหรือมีช่องว่างหัวท้าย", "the code is empty or has blanks around it")
        if code in seen:
            yield Fault(file, at, f"รหัส {code} ซ้ำ", f"the code {code} stands twice")
        seen.add(code)
        if not row["name_th"].strip():
            yield Fault(file, at, f"รหัส {code} ไม่มีชื่อภาษาไทย", f"the code {code} has no Thai name")
        wrong = validity(row)
        if wrong:
            yield Fault(file, at, "วันที่เริ่มหรือสิ้นสุดไม่ถูกต้อง ใช้รูปแบบ 2009-12-26 และเริ่มก่อนสิ้นสุด", wrong)


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
