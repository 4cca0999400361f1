"""Tables whose header a specification fixes: names, order and spelling; only columns beyond it are free."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from saan.sources.encoding import detect
from saan.sources.refusal import FileRefused, Refusal, refuse
from saan.sources.table import records, survey

_UTF_8 = "utf-8-sig"
_EXTENSION = "metadata."


@dataclass(frozen=True, slots=True)
class Strict:
    """A file that can be read from its first row to its last; ``header`` has the columns fixed and free."""

    file: BinaryIO
    name: str
    header: tuple[str, ...]
    count: int

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Number and cells of every row that is not blank; a row may have more or fewer cells than the header."""
        for number, cells, _ in records(self.file, _UTF_8, ",", 1):
            if any(cells):
                yield number, cells


def strict(file: BinaryIO, name: str, columns: Sequence[str]) -> Strict:
    """The table of a seekable file, read through once. Raises ``FileRefused``; its sentences name the file."""
    try:
        if detect(file) != _UTF_8:
            raise refuse("FILE-2", what_th="ไม่ใช่ UTF-8", what_en="it is not UTF-8")
        header = _header(file)
        if header[: len(columns)] != tuple(columns) or not all(
            h.startswith(_EXTENSION) for h in header[len(columns) :]
        ):
            raise refuse("FILE-15", columns=",".join(columns))
        if len(set(header)) != len(header):
            raise refuse("FILE-8", columns=", ".join(header[len(columns) :]))
        return Strict(file, name, header, survey(file, _UTF_8, ",", 1, len(header)))
    except FileRefused as error:
        raise FileRefused(_of(name, error.refusal)) from error


def _header(file: BinaryIO) -> tuple[str, ...]:
    for _, cells, _ in records(file, _UTF_8, ",", 0):
        return tuple(cells)
    return ()


def _of(name: str, refusal: Refusal) -> Refusal:
    return Refusal(refusal.code, f"{name}: {refusal.th}", f"{name}: {refusal.en}", refusal.fix_th, refusal.fix_en)
