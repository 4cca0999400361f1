"""Bytes to rows, and the files that are refused whole."""

import io
import tracemalloc
from collections.abc import Iterator
from typing import BinaryIO

import pytest

from saan.core.layout import Column
from saan.sources import table
from saan.sources.refusal import CODES, FileRefused

COLUMNS = ("เลขประจำตัวประชาชน", "ชื่อ", "นามสกุล", "วันเกิด", "หมายเหตุ (3.1.8)")
HEADERS = {"people": [Column(name, "text") for name in COLUMNS]}
HEADER = ",".join(COLUMNS)
ROW = "9900007682072,ธารทิพย์,สิงห์ชูช่วย,28/09/2552,"


def content(*lines: str, encoding: str = "utf-8", end: str = "\r\n") -> bytes:
    return (end.join(lines) + end).encode(encoding)


def opened(data: bytes) -> table.Table:
    return table.read(io.BytesIO(data), HEADERS)


def cells_of(data: bytes) -> list[tuple[str, ...] | None]:
    return [line.cells for line in opened(data).rows()]


def refusal_of(data: bytes) -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        opened(data)
    return caught.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp874", "tis-620"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_the_same_table_comes_out_of_every_thai_encoding_and_line_end(encoding: str, end: str) -> None:
    data = content(HEADER, ROW, encoding=encoding, end=end)
    assert cells_of(data) == [("9900007682072", "ธารทิพย์", "สิงห์ชูช่วย", "28/09/2552", "")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_by_the_header(delimiter: str) -> None:
    data = content(HEADER.replace(",", delimiter), ROW.replace(",", delimiter))
    assert cells_of(data) == [tuple(ROW.split(","))]


def test_title_lines_above_the_header_are_skipped_and_rows_count_from_the_header() -> None:
    data = content("ทะเบียนนักเรียน,,,,", "ปีการศึกษา 2568,,,,", "", HEADER, ROW, "", ROW)
    assert [line.number for line in opened(data).rows()] == [1, 3]
    assert opened(data).count == 2


def test_columns_are_found_by_name_in_any_order_and_strange_ones_are_left_out() -> None:
    data = content(
        "ชื่อ,โน้ต,วันเกิด,หมายเหตุ(3.1.8), นามสกุล ,เลขประจําตัวประชาชน".replace("จํา", "จ\u0e4d\u0e32"), "ก,x,1,,ข,99"
    )
    assert cells_of(data) == [("99", "ก", "ข", "1", "")]


def test_a_comma_and_a_quotation_mark_inside_quotes_belong_to_the_cell() -> None:
    assert cells_of(content(HEADER, '99,"ก, ""ข""",ค,1,')) == [("99", 'ก, "ข"', "ค", "1", "")]


def test_a_row_with_another_number_of_cells_is_handed_on_without_cells() -> None:
    data = content(HEADER, "99,ก,,ข,1,", "99,ก,ข", ROW)
    assert [line.cells is None for line in opened(data).rows()] == [True, True, False]


def test_a_comma_at_the_end_of_every_line_is_a_column_without_a_name() -> None:
    assert cells_of(content(HEADER + ",", ROW + ",")) == [tuple(ROW.split(","))]


def test_a_cut_off_last_line_refuses_but_a_missing_line_end_does_not() -> None:
    assert len(cells_of(content(HEADER, ROW).rstrip())) == 1
    assert refusal_of(content(HEADER, ROW) + "9900007682081,สรวิ".encode()).refusal.code == "FILE-7"


BROKEN: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "FILE-4"),
    "only spaces": (b" \r\n \r\n", "FILE-4"),
    "only a header": (content(HEADER), "FILE-4"),
    "only empty rows": (content(HEADER, ",,,,", " , ,,,", ""), "FILE-4"),
    "an Excel workbook": (b"PK\x03\x04" + bytes(60), "FILE-1"),
    "an old Excel workbook": (b"\xd0\xcf\x11\xe0" + bytes(60), "FILE-1"),
    "a page with a table": (b"<html><table><tr><td>1</td></tr></table>", "FILE-1"),
    "a binary file": (b"abc\x00\x01\x02" * 40, "FILE-1"),
    "UTF-16 with its mark": (content(HEADER, ROW, encoding="utf-16"), "FILE-2"),
    "UTF-16 without a mark": (content(HEADER, ROW, encoding="utf-16-le"), "FILE-2"),
    "UTF-8 with a cp874 row": (content(HEADER, ROW) + content(ROW, encoding="cp874"), "FILE-2"),
    "cp874 with a UTF-8 row": (content(HEADER, ROW, encoding="cp874") + content(ROW), "FILE-2"),
    "UTF-8 read as cp874": (content(content(HEADER, ROW).decode("cp874", "replace").replace("\ufffd", "…")), "FILE-2"),
    "UTF-8 read as Latin-1": (content(content(HEADER, ROW).decode("latin-1")), "FILE-2"),
    "cp874 read as Latin-1": (content(content(HEADER, ROW, encoding="cp874").decode("latin-1")), "FILE-2"),
    "letters already lost": (content(HEADER, ROW.replace("ธ", "\ufffd")), "FILE-2"),
    "bytes of no encoding": (content(HEADER, encoding="cp874") + b"\x81\x82\x83\r\n", "FILE-2"),
    "a missing column": (content(HEADER.replace("นามสกุล,", ""), "99,ก,1,"), "FILE-3"),
    "an open quotation mark": (content(HEADER, ROW, '99,"ก,ข,1,', ROW), "FILE-5"),
    "a quotation mark that closes rows later": (content(HEADER, '99,"ก,ข,1,', ROW, '99,ก",ข,1,', ROW), "FILE-5"),
    "text after a quotation mark": (content(HEADER, '99,"ก"ข,ค,1,'), "FILE-5"),
    "a huge cell": (content(HEADER, f"99,{'ก' * 200_000},ข,1,"), "FILE-6"),
    "a column twice": (content(HEADER + ",ชื่อ", ROW + ",ก"), "FILE-8"),
    "no known header": (content("a,b,c,d", "1,2,3,4"), "FILE-9"),
    "rows without a header": (content(ROW, ROW), "FILE-9"),
    "question marks for Thai": (content("??????,????,???????,???????,?", "99,????,????,1,"), "FILE-9"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_cannot_be_read_whole_is_refused_before_its_first_row(name: str) -> None:
    data, code = BROKEN[name]
    assert refusal_of(data).refusal.code == code


def test_every_refusal_has_a_broken_file_of_its_own() -> None:
    elsewhere = {"FILE-7", "FILE-10", "FILE-11", *(f"FILE-{n}" for n in range(12, 17))}
    assert {code for _, code in BROKEN.values()} | elsewhere == set(CODES)


@pytest.mark.parametrize("name", BROKEN)
def test_a_refusal_says_problem_and_fix_in_both_languages_without_placeholders(name: str) -> None:
    refusal = refusal_of(BROKEN[name][0]).refusal
    said = (refusal.th, refusal.en, refusal.fix_th, refusal.fix_en)
    assert all(said)
    assert not any("{" in text for text in said)


def test_a_missing_column_is_named() -> None:
    assert "นามสกุล" in refusal_of(BROKEN["a missing column"][0]).refusal.en


def test_a_byte_that_does_not_fit_is_found_with_its_line_however_late_it_comes() -> None:
    data = content(HEADER, *[ROW] * 40_000) + content(ROW, encoding="cp874")
    assert "line 40002" in refusal_of(data).refusal.en


class Roster(io.RawIOBase):
    """A file of many equal rows that is made while it is read."""

    def __init__(self, rows: int) -> None:
        self._header, self._row = content(HEADER), content(ROW)
        self._size = len(self._header) + rows * len(self._row)
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        return self._at

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        wanted = min(len(buffer), self._size - self._at)
        piece = b"".join(self._pieces(wanted))[:wanted]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def _pieces(self, wanted: int) -> Iterator[bytes]:
        if self._at < len(self._header):
            yield self._header[self._at :]
            yield self._row * (wanted // len(self._row) + 1)
        else:
            offset = (self._at - len(self._header)) % len(self._row)
            yield self._row[offset:] + self._row * (wanted // len(self._row) + 1)


def test_a_roster_of_80_000_rows_takes_the_memory_of_a_small_one() -> None:
    file: BinaryIO = io.BufferedReader(Roster(80_000))
    tracemalloc.start()
    try:
        count = sum(1 for _ in table.read(file, HEADERS).rows())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 80_000
    assert peak < 16 << 20
