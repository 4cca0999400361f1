"""What Saan says about a record by itself, apart from the rules of the catalogue: one row per code.

``finding(code, path)`` gives the sentence in Thai and English with what to do about it. The texts name the field or
header (``{path}``), never its value, which may be an identity.
"""

from dataclasses import dataclass
from typing import Final

from saan.core.outcome import Finding, Severity


@dataclass(frozen=True, slots=True)
class _Row:
    th: str
    en: str
    fix_th: str
    fix_en: str
    severity: Severity = Severity.REJECT


def finding(code: str, path: str = "", **params: str | int) -> Finding:
    """The finding of a system code; ``path`` is the field or header, ``params`` are what else its text names.

    A code with several sentences is followed by ``/`` and which one (``V15/type``). Raises ``KeyError`` for a code
    that is not in ``CODES``.
    """
    row = _ROWS[code]
    named = {"path": path or "record", **params}
    th, en, fix_th, fix_en = (text.format_map(named) for text in (row.th, row.en, row.fix_th, row.fix_en))
    return Finding(code.partition("/")[0], path, row.severity, th, en, fix_th, fix_en)


_ENVELOPE = {
    "ENV-1": _Row(
        "ไม่มีประเภทเหตุการณ์นี้ในทะเบียน",
        "The event type is not registered",
        "ใช้ชื่อประเภทที่มีในรายการเหตุการณ์ เช่น student.enrolled",
        "Use a type of the catalogue, for example student.enrolled",
    ),
    "ENV-2": _Row(
        "สคีมาของระเบียนไม่ใช่ของประเภทเหตุการณ์นี้ หรือรุ่นที่ระบุไม่ได้ขึ้นทะเบียน",
        "The schema of the record is not one of this event type, or the stated version is not registered",
        "เข้ารหัสด้วยสคีมาที่ขึ้นทะเบียนของประเภทใน ce_type",
        "Encode with a registered schema of the type in ce_type",
    ),
    "ENV-3": _Row(
        "เวลาในหัวข้อมูล {path} อยู่หลังเวลาบันทึก หรืออยู่หลังเวลาที่รับเกิน 5 นาที",
        "The time in {path} is after the time of recording, or more than 5 minutes after receipt",
        "ตรวจนาฬิกาของระบบต้นทางและลำดับ เกิดเหตุ ≤ บันทึก ≤ ส่ง",
        "Check the clock of the sending system: occurred, then recorded, then published",
    ),
    "ENV-4": _Row(
        "ระเบียนระบุว่าเป็นข้อมูลทดสอบ ระบบจริงไม่รับ",
        "The record says it is test data, which production refuses",
        "ส่งไปยังสภาพแวดล้อมทดสอบ หรือตั้ง ce_testdata เป็น false เมื่อเป็นข้อมูลจริง",
        "Send it to a sandbox, or set ce_testdata to false when the data are real",
    ),
    "ENV-5": _Row(
        "ชั้นความลับใน {path} ไม่ตรงกับทะเบียนของประเภทเหตุการณ์นี้",
        "The privacy class in {path} differs from the registered class of this event type",
        "ใช้ชั้น {expected} ตามทะเบียน",
        "Use class {expected} as registered",
    ),
    "ENV-7": _Row(
        "ไม่มีหัวข้อมูลบังคับ {path}",
        "The mandatory attribute {path} is missing",
        "เติม {path} ตาม CloudEvents 1.0",
        "Add {path} as CloudEvents 1.0 asks",
    ),
    "ENV-8": _Row(
        "วัตถุประสงค์ใน {path} ไม่อยู่ในข้อตกลงของผู้ส่ง",
        "A purpose in {path} is not one agreed with the publisher",
        "ใช้รหัสวัตถุประสงค์ตามข้อตกลง หรือตัดหัวข้อมูลนี้ออก",
        "Use the purpose codes of the agreement, or leave the attribute out",
    ),
    "ENV-9": _Row(
        "{path} ไม่ใช่นามแฝงของเจ้าของข้อมูล",
        "{path} is not a pseudonym",
        "ห้ามใส่เลขประจำตัวในช่องนี้ ให้ใช้นามแฝงที่ออกแล้ว (st-…) หรือเว้นว่าง",
        "Never put an identity number here: use an issued pseudonym (st-…) or leave it out",
    ),
    "ENV-11": _Row(
        "หัวข้อมูล {path} เขียนผิดรูป",
        "The attribute {path} is malformed",
        "แก้ {path}: ข้อความ UTF-8 เวลาแบบ RFC 3339 และรหัสไม่เกิน 64 ตัวที่ไม่ใช่เลขประจำตัวประชาชน",
        "Mend {path}: UTF-8 text, RFC 3339 times, ids of at most 64 characters that are no citizen ID",
    ),
    "ENV-12": _Row(
        "ce_specversion ไม่ใช่ 1.0",
        "ce_specversion is not 1.0",
        "ส่งตาม CloudEvents 1.0",
        "Send CloudEvents 1.0",
    ),
    "ENV-13": _Row(
        "ce_source ไม่ใช่เจ้าของช่องทางส่งนี้",
        "ce_source is not the owner of this outbox",
        "ตั้ง ce_source เป็นรหัสผู้ร่วมแลกเปลี่ยนของตนเอง",
        "Set ce_source to your own participant id",
    ),
}

