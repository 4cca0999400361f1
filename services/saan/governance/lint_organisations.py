"""Lint of ``organisations/``: schools and offices, their codes, and the ties between them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from saan.governance.lint_codes import validity
from saan.wire.files import Fault, Folder
from saan.wire.tables import CODE_PREFIX, Row

KINDS = frozenset({"school", "area-office", "provincial-office", "head-office", "ministry", "national-body"})


def faults(folder: Folder) -> Iterator[Fault]:
    """Every fault of the organisations and their ties."""
    known: dict[str, Row] = {}
    codes: dict[tuple[str, str], str] = {}
    for name, rows in folder.organisations.items():
        file = f"organisations/{name}.csv"
        for row in rows:
            if row["id"] in known:
                yield Fault(file, f"line {row.line}", f"{row['id']} ซ้ำ", f"the organisation {row['id']} stands twice")
            known[row["id"]] = row
            yield from _row(file, row, folder, codes)
    yield from _ties(folder, known)


def _row(file: str, row: Row, folder: Folder, codes: dict[tuple[str, str], str]) -> Iterator[Fault]:
    at = f"line {row.line}"
    if not row["id"] or not row["name_th"]:
        yield Fault(file, at, "ต้องมี id และ name_th", "an organisation has an id and a name_th")
    if row["kind"] not in KINDS:
        yield Fault(file, at, f"ไม่มีประเภทหน่วยงาน {row['kind']}", f"the kind is one of {', '.join(sorted(KINDS))}")
    if row["province_code"] and row["province_code"] not in _codes(folder, "province"):
        yield Fault(file, at, f"ไม่มีรหัสจังหวัด {row['province_code']}", f"there is no province {row['province_code']}")
    for level in row["grade_levels"].split():
        if level not in _codes(folder, "grade-level"):
            yield Fault(file, at, f"ไม่มีระดับชั้น {level}", f"there is no grade level {level}")
    wrong = validity(row)
    if wrong:
        yield Fault(file, at, "วันที่เริ่มหรือสิ้นสุดไม่ถูกต้อง ใช้รูปแบบ 2009-12-26 และเริ่มก่อนสิ้นสุด", wrong)
    for column, code in row.cells.items():
        if column.startswith(CODE_PREFIX) and code:
            holder = codes.setdefault((column, code), row["id"])
            if holder != row["id"]:
                yield Fault(file, at, f"{column} {code} ซ้ำกับ {holder}", f"{column} {code} belongs to {holder} already")


def _codes(folder: Folder, name: str) -> frozenset[str]:
    one = folder.lists.get(name)
    return frozenset(row["code"] for row in one.rows) if one else frozenset()


def _ties(folder: Folder, known: Mapping[str, Row]) -> Iterator[Fault]:
    file = "organisations/ties.csv"
    above: defaultdict[str, list[str]] = defaultdict(list)
    for row in folder.ties:
        at, child, parent = f"line {row.line}", row["organisation"], row["parent"]
        for id in (child, parent):
            if id not in known:
                yield Fault(file, at, f"ไม่มีหน่วยงาน {id}", f"there is no organisation {id}")
        wrong = validity(row)
        if wrong:
            yield Fault(file, at, "วันที่เริ่มหรือสิ้นสุดไม่ถูกต้อง ใช้รูปแบบ 2009-12-26 และเริ่มก่อนสิ้นสุด", wrong)
        if parent in above[child] and not row["valid_from"]:
            yield Fault(file, at, f"{child} ขึ้นกับ {parent} สองครั้ง", f"{child} is tied to {parent} twice")
        above[child].append(parent)
    for id, row in known.items():
        if row["kind"] == "school" and not above[id]:
            yield Fault(file, id, f"โรงเรียน {id} ไม่ขึ้นกับหน่วยงานใด", f"the school {id} is tied to no office")
    for id in known:
        if _returns(id, above):
            yield Fault(file, id, f"หน่วยงานเหนือ {id} วนกลับมาที่เดิม", f"the ties above {id} lead back to it")


def _returns(start: str, above: Mapping[str, list[str]]) -> bool:
    seen: set[str] = set()
    waiting = list(above.get(start, ()))
    while waiting:
        id = waiting.pop()
        if id == start:
            return True
        if id not in seen:
            seen.add(id)
            waiting.extend(above.get(id, ()))
    return False
