"""A folder or a zip file as a bundle of named files."""

import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from saan.sources.refusal import refuse

MANIFEST = "manifest.csv"
_LARGEST = 1 << 29
"""Bytes of one file; a whole country's pupils of one grade are less."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """The files by name; each is opened seekable and closed by the caller."""

    opened: Mapping[str, Callable[[], BinaryIO]]

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self.opened)

    def open(self, name: str) -> BinaryIO:
        return self.opened[name]()


def folder(path: Path) -> Bundle:
    """The files that stand directly in a folder."""

    def opener(file: Path) -> Callable[[], BinaryIO]:
        return lambda: file.open("rb")

    return Bundle({file.name: opener(file) for file in path.iterdir() if file.is_file()})


def archive(file: BinaryIO) -> Bundle:
    """The files of a zip file, all of them read and their checksums held; raises ``FileRefused`` (FILE-1, FILE-12)."""
    try:
        with zipfile.ZipFile(file) as zipped:
            inside = {info.filename: info for info in zipped.infolist() if not info.is_dir()}
            if "[Content_Types].xml" in inside:
                raise refuse("FILE-1", kind_th="ไฟล์ Excel", kind_en="an Excel workbook")
            if any(info.file_size > _LARGEST for info in inside.values()):
                raise refuse("FILE-12", what_th="มีไฟล์ใหญ่เกินไปอยู่ข้างใน", what_en="it holds a file that is too large")
            return Bundle({name: _held(zipped.read(info)) for name, info in inside.items() if name.endswith(".csv")})
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError, OSError) as error:
        # a RuntimeError is a password that nobody gave or a method that is not known; the others are damage
        raise refuse(
            "FILE-12", what_th="เสียหาย ขาดตอน หรือมีรหัสผ่าน", what_en="it is damaged, cut off or has a password"
        ) from error


def _held(content: bytes) -> Callable[[], BinaryIO]:
    return lambda: io.BytesIO(content)
