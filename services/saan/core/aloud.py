"""The reason of a routing decision, read aloud: one sentence in Thai and in English per code of ``core.route``."""

from collections.abc import Mapping
from typing import Final

from saan.core import route
from saan.core.calendar import BUDDHIST_ERA, to_date

SAID: Final[Mapping[str, tuple[str, str]]] = {
    route.DELIVERED: (
        "มีสิทธิได้รับ: ข้อตกลงที่มีผลครอบคลุมสถานศึกษาที่เกี่ยวข้องในวันที่เกิดเหตุการณ์",
        "Entitled: an agreement in force covers a school that the event concerns on its day.",
    ),
    route.NOT_VALID: (
        "ไม่มีสิทธิ: ข้อตกลงไม่มีผลในเวลาของเหตุการณ์",
        "Not entitled: the agreement is not in force at the event's time.",
    ),
    route.PAUSED: ("ไม่ได้รับ: ข้อตกลงถูกพักไว้", "Not delivered: the agreement is paused."),
    route.OUT_OF_SCOPE: (
        "ไม่มีสิทธิ: ข้อตกลงไม่ครอบคลุมสถานศึกษาใดที่เกี่ยวข้องในวันที่เกิดเหตุการณ์",
        "Not entitled: no agreement covers a school that the event concerns on its day.",
    ),
    route.LEFT: (
        "ไม่มีสิทธิแล้วนับแต่การย้ายเมื่อวันที่ {day_th}: ในวันที่เกิดเหตุการณ์ผู้เรียนย้ายออกจากสถานศึกษาที่ข้อตกลงครอบคลุมแล้ว",
        "Not entitled any more since the transfer on {day_en}: "
        "on the event's day the learner had left the school that the agreement covers.",
    ),
    route.FILTERED: (
        "ไม่ได้รับ: ข้อมูลไม่ตรงเงื่อนไขของข้อตกลง",
        "Not delivered: the data do not meet the conditions of the agreement.",
    ),
    route.PUBLISHER: (
        "ไม่ได้รับ: เป็นผู้ส่งเหตุการณ์นี้เอง",
        "Not delivered: it published the event itself.",
    ),
    route.NO_ROLE: (
        "ไม่มีสิทธิ: เหตุการณ์ประเภทนี้ไม่ส่งให้หน่วยงานประเภทนี้",
        "Not entitled: this type of event is not for participants of this kind.",
    ),
    route.NO_AGREEMENT: (
        "ไม่มีสิทธิ: ไม่มีข้อตกลงที่ระบุเหตุการณ์ประเภทนี้",
        "Not entitled: it has no agreement that names this type of event.",
    ),
}


def aloud(code: str, left: int | None = None) -> tuple[str, str]:
    """The reason in Thai and in English. ``left`` is the day of leaving (days since 1970-01-01), for ``LEFT``."""
    day = to_date(left or 0)
    said = {"day_th": f"{day.day}/{day.month}/{day.year + BUDDHIST_ERA}", "day_en": day.isoformat()}
    th, en = SAID[code]
    return th.format(**said), en.format(**said)
