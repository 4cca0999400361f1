"""Examples for the OpenAPI page; every person in them is invented."""

from typing import Any, Final

_ENROLLED: Final[dict[str, Any]] = {
    "specversion": "1.0",
    "id": "01972e72-3898-7ec4-8c2e-3bbf73fcde92",
    "type": "student.enrolled",
    "source": "sis-96012007",
    "time": "2025-06-02T09:22:07+07:00",
    "datacontenttype": "application/json",
    "recordedtime": "2025-06-02T09:25:07+07:00",
    "testdata": True,
    "data": {
        "studentNo": "28066",
        "idType": "CITIZEN_ID",
        "idValue": "9900007680665",
        "prefixCode": "001",
        "nameThai": "ซากี",
        "lastNameThai": "อาสะมาแอ",
        "genderCode": "1",
        "birthDate": "2011-11-14",
        "gradeLevelCode": "311",
        "classroom": "4",
        "entryDate": "2025-06-02",
        "entryType": "new",
        "schoolAdmissionYear": 2568,
        "statusCode": "001",
        "schoolUid": "SC-ce35ce724f35",
        "schoolCode10": "1096240356",
        "provinceCode": "96",
        "academicYearBE": 2568,
        "semester": 1,
        "effectiveDate": "2025-06-02",
    },
}

REQUEST: Final[dict[str, Any]] = {
    "content": {
        "application/cloudevents+json": {
            "schema": {"type": "object", "required": ["specversion", "id", "type", "time", "data"]},
            "examples": {
                "enrolled": {
                    "summary": "นักเรียนเข้าเรียน 1 คน · one pupil enrolled",
                    "description": "`data` ใช้ชื่อช่องตามสคีมาของประเภทเหตุการณ์ (ดู /v1/event-types/student.enrolled) · "
                    "`data` has the fields of the event type's schema (see /v1/event-types/student.enrolled).",
                    "value": _ENROLLED,
                }
            },
        },
        "application/cloudevents-batch+json": {
            "schema": {"type": "array", "items": {"type": "object"}, "minItems": 1},
            "examples": {
                "batch": {
                    "summary": "หลายเหตุการณ์ในครั้งเดียว · several events in one request",
                    "value": [_ENROLLED, _ENROLLED | {"id": "01972e72-3898-7ec4-8c2e-3bbf73fcde93"}],
                }
            },
        },
        "application/avro": {
            "schema": {
                "type": "string",
                "format": "binary",
                "description": "Avro แบบ Confluent (ไบต์ศูนย์ + เลขสคีมา 4 ไบต์ + ข้อมูล) พร้อมหัวข้อ ce-* · "
                "Avro in Confluent framing (zero byte, 4-byte schema id, body) with ce-* headers.",
            }
        },
        "application/json": {
            "schema": {
                "type": "object",
                "description": "`data` อย่างเดียว พร้อมหัวข้อ ce-* · `data` alone, with ce-* headers.",
            }
        },
    },
    "required": True,
}

_ACCEPTED: Final = {"id": _ENROLLED["id"], "verdict": "accepted"}
_INVALID: Final = {
    "id": "01972e72-3898-7ec4-8c2e-3bbf73fcde93",
    "verdict": "invalid",
    "code": "V18",
    "path": "idValue",
    "message": {"th": "ไม่มีข้อมูลในช่องบังคับ idValue", "en": "The mandatory field idValue is missing"},
    "hint": {"th": "กรอก idValue แล้วส่งใหม่", "en": "Fill in idValue and send again"},
}


def _answer(description: str, results: list[dict[str, Any]]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"example": {"results": results}}}}


RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    200: _answer("ผลการซ้อม (dry_run) ผ่านทุกรายการ · a rehearsal: everything would be accepted", [_ACCEPTED]),
    202: _answer("รับและบันทึกแล้วทุกรายการ · everything accepted and stored", [_ACCEPTED]),
    207: _answer("มีทั้งที่รับและไม่รับ อ่านผลทีละรายการ · mixed: read each result", [_ACCEPTED, _INVALID]),
    400: {"description": "GW-1 JSON ผิดรูป · malformed JSON; GW-2 ไม่ใช่ CloudEvent · not a CloudEvent"},
    401: {"description": "GW-4 ไม่มีสิทธิ์ · unauthorised"},
    413: {"description": "GW-3 ใหญ่เกินกำหนด · too large"},
    415: {"description": "GW-5 ไม่รับเนื้อหาชนิดนี้ · media type not taken"},
    422: _answer("ไม่ผ่านทุกรายการ · everything invalid", [_INVALID]),
    503: {"description": "GW-6 ยังบันทึกไม่ได้ ส่งใหม่ด้วยรหัสเดิมตาม Retry-After · not stored, try again as it is"},
}
