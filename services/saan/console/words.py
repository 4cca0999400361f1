"""What the console says, in Thai and in English."""

from typing import Final

LANGUAGES: Final = ("th", "en")

WORDS: Final[dict[str, tuple[str, str]]] = {
    "title": ("สาน · ห้องควบคุม", "Saan · console"),
    "subtitle": ("ระบบแลกเปลี่ยนข้อมูลการศึกษา", "The event exchange for education records"),
    "live": ("สด", "Live"),
    "lost": ("ขาดการเชื่อมต่อ กำลังต่อใหม่", "Connection lost, trying again"),
    "skip": ("ไปที่เนื้อหา", "Skip to the content"),
    "language": ("ภาษา", "Language"),
    # health
    "health": ("สุขภาพระบบ", "Health"),
    "broker": ("Kafka", "Kafka"),
    "registry": ("ทะเบียนสคีมา", "Schema registry"),
    "ledger": ("บัญชี", "Ledger"),
    "up": ("ทำงาน", "up"),
    "down": ("ไม่ตอบ", "no answer"),
    "asking": ("กำลังตรวจ", "checking"),
    "catching_up": ("กำลังอ่านย้อนหลัง", "reading history"),
    "lag_alarm": ("สถานีล่าช้าเกินกำหนด", "A station is too far behind"),
    "entries": ("รายการ", "entries"),
    "unreadable": ("อ่านไม่ได้", "unreadable"),
    "at": ("ข้อมูล ณ", "As of"),
    # the balance
    "balance": ("งบดุลของเหตุการณ์", "Balance of events"),
    "published": ("ส่งเข้ามา", "Published"),
    "accepted": ("รับแล้ว", "Accepted"),
    "rejected": ("ไม่รับ", "Rejected"),
    "parked": ("พักไว้", "Parked"),
    "duplicates": ("ซ้ำ", "Duplicates"),
    "in_flight": ("ระหว่างทาง", "In flight"),
    "delivered": ("ส่งถึงปลายทาง", "Delivered"),
    "difference": ("ส่วนต่าง", "Difference"),
    "balanced": ("งบดุลลงตัว ทุกเหตุการณ์มีที่มาที่ไป", "It adds up: every event is accounted for."),
    "unbalanced": ("งบดุลไม่ลงตัว ให้ตรวจบัญชีของสถานี", "It does not add up: look into the stations' accounts."),
    "same_ids": (
        "รหัสเหตุการณ์ที่ผ่านการตรวจตรงกับที่ถึงการกระจายทุกรายการ",
        "Exactly the events that passed validation reached the router.",
    ),
    "other_ids": (
        "รหัสเหตุการณ์ที่ผ่านการตรวจไม่ตรงกับที่ถึงการกระจาย",
        "The events that passed validation are not those that reached the router.",
    ),
    # the journey
    "journey": ("เส้นทางของเหตุการณ์", "The journey of an event"),
    "publishers": ("ผู้ส่ง", "Publishers"),
    "gateway": ("ประตูรับ", "Gateway"),
    "validator": ("ตรวจสอบ", "Validator"),
    "checked": ("ผ่านการตรวจ", "Checked"),
    "router": ("กระจาย", "Router"),
    "record": ("บันทึกกลาง", "Record"),
    "quarantine": ("กักไว้", "Quarantine"),
    "inbox": ("กล่องรับ", "Inboxes"),
    "deliverer": ("ผู้รับ", "Receivers"),
    "hold_publishers": ("{} ราย", "{} active"),
    "hold_gateway": ("และกล่องส่ง", "and outboxes"),
    "hold_validator": ("{}/วิ", "{}/s"),
    "hold_checked": ("ระหว่างทาง {}", "{} in flight"),
    "hold_router": ("{}/วิ", "{}/s"),
    "hold_record": ("{} เหตุการณ์", "{} events"),
    "hold_quarantine": ("{} เหตุการณ์", "{} events"),
    "hold_inbox": ("{} ฉบับ", "{} copies"),
    "hold_deliverer": ("{} ราย", "{} active"),
    "flow_speed": ("{}/วิ", "{}/s"),
    "flow_unread": ("ค้างอ่าน {}", "unread for {}"),
    # tables
    "stations": ("สถานี", "Stations"),
    "station": ("สถานี", "Station"),
    "lag": ("ล่าช้า", "Lag"),
    "lag_about": ("อายุของรายการแรกที่ยังไม่ได้อ่าน", "age of the first record not yet read"),
    "waited": ("รอนานสุดใน 1 นาที", "Longest wait, last minute"),
    "rate": ("ต่อวินาที (10 วิ · 60 วิ)", "Per second (10 s · 60 s)"),
    "records": ("อ่านแล้ว", "Read"),
    "last_account": ("บัญชีล่าสุด", "Last account"),
    "participants": ("ผู้เข้าร่วม", "Participants"),
    "participant": ("ผู้เข้าร่วม", "Participant"),
    "sent_rate": ("ส่ง/วิ", "Sent/s"),
    "got_rate": ("รับ/วิ", "Received/s"),
    "unread": ("ค้างอ่าน", "Unread for"),
    "quiet": ("ยังไม่มีความเคลื่อนไหว", "Nothing yet"),
    "more": ("และอีก {} ราย ดูทั้งหมดที่ /api/board", "and {} more; /api/board has them all"),
    "rules": ("สิ่งที่พบ ตามกฎ", "Findings by rule"),
    "rule": ("กฎ", "Rule"),
    "count": ("จำนวน", "Count"),
    "meaning": ("ตัวอย่างเหตุผล", "Example of a reason"),
    "refusals": ("รายการที่ไม่รับล่าสุด", "Last refusals"),
    "no_refusals": ("ยังไม่มีรายการที่ไม่รับ", "Nothing has been refused."),
    "no_payload": (
        "แสดงเฉพาะเหตุผล ไม่แสดงข้อมูลของผู้เรียน",
        "Reasons only; no data of any learner is shown.",
    ),
    "fix": ("แก้ไข", "Fix"),
    "never": ("ยังไม่เคย", "never"),
    "unknown": ("ไม่ทราบ", "unknown"),
    "ok": ("ปกติ", "fine"),
    "slow": ("เริ่มช้า", "slow"),
    "late": ("ช้ามาก", "late"),
    # kinds of participants
    "kind_ministry": ("กระทรวง", "Ministry"),
    "kind_head-office": ("ต้นสังกัด", "Head office"),
    "kind_provincial-office": ("จังหวัด", "Provincial office"),
    "kind_area-office": ("เขตพื้นที่", "Area office"),
    "kind_school": ("โรงเรียน", "School"),
    "kind_fund": ("กองทุน", "Fund"),
    "kind_test-body": ("หน่วยทดสอบ", "Test body"),
    "kind_health": ("สาธารณสุข", "Health"),
    "kind_": ("ไม่รู้จัก", "Unknown"),
}

MONTHS: Final = {
    "th": ("ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค."),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}


def word(name: str, language: str) -> str:
    """One expression in one language; a name that has no words stands for itself."""
    th, en = WORDS.get(name, (name, name))
    return en if language == "en" else th


def other(language: str) -> str:
    """The language that stands beside."""
    return "th" if language == "en" else "en"
