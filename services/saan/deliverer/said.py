"""What the deliverer says when it refuses."""

from saan.wire.http.faults import Fault

CURSOR = Fault(
    "DL-1",
    400,
    "เคอร์เซอร์นี้ใช้กับกล่องรับของท่านไม่ได้",
    "This cursor does not belong to your inbox.",
    "ใช้ค่า cursor จากคำตอบล่าสุดโดยไม่แก้ไข หรือขอใหม่โดยไม่ใส่ cursor เพื่อเริ่มต่อจากที่ยืนยันไว้",
    "Use the cursor of an earlier answer unchanged, or leave it out to start after what you acknowledged.",
)
AWAY = Fault(
    "DL-2",
    503,
    "ขณะนี้อ่านกล่องรับไม่ได้",
    "The inbox cannot be read now.",
    "ขอใหม่ด้วยเคอร์เซอร์เดิมหลังรอตามหัวข้อ Retry-After ไม่มีเหตุการณ์ใดหาย",
    "Ask again with the same cursor after the time in Retry-After; nothing is lost.",
    {"Retry-After": "5"},
)
SCHEMA = Fault(
    "DL-3",
    503,
    "ขณะนี้ค้นสคีมาของเหตุการณ์ในกล่องรับไม่ได้",
    "The schema of an event in the inbox cannot be looked up now.",
    "ขอใหม่ด้วยเคอร์เซอร์เดิมหลังรอตามหัวข้อ Retry-After ไม่มีเหตุการณ์ใดหาย",
    "Ask again with the same cursor after the time in Retry-After; nothing is lost.",
    {"Retry-After": "5"},
)
ACKNOWLEDGEMENT = Fault(
    "DL-4",
    400,
    "การยืนยันต้องเป็น JSON ที่มี cursor เป็นข้อความ",
    "An acknowledgement is a JSON object with the text cursor.",
    'ส่ง {"cursor": "…"} ด้วยค่าจากคำตอบของ GET /v1/inbox',
    'Send {"cursor": "…"} with the value from an answer of GET /v1/inbox.',
)
NO_INBOX = Fault(
    "DL-5",
    404,
    "ระบบของท่านยังไม่มีกล่องรับ",
    "Your system has no inbox yet.",
    "ติดต่อผู้ดูแลระบบแลกเปลี่ยนเพื่อเปิดกล่องรับ",
    "Ask the operator of the exchange to open it.",
)
