"""A code list as a file: what a reader of a list is shown, and how a list is written."""

import csv
import io
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from saan.wire import tables
from saan.wire.files import ListFile
from saan.wire.tables import Row


def written(rows: Iterable[Mapping[str, str]], columns: Sequence[str]) -> str:
    """Rows as the text of a CSV file."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([row.get(column, "") for column in columns] for row in rows)
    return text.getvalue()


def columns_of(rows: Iterable[Row]) -> list[str]:
    """The columns of a list of these rows: the four that every list has, and those in which something stands."""
    rows = list(rows)
    return [c for c in tables.LIST_COLUMNS if c in tables.CODE_COLUMNS or any(row[c] for row in rows)]


def save(folder: Path, one: ListFile) -> None:
    """Write the list and its row of the index, each whole or not at all. Raises ``OSError``."""
    index = folder / "codes" / "index.csv"
    known = tables.read(index, tables.INDEX_COLUMNS)
    rows = [one.index.cells if row["file"] == one.index["file"] else row.cells for row in known]
    _replace(folder / "codes" / f"{one.name}.csv", written((row.cells for row in one.rows), columns_of(one.rows)))
    _replace(index, written(rows, list(known[0].cells)))


def with_cells(row: Row, cells: Mapping[str, str]) -> Row:
    """The same row with some cells set."""
    return replace(row, cells={**row.cells, **cells})


def _replace(path: Path, text: str) -> None:
    draft = path.with_suffix(".draft")
    draft.write_text(text, encoding="utf-8", newline="")
    os.replace(draft, path)
