"""Bytes to rows of cells: finds encoding, delimiter and header, and hands rows on one at a time.

The file is read through once before the first row is handed on, so that what is broken near its end refuses it as a
whole, and a second time for the rows; memory stays that of one row. Rows are numbered from 1 at the first line after
the header, as people count them in a spreadsheet. Title lines above the header are skipped.
"""

import csv
import io
import itertools
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import BinaryIO

from saan.core.layout import Column
from saan.sources import cells
from saan.sources.encoding import detect
from saan.sources.refusal import refuse

_DELIMITERS = (",", ";", "\t", "|")
_TITLE_LINES = 20
"""A header further down than this is none."""
_LINE_LIMIT = 1 << 16
_ENOUGH = 3
"""With so many known columns a line is meant as a header, and what it lacks is missing."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row: ``cells`` in the order of the format's columns, or ``None`` when their count differs from the header's.

    ``width`` is the number of cells found.
    """

    number: int
    cells: tuple[str, ...] | None
    width: int


@dataclass(frozen=True, slots=True)
class _Header:
    format: str
    delimiter: str
    index: int
    names: tuple[str, ...]
    known: int


@dataclass(frozen=True, slots=True)
class Table:
    """A file that can be read from its first row to its last.

    ``format`` names the format whose header it has, ``width`` is the number of columns of the header (columns that
    the format does not know are ignored), ``count`` the number of rows.
    """

    file: BinaryIO
    encoding: str
    format: str
    delimiter: str
    width: int
    count: int
    _skipped: int
    _pick: Callable[[Sequence[str]], tuple[str, ...]]

    def rows(self) -> Iterator[Line]:
        """Every row that is not blank, in order; to be read to its end before the file is used otherwise."""
        for number, found, _ in records(self.file, self.encoding, self.delimiter, self._skipped):
            if any(map(str.strip, found)):
                yield Line(number, self._pick(found) if len(found) == self.width else None, len(found))


def read(file: BinaryIO, headers: Mapping[str, Sequence[Column]]) -> Table:
    """The table of a seekable file. ``headers`` maps the name of each format that may be meant to its columns.

    Raises ``FileRefused`` with one of the codes of ``refusal``.
    """
    encoding = detect(file)
    header = _find_header(file, encoding, headers)
    wanted = headers[header.format]
    positions = _positions(header, wanted)
    pick: Callable[[Sequence[str]], tuple[str, ...]] = itemgetter(*positions)
    width = len(header.names)
    count = survey(file, encoding, header.delimiter, header.index + 1, width)
    return Table(file, encoding, header.format, header.delimiter, width, count, header.index + 1, pick)


def _key(column: str) -> str:
    """A column's name without the spaces that come and go between two exports."""
    return "".join(cells.text(column).split()).casefold()


def _find_header(file: BinaryIO, encoding: str, headers: Mapping[str, Sequence[Column]]) -> _Header:
    file.seek(0)
    text = io.TextIOWrapper(file, encoding, newline="")
    try:
        lines = [line for _ in range(_TITLE_LINES) if (line := text.readline(_LINE_LIMIT))]
    finally:
        text.detach()
    candidates = list(_candidates(lines, headers))
    best = max(candidates, key=lambda candidate: candidate.known, default=None)
    if best is None or best.known < _ENOUGH:
        raise refuse("FILE-9", formats=", ".join(headers))
    return best


def _candidates(lines: Sequence[str], headers: Mapping[str, Sequence[Column]]) -> Iterator[_Header]:
    keys = {name: frozenset(_key(s) for c in columns for s in (c.name, *c.also)) for name, columns in headers.items()}
    for delimiter in _DELIMITERS:
        for index, found in _parsed(lines, delimiter):
            names = tuple(map(_key, found))
            for name, known in keys.items():
                yield _Header(name, delimiter, index, names, len(known.intersection(names)))


def _parsed(lines: Sequence[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    try:
        yield from enumerate(csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        return  # a line that this delimiter cannot read ends the search with it; the survey reads them all again


def _positions(header: _Header, wanted: Sequence[Column]) -> list[int]:
    """Where each wanted column stands. A name that the format gives to several columns belongs to the one whose
    neighbour on the left is the format's: anything else would be a guess."""
    spelled = [_spelling(header, column) for column in wanted]
    missing = [column.name for column, key in zip(wanted, spelled, strict=True) if not key]
    meant = Counter(spelled)
    there = Counter(header.names)
    missing += [c.name for c, key in zip(wanted, spelled, strict=True) if key and there[key] < meant[key]]
    if missing:
        raise refuse("FILE-3", columns=", ".join(dict.fromkeys(missing)), format=header.format)
    twice = [c.name for c, key in zip(wanted, spelled, strict=True) if there[key] > meant[key]]
    if twice:
        raise refuse("FILE-8", columns=", ".join(dict.fromkeys(twice)))
    positions: list[int] = []
    for column, key in zip(wanted, spelled, strict=True):
        at = header.names.index(key) if meant[key] == 1 else positions[-1] + 1
        if at >= len(header.names) or header.names[at] != key:
            raise refuse("FILE-11", columns=column.name, format=header.format)
        positions.append(at)
    return positions


def _spelling(header: _Header, column: Column) -> str:
    """The spelling of a column's name that the header has, empty when it has none."""
    return next((key for key in map(_key, (column.name, *column.also)) if key in header.names), "")


def records(file: BinaryIO, encoding: str, delimiter: str, skipped: int) -> Iterator[tuple[int, list[str], int]]:
    """Number from 1, cells, and the number of lines they took, of each record after the skipped ones.

    Raises ``FileRefused`` (FILE-5, FILE-6) at a record that cannot be read; to be read to its end before the file is
    used otherwise.
    """
    file.seek(0)
    text = io.TextIOWrapper(file, encoding, newline="")
    number, line = 0, 0
    try:
        reader = csv.reader(text, delimiter=delimiter, strict=True)
        for _ in itertools.islice(reader, skipped):
            pass
        line = reader.line_num
        for number, found in enumerate(reader, 1):
            yield number, found, reader.line_num - line
            line = reader.line_num
    except csv.Error as error:
        # the module tells its faults apart by words alone
        raise refuse("FILE-6" if "limit" in str(error) else "FILE-5", row=number + 1) from error
    finally:
        text.detach()


def survey(file: BinaryIO, encoding: str, delimiter: str, skipped: int, width: int) -> int:
    """The number of rows; refuses what would be read wrongly or not to the end."""
    count, last, last_width = 0, 0, width
    for number, found, lines in records(file, encoding, delimiter, skipped):
        if lines > 1:  # a quotation mark that closes rows later has swallowed them
            raise refuse("FILE-5", row=number)
        if any(map(str.strip, found)):
            count, last, last_width = count + 1, number, len(found)
    if not count:
        raise refuse("FILE-4")
    file.seek(-1, os.SEEK_END)
    if last_width < width and file.read(1) not in b"\r\n":
        raise refuse("FILE-7", row=last)
    return count