_MANDATE = {
    "V15": _Row(
        "ผู้ส่งไม่มีสิทธิ์ส่งเหตุการณ์นี้แทนสถานศึกษาใน {path}",
        "The publisher may not speak for the school in {path}",
        "ให้สถานศึกษานั้นหรือสำนักงานต้นสังกัดเป็นผู้ส่ง หรือแก้รหัสสถานศึกษา",
        "Let that school or its office publish, or mend the school code",
    ),
    "V15/type": _Row(
        "ผู้ส่งไม่มีสิทธิ์ส่งเหตุการณ์ประเภทนี้",
        "The publisher may not publish this type of event",
        "ตรวจรายการเหตุการณ์ที่ลงทะเบียนไว้ของผู้ส่ง",
        "Compare with the event types registered for the publisher",
    ),
}

_WIRE = {
    "WIRE-1": _Row(
        "ค่าของระเบียนไม่ได้ขึ้นต้นด้วยศูนย์และเลขสคีมา 4 ไบต์",
        "The value does not start with a zero byte and a 4-byte schema id",
        "ใช้ตัวเข้ารหัสของ Confluent Schema Registry",
        "Use a Confluent Schema Registry serializer",
    ),
    "WIRE-2": _Row(
        "ทะเบียนสคีมาไม่รู้จักเลขสคีมานี้",
        "The registry does not know this schema id",
        "ใช้เลขสคีมาที่ได้จากทะเบียนของระบบนี้",
        "Use an id that this exchange's registry gave",
    ),
    "WIRE-3": _Row(
        "ข้อมูลขาดหายก่อนจบช่อง {path}",
        "The data end before {path} is complete",
        "ส่งระเบียนที่เข้ารหัสครบทั้งก้อน",
        "Send the whole encoded record",
    ),
    "WIRE-4": _Row(
        "มีไบต์เกินต่อท้ายข้อมูล",
        "There are bytes after the end of the data",
        "ส่งระเบียนเดียวต่อหนึ่งค่า และใช้สคีมาเดียวกับที่เข้ารหัส",
        "Send one record per value, encoded with the schema named by its id",
    ),
    "WIRE-5": _Row(
        "ลำดับค่าของ {path} อยู่นอกรายการ",
        "The enum index in {path} is out of range",
        "ตรวจตัวเข้ารหัสและรุ่นสคีมา",
        "Check the serializer and the schema version",
    ),
    "WIRE-6": _Row(
        "ค่าจริงเท็จใน {path} ไม่ใช่ 0 หรือ 1",
        "The boolean in {path} is neither 0 nor 1",
        "ตรวจตัวเข้ารหัส",
        "Check the serializer",
    ),
    "WIRE-7": _Row(
        "ข้อความใน {path} ไม่ใช่ UTF-8",
        "The text in {path} is not UTF-8",
        "แปลงข้อความจาก TIS-620 หรือ cp874 เป็น UTF-8 ก่อนส่ง",
        "Convert text from TIS-620 or cp874 to UTF-8 before sending",
    ),
    "WIRE-8": _Row(
        "ข้อมูล Avro ใน {path} ผิดรูป",
        "The Avro data in {path} are malformed",
        "ตรวจตัวเข้ารหัสและรุ่นสคีมา",
        "Check the serializer and the schema version",
    ),
    "WIRE-9": _Row(
        "ระเบียนใหญ่เกินขนาดที่ระบบรับ",
        "The record is larger than the exchange takes",
        "แบ่งข้อมูลเป็นหลายเหตุการณ์",
        "Split the data into several events",
    ),
    "WIRE-10": _Row(
        "ขณะนี้ค้นสคีมาของระเบียนไม่ได้ ระเบียนรออยู่",
        "The schema of the record cannot be looked up now; the record waits",
        "ไม่ต้องส่งซ้ำ ระบบจะตรวจอีกครั้งเมื่อทะเบียนสคีมาตอบ",
        "Do not send it again: it is checked once the registry answers",
        Severity.PARK,
    ),
}

