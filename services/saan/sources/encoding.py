"""Which encoding a file is written in: UTF-8 (with or without a byte order mark) or cp874, the Windows TIS-620.

The whole file is looked at once, in pieces, before a row is handed on: a single byte that does not fit refuses it.
Thai that was once read with the wrong encoding and saved again ("mojibake") is valid text and still worthless, so it
is looked for too.
"""

import codecs
import re
from typing import BinaryIO

from saan.sources.refusal import FileRefused, refuse

_PIECE = 1 << 20
_OVERLAP = 16
"""Characters of the piece before that are searched again, so that no trace hides at the seam."""

_OTHER_FILES: tuple[tuple[bytes, str, str], ...] = (
    (b"PK\x03\x04", "ไฟล์ Excel หรือไฟล์บีบอัด", "an Excel workbook or an archive"),
    (b"\xd0\xcf\x11\xe0", "ไฟล์ Excel รุ่นเก่า", "an old Excel workbook"),
    (b"%PDF", "ไฟล์ PDF", "a PDF document"),
    (b"\x1f\x8b", "ไฟล์บีบอัด", "a compressed file"),
)
_MARKUP = re.compile(rb"\s*<(?:!doctype|html|table|\?xml|meta|head)", re.IGNORECASE)
_HIGH_BYTE_OF_THAI = b"\x0e"
_SURE = 3
"""So many traces in the first bytes are no accident."""
_THAI_IN_UTF_8 = re.compile(rb"\xe0[\xb8\xb9][\x80-\xbf]")
_UTF_16_OR_32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

# Thai in UTF-8 is E0 B8 xx or E0 B9 xx with xx in 80..BF. Read as cp874 each letter becomes เธ or เน and one character
# of that half; read as Latin-1 or cp1252 it becomes à¸ or à¹ and one more. Three in a row occur in no Thai word.
_READ_AS_CP874 = re.compile("(?:เ[ธน][\u0e01-\u0e1f€…‘’“”•–—\u00a0\u0080-\u009f]){3}")
_READ_AS_LATIN = re.compile("(?:à[¸¹].){3}", re.DOTALL)
_CP874_AS_LATIN = re.compile("[¡-ûþÿ]{4}")
_LOST = "\ufffd"
_NUL = "\x00"


def detect(file: BinaryIO) -> str:
    """The Python name of the encoding of a seekable file; raises ``FileRefused`` (FILE-1, FILE-2, FILE-4)."""
    file.seek(0)
    start = file.read(1024)
    _refuse_other_files(start)
    if not start.strip():
        raise refuse("FILE-4")
    utf8_fault = _fault_of(file, "utf-8-sig")
    if utf8_fault is None:
        return "utf-8-sig"
    if len(_THAI_IN_UTF_8.findall(start)) >= _SURE:
        raise _mixed(utf8_fault)
    cp874_fault = _fault_of(file, "cp874")
    if cp874_fault is not None:
        raise _mixed(cp874_fault)
    return "cp874"


def _refuse_other_files(start: bytes) -> None:
    if start.startswith(_UTF_16_OR_32) or start.count(_HIGH_BYTE_OF_THAI) * 8 > len(start):
        raise refuse("FILE-2", what_th="เป็น UTF-16 หรือ UTF-32", what_en="it is UTF-16 or UTF-32")
    for magic, th, en in _OTHER_FILES:
        if start.startswith(magic):
            raise refuse("FILE-1", kind_th=th, kind_en=en)
    if _NUL.encode() in start:
        raise refuse("FILE-1", kind_th="ไฟล์ไบนารี", kind_en="a binary file")
    if _MARKUP.match(start.removeprefix(codecs.BOM_UTF8)):
        raise refuse("FILE-1", kind_th="หน้าเว็บ HTML", kind_en="an HTML page")


def _fault_of(file: BinaryIO, encoding: str) -> int | None:
    """The line (from 1) where the bytes stop being text of this encoding; ``None``: all of it is, and it is sound."""
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    tail, line = "", 1
    while True:
        piece = file.read(_PIECE)
        try:
            text = tail + decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as error:
            return line + tail.count("\n") + error.object[: error.start].count(b"\n")
        _refuse_spoilt(text, line)
        if not piece:
            return None
        tail = text[-_OVERLAP:]
        line += text.count("\n") - tail.count("\n")


def _refuse_spoilt(text: str, line: int) -> None:
    if _NUL in text:
        raise refuse("FILE-1", kind_th="ไฟล์ไบนารี", kind_en="a binary file")
    at = text.find(_LOST)
    if at >= 0:
        where = line + text.count("\n", 0, at)
        raise refuse(
            "FILE-2",
            what_th=f"ตัวอักษรบางตัวสูญหายไปแล้วในบรรทัดที่ {where}",
            what_en=f"characters were already lost in line {where}",
        )
    found = _READ_AS_CP874.search(text) or _READ_AS_LATIN.search(text) or _CP874_AS_LATIN.search(text)
    if found:
        where = line + text.count("\n", 0, found.start())
        raise refuse(
            "FILE-2",
            what_th=f"ภาษาไทยเพี้ยนเพราะเคยถูกเปิดด้วยรหัสอักขระที่ผิด ตั้งแต่บรรทัดที่ {where}",
            what_en=f"its Thai was once read with the wrong encoding and saved so, from line {where}",
        )


def _mixed(line: int) -> FileRefused:
    return refuse(
        "FILE-2",
        what_th=f"บรรทัดที่ {line} ไม่ใช่รหัสเดียวกับบรรทัดอื่น",
        what_en=f"line {line} is not written in the same encoding as the others",
    )
