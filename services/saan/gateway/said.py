"""What the gateway says by itself: refusals of whole requests and findings about single events."""

from typing import Final

from saan.core.outcome import Finding, Severity
from saan.wire.http.faults import UNAUTHORISED, Fault

MALFORMED_JSON = Fault(
    "GW-1",
    400,
    "เนื้อหาไม่ใช่ JSON ที่ถูกต้องในรหัส UTF-8",
    "The body is not valid JSON in UTF-8.",
    "ตรวจเครื่องหมายวรรคตอนของ JSON และแปลงข้อความจาก TIS-620 หรือ cp874 เป็น UTF-8 ก่อนส่ง",
    "Check the JSON's punctuation, and convert text from TIS-620 or cp874 to UTF-8 before sending.",
)
NOT_A_CLOUDEVENT = Fault(
    "GW-2",
    400,
    "เนื้อหาไม่ใช่ CloudEvent ตามชนิดที่ระบุใน Content-Type",
    "The body is not the kind of CloudEvent that Content-Type announces.",
    "ส่งออบเจกต์เดียวเป็น application/cloudevents+json หรืออาร์เรย์เป็น application/cloudevents-batch+json",
    "Send one object as application/cloudevents+json, or an array as application/cloudevents-batch+json.",
)
CONTENT_TYPE = Fault(
    "GW-5",
    415,
    "ไม่รับเนื้อหาชนิดที่ระบุใน Content-Type",
    "The gateway does not take the media type in Content-Type.",
    "ใช้ application/cloudevents+json, application/cloudevents-batch+json หรือส่งแบบ binary ด้วยหัวข้อ ce-* "
    "และ application/json หรือ application/avro",
    "Use application/cloudevents+json, application/cloudevents-batch+json, or binary mode: ce-* headers with "
    "application/json or application/avro.",
)

_EVENT: Final = {
    "GW-2": Finding(
        "GW-2",
        "",
        Severity.REJECT,
        "รายการนี้ไม่ใช่ CloudEvent ที่มี data เป็นออบเจกต์ JSON หรือ data_base64 เป็น Avro",
        "This item is no CloudEvent whose data is a JSON object or whose data_base64 is Avro.",
        "ส่ง data เป็นออบเจกต์ JSON ตามสคีมาของเหตุการณ์",
        "Send data as a JSON object that follows the event's schema.",
    ),
    "GW-4": Finding(
        "GW-4",
        "",
        Severity.REJECT,
        UNAUTHORISED.th,
        UNAUTHORISED.en,
        UNAUTHORISED.fix_th,
        UNAUTHORISED.fix_en,
    ),
    "GW-6": Finding(
        "GW-6",
        "",
        Severity.PARK,
        "ยังไม่ได้รับการยืนยันว่าบันทึกเหตุการณ์นี้แล้ว",
        "It is not confirmed that this event was stored.",
        "ส่งรายการเดิมด้วยรหัสเดิมอีกครั้งหลังรอตามหัวข้อ Retry-After การส่งซ้ำไม่ทำให้ข้อมูลซ้ำ",
        "Send the same event with the same id again after the time in Retry-After; that never counts twice.",
    ),
    "GW-7": Finding(
        "GW-7",
        "",
        Severity.PARK,
        "ขณะนี้ค้นสคีมาของเหตุการณ์ไม่ได้ จึงยังไม่ได้รับเหตุการณ์นี้",
        "The event's schema cannot be looked up now, so the event was not taken.",
        "ส่งรายการเดิมด้วยรหัสเดิมอีกครั้งหลังรอตามหัวข้อ Retry-After",
        "Send the same event with the same id again after the time in Retry-After.",
    ),
    "GW-8": Finding(
        "GW-8",
        "",
        Severity.PARK,
        "ดิสก์ของระบบแลกเปลี่ยนเต็ม จึงยังไม่ยืนยันว่าบันทึกเหตุการณ์นี้แล้ว ผู้ดูแลระบบได้รับแจ้ง",
        "A disk of the exchange is full, so it is not confirmed that this event was stored; its operators are told.",
        "ส่งรายการเดิมด้วยรหัสเดิมอีกครั้งหลังรอตามหัวข้อ Retry-After การส่งซ้ำไม่ทำให้ข้อมูลซ้ำ",
        "Send the same event with the same id again after the time in Retry-After; that never counts twice.",
    ),
}


def event_finding(code: str, path: str = "") -> Finding:
    """The finding of a gateway code about one event, at a field or attribute."""
    row = _EVENT[code]
    return Finding(code, path, row.severity, row.th, row.en, row.fix_th, row.fix_en)
