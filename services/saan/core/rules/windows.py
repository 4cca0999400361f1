"""Rules about reporting rounds (V11): they ask which rounds were opened, and when each opens and closes.

``window`` keeps a late fact back, and the router lets it go on by itself once the next window opens. The others are
decided at once.
"""

from saan.core.outcome import Finding, Severity
from saan.core.rules.kind import NOTHING, Check, Data, Facts, Form, Kind, Rule, Words
from saan.core.rules.param import Param, Shape

_YEAR = Param("year", Shape.FIELD, "the field with the academic year, B.E.", "academicYearBE")


def _window(rule: Rule) -> Check:
    on, said, late = rule.get("on"), rule.say(rule["on"]), rule.tables.rounds.late

    def check(data: Data, facts: Facts) -> tuple[Finding, ...]:
        day = on(data)
        return said if day is not None and late(day, facts.received, facts.waited) is not None else NOTHING

    return check


def _round_over(rule: Rule) -> Check:
    year, name, said, find = rule.get("year"), rule["round"], rule.say(rule["year"]), rule.tables.rounds.get

    def check(data: Data, facts: Facts) -> tuple[Finding, ...]:
        of = year(data)
        window = None if of is None else find(name, of)
        return NOTHING if window is None or window.closes <= facts.received else said

    return check


def _round_confirming(rule: Rule) -> Check:
    round, year, find = rule.get("round"), rule.get("year"), rule.tables.rounds.get
    said, early = rule.say(rule["round"]), rule.say(rule["round"], "early")

    def check(data: Data, facts: Facts) -> tuple[Finding, ...]:
        name, of = round(data), year(data)
        if name is None or of is None:
            return NOTHING
        window = find(name, of)
        if window is None:
            return said
        return early if facts.received < window.confirms else NOTHING

    return check


KINDS = (
    Kind(
        "window",
        "The fact is in time: no closed round counted its day, or a window was open since it was received.",
        "V11",
        Severity.PARK,
        Form.WINDOW,
        (Param("on", Shape.FIELD, "the field with the day from which the fact holds", "effectiveDate"),),
        {
            "": Words(
                "รอบรายงานที่นับวันในช่อง {path} ปิดแล้ว เหตุการณ์นี้รอรอบถัดไป",
                "The round that counts the day in {path} is closed; the event waits for the next window",
                "เก็บใบรับนี้ไว้เป็นหลักฐาน เมื่อเปิดรอบถัดไปเหตุการณ์นี้จะเดินต่อเอง ไม่ต้องส่งซ้ำ",
                "Keep this receipt as evidence: once the next window opens the event goes on by itself",
            )
        },
        _window,
    ),
    Kind(
        "round_over",
        "The round of the record's academic year is over: nothing of the kind is taken before.",
        "V11",
        Severity.REJECT,
        Form.STATE,
        (Param("round", Shape.TEXT, "the round, for example EOY"), _YEAR),
        {
            "": Words(
                "รอบ {round} ของปีในช่อง {path} ยังไม่ปิด จึงยังส่งเหตุการณ์นี้ไม่ได้",
                "The round {round} of the year in {path} is not over, so this event is not taken yet",
                "รอให้รอบปิดและรับรองแล้วจึงส่ง",
                "Wait until the round is closed and certified, then send it",
            )
        },
        _round_over,
    ),
    Kind(
        "round_confirming",
        "The round that the record names was opened, and its time of confirmation has begun.",
        "V11",
        Severity.REJECT,
        Form.STATE,
        (Param("round", Shape.FIELD, "the field with the round", "round"), _YEAR),
        {
            "": Words(
                "ไม่มีรอบรายงานในช่อง {path} ที่เปิดสำหรับปีในช่อง {year}",
                "The round in {path} was not opened for the year in {year}",
                "ตรวจชื่อรอบและปีการศึกษาด้วย saan round status",
                "Compare the round and the academic year with `saan round status`",
            ),
            "early": Words(
                "รอบรายงานในช่อง {path} ยังไม่ถึงเวลารับรอง",
                "The time to certify the round in {path} has not come",
                "รับรองเมื่อถึงช่วงยืนยันของรอบ",
                "Certify once the round's time of confirmation has begun",
            ),
        },
        _round_confirming,
    ),
)