_SHAPE = {
    "V4": _Row(
        "ค่าใน {path} ไม่อยู่ในรายการที่กำหนด",
        "The value in {path} is not one of its symbols",
        "ใช้ค่าตามสคีมาของเหตุการณ์",
        "Use a symbol of the event's schema",
    ),
    "V13": _Row(
        "{path} ไม่ใช่วันที่หรือเวลาตามปฏิทินแบบ ISO 8601",
        "{path} is not an ISO 8601 calendar date or time",
        "เขียนเป็นปี ค.ศ. เช่น 2025-06-02 หรือ 2025-06-02T08:30:00+07:00",
        "Write a Christian-era date such as 2025-06-02, or 2025-06-02T08:30:00+07:00",
    ),
    "V18": _Row(
        "ไม่มีข้อมูลในช่องบังคับ {path}",
        "The mandatory field {path} is missing",
        "กรอก {path} แล้วส่งใหม่",
        "Fill in {path} and send again",
    ),
    "SCHEMA-1": _Row(
        "ชนิดข้อมูลของ {path} ไม่ตรงกับสคีมา",
        "The value in {path} is not of the type in the schema",
        "ส่ง {path} เป็น {expected}",
        "Send {path} as {expected}",
    ),
    "SCHEMA-2": _Row(
        "ไม่มีช่อง {path} ในสคีมา",
        "The schema has no field {path}",
        "ตรวจชื่อช่อง หรือตัดช่องนี้ออก",
        "Check the field's name, or leave it out",
    ),
}

_CHAIN = {
    "V16": _Row(
        "เลขลำดับใน {path} ไม่มากกว่าเลขที่รับไว้แล้วของเจ้าของข้อมูลรายนี้",
        "The number in {path} is not above the one already accepted for this subject",
        "นับต่อจากเลขล่าสุดของผู้ส่งต่อเจ้าของข้อมูลหนึ่งรายในหนึ่งหมวด หากส่งซ้ำให้ใช้ ce_id เดิม",
        "Count on from your last number per subject and domain; to send an event again, keep its ce_id",
    ),
    "V16/gap": _Row(
        "มีเลขลำดับก่อน {path} ที่ยังไม่ได้รับ เหตุการณ์นี้รออยู่",
        "Numbers before the one in {path} have not been accepted yet; the event waits",
        "ส่งเหตุการณ์เลขที่ขาด เหตุการณ์ที่แก้แล้วให้ใช้เลขเดิมของฉบับที่ถูกปฏิเสธ",
        "Send the missing number: a mended event keeps the number of the refused one",
        Severity.PARK,
    ),
    "V16/behind": _Row(
        "เหตุการณ์ก่อนหน้าของผู้ส่งรายนี้เกี่ยวกับเจ้าของข้อมูลรายเดียวกันยังรออยู่ เหตุการณ์นี้จึงรอต่อท้าย",
        "An earlier event of this publisher about the same subject waits, so this one waits behind it",
        "ไม่ต้องส่งซ้ำ เหตุการณ์จะเดินต่อตามลำดับเมื่อเหตุการณ์ก่อนหน้าเดินต่อ",
        "Do not send it again: it follows in its order",
        Severity.PARK,
    ),
    "WAIT-1": _Row(
        "เหตุการณ์ที่ต้องมาก่อนไม่มาภายในเวลาที่รอได้ จึงแยกเก็บไว้",
        "What must come before did not come in time, so the event was set aside",
        "ส่งเหตุการณ์ที่ขาด แล้วส่งเหตุการณ์นี้ใหม่",
        "Send what is missing, then send this event again",
    ),
    "WAIT-2": _Row(
        "มีเหตุการณ์ของเจ้าของข้อมูลรายนี้รออยู่มากเกินไป",
        "Too many events of this subject are waiting",
        "แก้เหตุการณ์ที่รออยู่ก่อน แล้วส่งเหตุการณ์นี้ใหม่",
        "Mend what is waiting first, then send this event again",
    ),
}

_STATION = {
    "POISON-1": _Row(
        "ระบบตัดสินระเบียนนี้ไม่ได้ จึงแยกเก็บไว้",
        "The exchange could not decide this record and has set it aside",
        "แจ้งผู้ดูแลระบบพร้อมรหัสเหตุการณ์",
        "Tell the operator, with the event id",
    ),
}

_ROWS: Final = {**_ENVELOPE, **_MANDATE, **_WIRE, **_SHAPE, **_CHAIN, **_STATION}

CODES: Final = frozenset(_ROWS)
"""Every code that ``finding`` can say."""
