"""Rules about the learner's history: V9 (one open enrolment) and V10 (the school life allows the step).

Only the router can check them: it knows what was accepted about the learner before. What may come right by itself,
because an event that was said elsewhere has not arrived yet, waits (severity ``park``): that is the usual severity of
these kinds. What nothing that still arrives can put right is refused, whatever severity the rule has: a step after the
learner's death, and a step at a school that has itself told the end of that stay before.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from saan.core.catalogue import RuleSpec
from saan.core.history import (
    DECEASED,
    DURING,
    ENROLLED,
    GRADUATED,
    STATUSES,
    TRACKED,
    TRANSFERRED,
    TRANSFERRING,
    WITHDRAWN,
    Fact,
    Stay,
    at_school,
    fact,
)
from saan.core.learner import Learner
from saan.core.outcome import Finding, Second, Severity
from saan.core.rules.kind import NOTHING, Check, Data, Facts, Form, Kind, Rule, Words, reader
from saan.core.rules.param import Param, Shape

_ONE_ENROLMENT: Final = "one_enrolment"

_FINAL: Final = frozenset({WITHDRAWN, GRADUATED})
"""Ends that a school tells of its own pupils; ``transferred`` is told by the school that took the learner over."""


FindSecond = Callable[[Data, Learner | None], Second | None]
"""Whether an event would enrol the learner a second time."""


def seconds(rules: Iterable[RuleSpec]) -> tuple[FindSecond, ...]:
    """How those of the rules that allow one enrolment alone see a second one."""
    return tuple(_second(spec.params) for spec in rules if spec.kind == _ONE_ENROLMENT)


def _second(params: Mapping[str, Any]) -> FindSecond:
    school, on, leaving = (reader(params.get(name)) for name in ("school", "on", "leaving"))

    def find(data: Data, learner: Learner | None) -> Second | None:
        there = learner.open if learner else None
        day, entered = on(data), school(data)
        if there is None or day is None or there.school in (entered, leaving(data)) or day < there.start:
            return None
        return Second(there.school, there.start, entered, day)

    return find


def _one_enrolment(rule: Rule) -> Check:
    second, said = _second(rule.params), rule.say(rule["school"])

    def check(data: Data, facts: Facts) -> tuple[Finding, ...]:
        return said if second(data, facts.learner) else NOTHING

    return check


def _alive(rule: Rule) -> Check:
    on, said = rule.get("on"), rule.say(rule["on"])

    def check(data: Data, facts: Facts) -> tuple[Finding, ...]:
        died = facts.learner.died if facts.learner else None
        day = on(data)
        return said if died is not None and day is not None and day > died else NOTHING

    return check


def _step(rule: Rule) -> Check:
    school, on, by = (rule.get(name) for name in ("school", "on", "by"))
    usual, told = rule["becomes"], {code: status for status, codes in rule["told"].items() for code in codes}
    if not {usual, *told.values(), *rule["from"]} <= set(STATUSES):
        raise ValueError(f"a status is one of {', '.join(STATUSES)}")
    waits, dead, ended = rule.say(rule["on"]), _refused(rule, "dead"), _refused(rule, "ended")
    usual_from = frozenset(rule["from"])

    def check(data: Data, facts: Facts) -> tuple[Finding, ...]:
        learner, place, day = facts.learner, school(data), on(data)
        if learner is None or place is None or day is None:
            return NOTHING
        step = fact(day, told.get(str(by(data)), usual), place)
        allowed = DURING if step.becomes == DECEASED else usual_from
        return {_FITS: NOTHING, _WAITS: waits, _DEAD: dead, _ENDED: ended}[_answer(learner, step, allowed)]

    return check


_FITS, _WAITS, _DEAD, _ENDED = range(4)


def _answer(learner: Learner, step: Fact, allowed: frozenset[str]) -> int:
    """Whether the learner can take the step, by what is known of the time before it."""
    died = learner.died
    if step in learner.facts:
        return _FITS
    if died is not None and (step.day > died or step.becomes == DECEASED):
        return _DEAD
    before = at_school((known for known in learner.facts if known < step), step.school)
    return _by_stay(before[-1], step, allowed) if before else _WAITS


def _by_stay(stay: Stay, step: Fact, allowed: frozenset[str]) -> int:
    if stay.end is None:
        return _FITS if stay.status in allowed else _WAITS
    if stay.status == TRANSFERRED:  # told by the other school; this is the own school's half of it
        return _FITS if step.becomes in (WITHDRAWN, TRANSFERRED) else _WAITS
    return _ENDED if stay.status in _FINAL else _WAITS


def _refused(rule: Rule, variant: str) -> tuple[Finding, ...]:
    return tuple(replace(one, severity=Severity.REJECT) for one in rule.say(rule["on"], variant))


def _noted(rule: Rule) -> Check:
    note, value, fits = rule["note"], rule.get("field"), rule["fits"]
    said = rule.say(rule["field"])

    def check(data: Data, facts: Facts) -> tuple[Finding, ...]:
        known, given = facts.learner.note(note) if facts.learner else None, value(data)
        if known is None or given is None:
            return NOTHING
        return NOTHING if known in (fits.get(str(given), ()) if fits else (str(given),)) else said

    return check


def _noted_until(rule: Rule) -> Check:
    note, on, unless = rule["note"], rule.get("on"), rule.get("unless")
    said = rule.say(rule["on"])

    def check(data: Data, facts: Facts) -> tuple[Finding, ...]:
        known, day = facts.learner.note(note) if facts.learner else None, on(data)
        if known is None or day is None or unless(data):
            return NOTHING
        return said if day > int(known) else NOTHING

    return check


_ON = Param("on", Shape.FIELD, "the field with the day of the step", "effectiveDate")
_NOTE = Param("note", Shape.TEXT, "the name of the note, from the `history` of an event type of the same domain")

KINDS = (
    Kind(
        _ONE_ENROLMENT,
        "The learner has no open enrolment at another school, of whatever affiliation, that began before.",
        "V9",
        Severity.PARK,
        Form.HISTORY,
        (
            Param("school", Shape.FIELD, "the field with the school that is entered"),
            Param("on", Shape.FIELD, "the field with the day of entry"),
            Param("leaving", Shape.FIELD, "the field with the school that is left by the same event", None),
        ),
        {
            "": Words(
                "ผู้เรียนยังมีสถานะกำลังเรียนอยู่ที่สถานศึกษาอื่น จึงเข้าเรียนที่สถานศึกษาใน {path} พร้อมกันไม่ได้",
                "The learner still has an open enrolment elsewhere, and cannot be at the school in {path} as well",
                "ให้สถานศึกษาเดิมแจ้งย้ายหรือจำหน่ายออก เมื่อแจ้งแล้วเหตุการณ์นี้จะเดินต่อเอง",
                "Have the other school report the transfer or withdrawal: this event then goes on by itself",
            )
        },
        _one_enrolment,
    ),
    Kind(
        "step",
        "The school life allows the step: the learner is at the school on that day, with one of the given statuses.",
        "V10",
        Severity.PARK,
        Form.HISTORY,
        (
            Param("school", Shape.FIELD, "the field with the school"),
            _ON,
            Param("becomes", Shape.TEXT, "what the learner becomes"),
            Param("from", Shape.TEXTS, "statuses from which this is allowed", (ENROLLED, TRANSFERRING, TRACKED)),
            Param("by", Shape.FIELD, "a field that may say that the learner becomes something else", None),
            Param("told", Shape.TABLE, "what the learner becomes instead, with the values of `by` that say so", {}),
        ),
        {
            "": Words(
                "ตามประวัติที่ทราบ ผู้เรียนยังไม่อยู่ในสถานะที่ทำขั้นตอนในวันที่ {path} ได้",
                "By what is known, the learner is not in a state for this step on the day in {path}",
                "รอเหตุการณ์ก่อนหน้า เช่น การรับเข้าเรียน หรือส่งเหตุการณ์ที่ขาดไป เหตุการณ์นี้จะเดินต่อเอง",
                "Send the event that comes before, such as the enrolment: this event then goes on by itself",
            ),
            "dead": Words(
                "ผู้เรียนมีสถานะเสียชีวิตก่อนวันที่ในช่อง {path}",
                "The learner is recorded as deceased before the day in {path}",
                "ตรวจตัวบุคคลและวันที่ หากสถานะเสียชีวิตผิดให้ส่งการแก้ไขก่อน",
                "Check the person and the date; if the death is wrong, have it corrected first",
            ),
            "ended": Words(
                "สถานศึกษานี้แจ้งการจบหรือการออกของผู้เรียนไว้แล้วก่อนวันที่ในช่อง {path}",
                "This school has reported the end of this learner's stay before the day in {path}",
                "ตรวจตัวบุคคลและวันที่ หากผู้เรียนกลับเข้าเรียนให้แจ้งรับเข้าก่อน",
                "Check the person and the date; if the learner came back, report the enrolment first",
            ),
        },
        _step,
    ),
    Kind(
        "alive",
        "Nothing but a correction comes after the learner's death.",
        "V10",
        Severity.REJECT,
        Form.HISTORY,
        (_ON,),
        {
            "": Words(
                "ผู้เรียนมีสถานะเสียชีวิตก่อนวันที่ในช่อง {path}",
                "The learner is recorded as deceased before the day in {path}",
                "ตรวจตัวบุคคลและวันที่ หากสถานะเสียชีวิตผิดให้ส่งการแก้ไขก่อน",
                "Check the person and the date; if the death is wrong, have it corrected first",
            )
        },
        _alive,
    ),
    Kind(
        "noted",
        "The field agrees with what earlier events have noted, where they have.",
        "V10",
        Severity.PARK,
        Form.HISTORY,
        (
            _NOTE,
            Param("field", Shape.FIELD, "the field that must agree with it"),
            Param("fits", Shape.TABLE, "notes that fit, by value of the field; left out: the note is the value", {}),
        ),
        {
            "": Words(
                "ค่าในช่อง {path} ไม่สอดคล้องกับข้อมูลที่แจ้งไว้ก่อนหน้า ({note})",
                "The value in {path} does not agree with what was reported before ({note})",
                "ตรวจค่านี้ หรือส่งเหตุการณ์ก่อนหน้าที่ขาดไป",
                "Check the value, or send the earlier event that is missing",
            )
        },
        _noted,
    ),
    Kind(
        "noted_until",
        "The day is not after the day that earlier events have noted, where they have.",
        "V10",
        Severity.PARK,
        Form.HISTORY,
        (_NOTE, _ON, Param("unless", Shape.FIELD, "a field that waives the rule when it is true", None)),
        {
            "": Words(
                "วันที่ในช่อง {path} อยู่หลังวันสิ้นสุดที่แจ้งไว้ก่อนหน้า ({note})",
                "The day in {path} is after the end that was reported before ({note})",
                "ตรวจวันที่ หรือส่งเหตุการณ์ที่ต่ออายุก่อน",
                "Check the date, or send the event that extends it first",
            )
        },
        _noted_until,
    ),
)
