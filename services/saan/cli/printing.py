"""Printing data: a table for people, JSON for programs."""

from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table


def as_json(value: Any) -> None:
    print(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())


def as_line(value: Any) -> None:
    """One JSON value on one line, at once: for streams."""
    print(orjson.dumps(value).decode(), flush=True)


def as_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table; columns whose name begins with ``#`` hold numbers and stand to the right."""
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column.lstrip("#"), justify="right" if column.startswith("#") else "left", overflow="fold")
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    Console().print(table)
