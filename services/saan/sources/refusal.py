"""Why a file as a whole is not read: coded, in Thai and English, each with what to do next.

A file is either read from its first row to its last or refused before its first row is handed on.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason. ``code`` is ``FILE-1`` …; ``th`` and ``en`` are one sentence each, and so are the two fixes."""

    code: str
    th: str
    en: str
    fix_th: str
    fix_en: str


class FileRefused(Exception):
    """The file cannot be read and nothing of it was: ``refusal`` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(f"{refusal.code}: {refusal.en} {refusal.fix_en}")
        self.refusal = refusal


_TEXTS: dict[str, tuple[str, str, str, str]] = {
    "FILE-1": (
        "ไฟล์นี้ไม่ใช่ตารางข้อความ CSV แต่เป็น{kind_th}",
        "This file is not a CSV text table but {kind_en}.",
        "เปิดไฟล์แล้วบันทึกเป็น CSV UTF-8 จากนั้นนำเข้าใหม่",
        "Open it, save it as CSV UTF-8 and import that.",
    ),
    "FILE-2": (
        "อ่านรหัสอักขระของไฟล์ไม่ได้: {what_th}",
        "The character encoding of this file cannot be read: {what_en}.",
        "ส่งออกไฟล์จากระบบต้นทางใหม่เป็น UTF-8 หรือ TIS-620 (cp874)",
        "Export it again from the source system as UTF-8 or TIS-620 (cp874).",
    ),
    "FILE-3": (
        "หัวตารางขาดคอลัมน์: {columns}",
        "The header lacks the columns: {columns}.",
        "ส่งออกไฟล์ใหม่ให้ครบทุกคอลัมน์ของรูปแบบ {format}",
        "Export the file again with every column of the format {format}.",
    ),
    "FILE-4": (
        "ไฟล์ไม่มีข้อมูลแม้แต่แถวเดียว",
        "The file holds no row of data.",
        "ตรวจว่าเลือกไฟล์ถูกต้องและส่งออกข้อมูลครบ",
        "Check that this is the right file and that the export was complete.",
    ),
    "FILE-5": (
        'เครื่องหมายคำพูด (") ในแถวที่ {row} เปิดหรือปิดไม่ถูกต้อง',
        "The quotation marks of row {row} do not open and close within it.",
        "แก้เครื่องหมายคำพูดในแถวนั้น หรือส่งออกไฟล์ใหม่",
        "Mend the quotation marks of that row, or export the file again.",
    ),
    "FILE-6": (
        "แถวที่ {row} มีช่องที่ยาวเกินกว่าจะเป็นข้อมูลทะเบียน",
        "Row {row} has a cell too long to belong to a register.",
        "ตรวจแถวนั้น หรือส่งออกไฟล์ใหม่",
        "Look at that row, or export the file again.",
    ),
    "FILE-7": (
        "ไฟล์ขาดตอนกลางแถวที่ {row} ซึ่งเป็นแถวสุดท้าย",
        "The file breaks off inside its last row, row {row}.",
        "ดาวน์โหลดหรือส่งออกไฟล์ใหม่ให้ครบ",
        "Download or export it again, completely.",
    ),
    "FILE-8": (
        "หัวตารางมีคอลัมน์ซ้ำ: {columns}",
        "The header names a column twice: {columns}.",
        "ลบคอลัมน์ที่ซ้ำออกให้เหลือคอลัมน์เดียว",
        "Keep one of them and remove the other.",
    ),
    "FILE-9": (
        "ไม่พบหัวตารางของรูปแบบที่รู้จัก ({formats})",
        "No header of a known format ({formats}) was found.",
        "ตรวจว่าแถวหัวตารางยังอยู่และเป็นไฟล์ที่ส่งออกจากระบบต้นทางโดยตรง",
        "Check that the header row is there and that the file comes straight from the source system.",
    ),
    "FILE-10": (
        "ไฟล์นี้ไม่บอกว่าเป็นของโรงเรียนใด และผู้ส่งไม่ได้ส่งแทนโรงเรียนเดียว",
        "The file does not say of which school it is, and the publisher does not speak for one school alone.",
        "ระบุโรงเรียนด้วย --school ตามด้วยรหัส 8 หลัก 10 หลัก หรือรหัส SC-…",
        "Name the school with --school and its 8-digit, 10-digit or SC-… code.",
    ),
    "FILE-11": (
        "หัวตารางมีคอลัมน์ชื่อเดียวกันหลายคอลัมน์ และสลับที่จนแยกไม่ออก: {columns}",
        "The header has several columns of one name, moved so that they cannot be told apart: {columns}.",
        "เรียงคอลัมน์ตามแบบ {format} แล้วนำเข้าใหม่",
        "Put the columns in the order of the format {format} and import again.",
    ),
    "FILE-12": (
        "เปิดไฟล์ zip ไม่ได้: {what_th}",
        "The zip file cannot be opened: {what_en}.",
        "ส่งออกหรือดาวน์โหลดใหม่ให้ครบ แล้วนำเข้าใหม่",
        "Export or download it again, completely.",
    ),
    "FILE-13": (
        "ชุดไฟล์นี้ไม่ใช่ OneRoster 1.2: {what_th}",
        "This is no OneRoster 1.2 bundle: {what_en}.",
        "ส่งออกชุดไฟล์ใหม่เป็น OneRoster 1.2 CSV โดยวางทุกไฟล์ไว้ชั้นเดียวกัน",
        "Export it again as OneRoster 1.2 CSV, with all files side by side.",
    ),
    "FILE-14": (
        "manifest.csv กับไฟล์ในชุดไม่ตรงกัน: {file} {what_th}",
        "The manifest and the files do not agree: {file} {what_en}.",
        "ส่งออกชุดไฟล์ใหม่ให้ครบ หรือแก้ manifest.csv ให้ตรง",
        "Export the bundle again completely, or mend manifest.csv.",
    ),
    "FILE-15": (
        "หัวตารางไม่ตรงกับข้อกำหนด ซึ่งต้องมีคอลัมน์ตามลำดับนี้: {columns}",
        "The header is not the specification's, which has these columns in this order: {columns}.",
        "ใช้ชื่อ ลำดับ และตัวพิมพ์ตามข้อกำหนด คอลัมน์เพิ่มขึ้นต้นด้วย metadata. และอยู่ท้ายสุด",
        "Use its names, order and case; further columns begin with metadata. and stand last.",
    ),
    "FILE-16": (
        "{file} เป็นแบบ delta ระบบนี้อ่านเฉพาะชุดแบบ bulk",
        "{file} is a delta, and only bulk bundles are read.",
        "ส่งออกชุดไฟล์ใหม่แบบ bulk",
        "Export the bundle again in bulk mode.",
    ),
}

CODES = tuple(_TEXTS)


def refuse(code: str, **words: object) -> FileRefused:
    """The exception for one of ``CODES`` with the words its sentences need; to be raised by the caller."""
    th, en, fix_th, fix_en = (text.format(**words) for text in _TEXTS[code])
    return FileRefused(Refusal(code, th, en, fix_th, fix_en))
