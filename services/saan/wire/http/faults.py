"""Refusals of whole requests, coded, in Thai and English. Refusals of single events are ``core.outcome.Finding``."""

from dataclasses import dataclass, field
from typing import Any

import orjson
from starlette.responses import Response


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of refusal: ``th``/``en`` say the problem, ``fix_th``/``fix_en`` what to do, one sentence each."""

    code: str
    status: int
    th: str
    en: str
    fix_th: str
    fix_en: str
    headers: dict[str, str] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "message": {"th": self.th, "en": self.en},
            "hint": {"th": self.fix_th, "en": self.fix_en},
        }


class Refused(Exception):
    """Ends the handling of a request with a fault; ``headers`` are added to the fault's own."""

    def __init__(self, fault: Fault, headers: dict[str, str] | None = None) -> None:
        super().__init__(fault.code)
        self.fault = fault
        self.headers = fault.headers | (headers or {})


UNAUTHORISED = Fault(
    "GW-4",
    401,
    "ไม่มีสิทธิ์ใช้บริการนี้ด้วยโทเค็นหรือในนามที่ระบุ",
    "This token, or the source named with it, gives no right to this.",
    "ส่งหัวข้อ Authorization: Bearer พร้อมโทเค็นที่ยังใช้ได้ของระบบของท่าน และใช้ source เป็นรหัสของระบบของท่านเอง",
    "Send Authorization: Bearer with a valid token of your own system, and use your own participant id as source.",
    {"WWW-Authenticate": 'Bearer realm="saan"'},
)
TOO_LARGE = Fault(
    "GW-3",
    413,
    "ข้อมูลที่ส่งมาในครั้งเดียวใหญ่เกินกำหนด",
    "The request holds more than may be sent at once.",
    "แบ่งส่งเป็นหลายครั้ง ครั้งละไม่เกิน 5,000 รายการและไม่เกิน 8 MiB เว้นแต่ผู้ดูแลตั้งค่าไว้เป็นอย่างอื่น",
    "Send it in several requests of at most 5,000 events and 8 MiB each, unless the operator set other limits.",
    {"Connection": "close"},
)
SLOW = Fault(
    "GW-11",
    408,
    "ส่งเนื้อหาไม่ครบภายในเวลาที่กำหนด",
    "The body did not arrive completely in time.",
    "ตรวจเครือข่าย แล้วส่งใหม่ด้วยรหัสเดิม หรือแบ่งส่งครั้งละน้อยลง",
    "Check the network and send it again with the same ids, or send less at a time.",
    {"Connection": "close"},
)
NOT_FOUND = Fault(
    "GW-8",
    404,
    "ไม่มีที่อยู่หรือสิ่งที่ขอนี้",
    "There is no such address or thing here.",
    "ตรวจที่อยู่กับหน้า /docs",
    "Compare the address with the page /docs.",
)
METHOD = Fault(
    "GW-9",
    405,
    "ที่อยู่นี้ไม่รับวิธีเรียก (method) นี้",
    "This address does not take this method.",
    "ดูวิธีเรียกที่ใช้ได้ในหน้า /docs",
    "See the page /docs for the methods it takes.",
)
MALFORMED_QUERY = Fault(
    "GW-10",
    400,
    "พารามิเตอร์ของคำขอไม่ถูกต้อง",
    "A parameter of the request is not valid.",
    "เทียบพารามิเตอร์กับหน้า /docs",
    "Compare the parameters with the page /docs.",
)
FAILED = Fault(
    "GW-99",
    500,
    "สถานีทำงานผิดพลาดกับคำขอนี้ และบันทึกเหตุไว้แล้ว",
    "The station failed on this request and has logged the cause.",
    "ลองส่งใหม่ด้วยรหัสเดิม ถ้ายังไม่ได้ให้แจ้งผู้ดูแลพร้อมเวลา",
    "Try again with the same ids; if it happens again, tell the operator the time.",
)


def json_response(content: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """JSON as UTF-8; Thai stays readable."""
    return Response(orjson.dumps(content), status, headers, media_type="application/json")


def refusal(refused: Refused) -> Response:
    """The response that a fault becomes."""
    return json_response(refused.fault.body(), refused.fault.status, refused.headers)
