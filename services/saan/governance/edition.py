"""The next version of a code list, prepared beside the governed folder: nothing is written before it was looked at."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from saan.core.code_changes import CodeChange, changes
from saan.core.codes import CodeList
from saan.governance.check import check_parsed
from saan.governance.lint_codes import list_faults
from saan.wire import tables
from saan.wire.files import Fault, Folder, ListFile
from saan.wire.lists import with_cells
from saan.wire.tables import Row
from saan.wire.world import code_list


class Unfit(Exception):
    """A list that cannot be the next version: a code, one sentence and a way out, in Thai and in English."""

    def __init__(self, code: str, th: str, en: str, fix_th: str, fix_en: str) -> None:
        self.code, self.said_th, self.said_en, self.fix_th, self.fix_en = code, th, en, fix_th, fix_en
        super().__init__(f"{code}: {en}")


@dataclass(frozen=True, slots=True)
class Edition:
    """A version of a list: its file, what is different from the version before, and the folder that it would make."""

    file: ListFile
    before: CodeList
    after: CodeList
    changes: Sequence[CodeChange]
    folder: Folder


def find(folder: Folder, name: str) -> ListFile:
    """The list with this name, of its file or of the standard (``religion``, ``CLS_RELIGION``). Raises ``Unfit``."""
    for one in folder.lists.values():
        if name in (one.name, one.index["cls_name"]):
            return one
    raise Unfit(
        "codes.no-list",
        f"ไม่มีรายการรหัสชื่อ {name}",
        f"There is no code list {name}.",
        "ดูชื่อทั้งหมดด้วย saan codes show",
        "See all of them with `saan codes show`.",
    )


def rows_of(path: Path) -> list[Row]:
    """The rows of a file that is to be a code list. Raises ``Unfit``, naming the first of its faults; ``OSError``."""
    try:
        rows = tables.read(path, tables.CODE_COLUMNS, tables.LIST_COLUMNS)
    except tables.BadTable as error:
        raise _faulty(path, 1, f": {error.th}", f" {error}") from error
    faults = list(list_faults(rows))
    if faults:
        at, th, en = faults[0]
        raise _faulty(path, len(faults), f" {at}: {th}", f" {at}: {en}")
    return rows


def as_list(one: ListFile) -> CodeList:
    """The list that a file holds."""
    return code_list(one.name, one.entity())


def edition(
    folder: Folder, name: str, rows: Sequence[Row], *, today: date, start: date | None, retire_missing: bool
) -> Edition:
    """The next version of a list of ``folder``, with the rows of a file.

    With ``start``, codes that are new and say no ``valid_from`` begin on that day. Codes of the version before that
    ``rows`` do not have are refused, or retired on ``start`` (``today`` without it) when ``retire_missing`` says so.
    Raises ``Unfit``.
    """
    had = find(folder, name)
    known = {row["code"] for row in had.rows}
    day = (start or today).isoformat()
    begun = [
        with_cells(row, {"valid_from": day}) if start and row["code"] not in known and not row["valid_from"] else row
        for row in rows
    ]
    missing = known - {row["code"] for row in rows}
    if missing and not retire_missing:
        raise _vanished(had, missing)
    kept = [
        with_cells(row, {"valid_to": day}) if not row["valid_to"] else row for row in had.rows if row["code"] in missing
    ]
    return _edition(folder, had, sorted((*begun, *kept), key=_place), day)


def _place(row: Row) -> tuple[str, str]:
    return row["code"], row["valid_from"]


def _edition(folder: Folder, had: ListFile, rows: list[Row], day: str) -> Edition:
    told = {
        "version": str(int(had.index["version"]) + 1),
        "valid_from": day,
        "rows": str(len(rows)),
        "completeness": "partial" if had.index["completeness"] == tables.NO_VALUES else had.index["completeness"],
    }
    file = replace(had, index=with_cells(had.index, told), rows=rows)
    before, after = as_list(had), as_list(file)
    found = changes(before.codes, after.codes)
    if not found:
        raise Unfit(
            "codes.nothing-new",
            f"ไฟล์นี้ไม่ต่างจากรายการ {had.name} รุ่น {before.version}",
            f"The file says what version {before.version} of {had.name} says.",
            "ตรวจว่าเลือกไฟล์ถูกต้อง",
            "Check that it is the right file.",
        )
    made = replace(folder, lists={**folder.lists, had.name: file})
    faults = check_parsed(made)
    if faults:
        raise _breaks(had, faults)
    return Edition(file, before, after, found, made)


def _faulty(path: Path, count: int, th: str, en: str) -> Unfit:
    return Unfit(
        "codes.faulty-file",
        f"ไฟล์ {path} ใช้เป็นรายการรหัสไม่ได้ มีข้อผิด {count} ข้อ ข้อแรก{th}",
        f"The file {path} cannot be a code list, it has {count} fault(s), the first:{en}.",
        "แก้ไฟล์ตามที่บอก: ต้องมี code,name_th,name_en,note และอาจมี valid_from,valid_to",
        "Mend it as said: a list has code,name_th,name_en,note and may have valid_from,valid_to.",
    )


def _vanished(had: ListFile, missing: set[str]) -> Unfit:
    some = ", ".join(sorted(missing)[:5])
    return Unfit(
        "codes.vanished",
        f"รายการใหม่ไม่มีรหัส {len(missing)} รหัสที่เคยมีใน {had.name}: {some}",
        f"{len(missing)} code(s) of {had.name} are not in the file: {some}.",
        "ใส่รหัสนั้นกลับพร้อม valid_to หรือสั่งด้วย --retire-missing ให้สิ้นสุดในวันที่เริ่มใช้",
        "Put them back with a valid_to, or say --retire-missing to end them on the day the version begins.",
    )


def _breaks(had: ListFile, faults: Sequence[Fault]) -> Unfit:
    first = faults[0]
    return Unfit(
        "codes.breaks",
        f"ถ้าใช้รายการ {had.name} รุ่นนี้ schemas/ จะมีข้อผิด {len(faults)} ข้อ ข้อแรก: "
        f"{first.file} {first.field}: {first.said_th}",
        f"With this version of {had.name} schemas/ has {len(faults)} fault(s), the first: "
        f"{first.file} {first.field}: {first.said_en}.",
        "แก้ข้อนั้นก่อน หรือให้รหัสเดิมยังอยู่พร้อม valid_to",
        "Mend that first, or keep the old codes with a valid_to.",
    )
