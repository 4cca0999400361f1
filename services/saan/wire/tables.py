"""The CSV files of ``schemas/``: code lists, the crosswalk, organisations and their ties.

Columns that decide something are named here and checked; others are provenance and stay in the file.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

CODE_COLUMNS = ("code", "name_th", "name_en", "note")
VALIDITY = ("valid_from", "valid_to")
MARKS = ("names_mark", "en_mark", "codes_mark")
LIST_COLUMNS = (*CODE_COLUMNS, *VALIDITY, *MARKS)
"""Every column that a code list may have: the first four it must have, the others where its codes differ."""
INDEX_COLUMNS = (
    "number",
    "cls_name",
    "name_th",
    "name_en",
    "file",
    "version",
    "valid_from",
    "rows",
    "completeness",
    *MARKS,
    "source",
    "remark",
)
NO_VALUES: Final = "none"
"""The completeness of a list whose values are not known yet."""
PROVENANCE = ("completeness", *MARKS, "source", "remark")
CROSSWALK_COLUMNS = ("list", "source_system", "source_code", "source_name", "canonical_code", "remark")
ORGANISATION_COLUMNS = ("id", "kind", "name_th", "name_en", "province_code", "valid_from", "valid_to")
FILE_COLUMNS = ("part", "column", "also", "mandatory", "standard", "event", "field", "read", "list", "mark")
STANDARD_COLUMNS = ("table", "field", "mark", "awaited", "reason_th", "reason_en")
TIE_COLUMNS = ("organisation", "parent", "valid_from", "valid_to", "mark")
CODE_PREFIX = "code_"
"""A column ``code_<system>`` holds the official code of an organisation in that system."""

EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Row:
    """One line: its number in the file (the header is line 1) and its cells by column."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


class BadTable(ValueError):
    """The file is not a table with the columns that it must have; ``th`` says the same in Thai."""

    def __init__(self, en: str, th: str) -> None:
        super().__init__(en)
        self.th = th


def read(path: Path, columns: Sequence[str], known: Sequence[str] | None = None) -> list[Row]:
    """All rows of a UTF-8 CSV file that has at least ``columns``, and none but ``known`` if that is given.

    Raises ``BadTable``; empty lines are skipped.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file, strict=True)
            header = next(reader, [])
            missing = [c for c in columns if c not in header]
            if missing:
                raise BadTable(f"lacks the column {', '.join(missing)}", f"ไม่มีคอลัมน์ {', '.join(missing)}")
            unknown = [c for c in header if known is not None and c not in known]
            if unknown or len(set(header)) < len(header):
                said = ", ".join(unknown or sorted({c for c in header if header.count(c) > 1}))
                raise BadTable(f"has the column {said}, unknown or twice", f"มีคอลัมน์ {said} ที่ไม่รู้จักหรือซ้ำ")
            rows = []
            for cells in reader:
                if len(cells) == len(header):
                    rows.append(Row(reader.line_num, dict(zip(header, cells, strict=True))))
                elif cells:
                    raise BadTable(
                        f"line {reader.line_num} has {len(cells)} cells, the header {len(header)}",
                        f"บรรทัด {reader.line_num} มี {len(cells)} ช่อง แต่หัวตารางมี {len(header)}",
                    )
            return rows
    except UnicodeDecodeError as error:
        raise BadTable("is not UTF-8", "ไม่ใช่ UTF-8") from error
    except csv.Error as error:
        raise BadTable(f"is not CSV: {error}", "ไม่ใช่ไฟล์ CSV") from error


def day(text: str) -> int | None:
    """Days since 1970-01-01 for an ISO date, ``None`` for empty text. Raises ``ValueError``."""
    return date.fromisoformat(text).toordinal() - EPOCH if text else None


def columns(rows: Iterable[Row], names: Sequence[str]) -> list[list[str]]:
    """The cells of ``names`` of every row, trailing empty cells left off: short JSON for governed records."""
    table = []
    for row in rows:
        cells = [row[name] for name in names]
        while cells and not cells[-1]:
            cells.pop()
        table.append(cells)
    return table
