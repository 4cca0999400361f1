"""Lint of ``standard.csv``: every field of the standard travels or says why not, and no event names any other."""

from collections.abc import Iterator

from saan.governance.standard import EVERY_TABLE, Place, carried, names
from saan.wire.files import Fault, Folder

FILE = "standard.csv"


def faults(folder: Folder) -> Iterator[Fault]:
    """Every fault of the list, and of the names of the standard in schemas and entries."""
    found, seen = carried(folder), set[Place]()
    for row in folder.standard:
        place = row["table"], row["field"]
        at = f"line {row.line}"
        if place in seen:
            yield Fault(FILE, at, f"{place[0]} {place[1]} ซ้ำ", f"{place[0]} {place[1]} stands twice")
        seen.add(place)
        th, en = row["reason_th"], row["reason_en"]
        if bool(th) != bool(en):
            yield Fault(FILE, at, "เหตุผลต้องมีทั้งสองภาษา", "give the reason in both languages")
        if place in found and en:
            said = f"{place[0]} {place[1]} travels in {found[place][0]}; take its reason out"
            yield Fault(FILE, at, f"{place[0]} {place[1]} มีเหตุการณ์ส่งแล้ว ให้ลบเหตุผลออก", said)
        elif place in found and row["awaited"]:
            said = f"{place[0]} {place[1]} travels in {found[place][0]} now; take `awaited` out"
            yield Fault(FILE, at, f"{place[0]} {place[1]} มีเหตุการณ์ส่งแล้ว ให้ลบ awaited ออก", said)
        elif place not in found and not en and not row["awaited"] and place[0] != EVERY_TABLE:
            said = f"{place[0]} {place[1]} travels in no event; carry it or say why not"
            yield Fault(FILE, at, f"{place[0]} {place[1]} ไม่มีเหตุการณ์ใดส่ง ให้เพิ่มหรือบอกเหตุผล", said)
    yield from _events(folder, seen)


def _events(folder: Folder, listed: set[Place]) -> Iterator[Fault]:
    tables = {table for table, _ in listed}
    for event, entry in folder.events.items():
        for i, table in enumerate(entry.tables):
            if table not in tables:
                said = f"{FILE} has no table {table}"
                yield Fault(f"catalogue/{event}.yaml", f"tables[{i}]", f"{FILE} ไม่มีตาราง {table}", said)
        if entry.schema_file not in folder.schemas:
            continue
        for path, name in names(folder, entry):
            if not any((table, name) in listed for table in (EVERY_TABLE, *entry.tables)):
                file, of = f"avro/{entry.schema_file}", ", ".join(entry.tables) or "no table"
                th = f"{name} ไม่ใช่ช่องของตารางใน tables ของ catalogue/{event}.yaml"
                yield Fault(
                    file, path, th, f"{name} is no field of the tables ({of}) that catalogue/{event}.yaml names"
                )
