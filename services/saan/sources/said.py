"""What a source says about a row by itself, before the rules of the event type are asked.

The texts never contain the value they are about.
"""

from saan.core.outcome import Finding, Severity

_REJECT, _WARN = Severity.REJECT, Severity.WARN

_TEXTS: dict[str, tuple[str, Severity, str, str, str, str]] = {
    "invisible": (
        "V12",
        _WARN,
        "ช่องนี้มีอักขระที่มองไม่เห็น ระบบตัดออกให้แล้ว",
        "This cell held invisible characters, which were taken out",
        "พิมพ์ค่านี้ใหม่ในระบบต้นทาง อย่าคัดลอกจากเว็บหรือ PDF",
        "Type it again in the source system instead of copying it from a page or a PDF",
    ),
    "christian-year": (
        "V13",
        _WARN,
        "วันที่ในช่องนี้เป็นปี ค.ศ. แต่คอลัมน์นี้ใช้ปี พ.ศ. ระบบอ่านตามปี ค.ศ.",
        "This date has a Christian-era year in a Buddhist-era column and was read as such",
        "แก้ปีในระบบต้นทางเป็น พ.ศ.",
        "Correct the year to the Buddhist era in the source system",
    ),
    "no-such-day": (
        "V13",
        _REJECT,
        "ช่องนี้ไม่ใช่วันที่ที่มีจริงในรูป วว/ดด/ปปปป (พ.ศ.)",
        "This is no day of the calendar written dd/mm/yyyy (B.E.)",
        "แก้วันที่ให้ตรงกับเอกสาร เช่น 28/09/2552",
        "Correct the date from the document, for example 28/09/2552",
    ),
    "no-number": (
        "V14",
        _REJECT,
        "ช่องนี้ไม่ใช่ตัวเลข",
        "This cell is not a number",
        "กรอกเป็นตัวเลข ใช้จุดเป็นทศนิยม เช่น 40.5",
        "Write a number with a point, for example 40.5",
    ),
    "no-flag": (
        "V4",
        _REJECT,
        "ช่องนี้ต้องเป็น ใช่ หรือ ไม่ใช่",
        "This cell is neither yes nor no",
        "กรอก ใช่ หรือ ไม่ใช่ หรือเว้นว่าง",
        "Write ใช่ or ไม่ใช่, or leave it empty",
    ),
    "left-empty": (
        "V18",
        _WARN,
        "แบบฟอร์มกำหนดให้กรอกช่องนี้ แต่เว้นว่างไว้",
        "The form wants this cell filled, and it is empty",
        "กรอกช่องนี้ในระบบต้นทาง",
        "Fill it in in the source system",
    ),
    "unknown-school": (
        "V15",
        _REJECT,
        "รหัสโรงเรียนในแถวนี้ไม่ใช่โรงเรียนที่ผู้ส่งมีสิทธิ์ส่งแทน",
        "The school code of this row is not of a school that the publisher may speak for",
        "ใช้รหัสโรงเรียน 8 หลักของโรงเรียนตนเอง",
        "Use the 8-digit code of your own school",
    ),
    "no-name": (
        "V12",
        _REJECT,
        "ช่องนี้มีข้อความที่ไม่ใช่ชื่อ: ยาวเกินไป มีอักขระควบคุม หรือมีโค้ด HTML",
        "This cell holds no name: it is too long, or has control characters or HTML",
        "เลือกค่าจากรายการในระบบต้นทาง",
        "Choose a value of the list in the source system",
    ),
    "unknown-place": (
        "V4",
        _WARN,
        "ไม่พบชื่อนี้ในรายชื่อจังหวัด อำเภอ ตำบล ระบบเก็บข้อความไว้โดยไม่มีรหัส",
        "This name is in no list of places; the text is kept without a code",
        "แก้ชื่อให้ตรงกับรายชื่อทางการ",
        "Write the official name",
    ),
    "same-learner": (
        "DUP",
        _REJECT,
        "เลขประจำตัวในแถวนี้ซ้ำกับแถวที่ {first}",
        "This row has the same identity as row {first}",
        "ลบแถวที่ซ้ำ หรือแก้เลขประจำตัวของแถวที่ผิด",
        "Remove one of the two, or correct the identity of the wrong one",
    ),
    "ragged": (
        "ROW-1",
        _REJECT,
        "แถวนี้มี {found} ช่อง แต่หัวตารางมี {expected} ช่อง จึงไม่รู้ว่าค่าใดอยู่คอลัมน์ใด",
        "This row has {found} cells where the header has {expected}, so no value has a certain column",
        'ตรวจเครื่องหมายจุลภาคในแถวนี้ ค่าที่มีจุลภาคต้องอยู่ในเครื่องหมาย "…"',
        'Look for a comma inside a value: such a value stands in quotation marks "…"',
    ),
}


def finding(what: str, path: str = "", **words: object) -> Finding:
    """The finding named ``what`` about the field ``path``; raises ``KeyError`` for an unknown name."""
    code, severity, *texts = _TEXTS[what]
    th, en, fix_th, fix_en = (text.format(**words) for text in texts)
    return Finding(code, path, severity, th, en, fix_th, fix_en)
