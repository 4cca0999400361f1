"""Rules about text: mandatory fields (V18), always or by another field; clean Thai text and patterns (V12)."""

import re

from saan.core.outcome import Finding, Severity
from saan.core.rules.kind import NOTHING, Check, Data, Facts, Form, Kind, Rule, Words, reader
from saan.core.rules.param import Param, Shape
from saan.core.thai import mixes_scripts, normalise, suspicious


def _required(rule: Rule) -> Check:
    wanted = [(reader(name), rule.say(name)) for name in rule["fields"]]

    def check(data: Data, _: Facts) -> tuple[Finding, ...]:
        found = NOTHING
        for value, said in wanted:
            given = value(data)
            if given is None or given == "":
                found += said
        return found

    return check


def _required_when(rule: Rule) -> Check:
    by, values = rule.get("by"), None if rule["values"] is None else frozenset(rule["values"])
    wanted = [(reader(name), rule.say(name)) for name in rule["fields"]]

    def check(data: Data, _: Facts) -> tuple[Finding, ...]:
        found = NOTHING
        deciding = by(data)
        if deciding not in (None, "") if values is None else str(deciding) in values:
            for value, said in wanted:
                if value(data) in (None, ""):
                    found += said
        return found

    return check


def _text(rule: Rule) -> Check:
    most = rule["max"]
    matches = re.compile(rule["pattern"]).fullmatch if rule["pattern"] is not None else None
    variants = ("", "long", "html", "zero-width", "control", "pattern")
    fields = [(reader(name), {variant: rule.say(name, variant) for variant in variants}) for name in rule["fields"]]

    def check(data: Data, _: Facts) -> tuple[Finding, ...]:
        found = NOTHING
        for read, said in fields:
            text = read(data)
            if text is None:
                continue
            if wrong := suspicious(text):
                found += said[wrong[0]]
            elif len(text) > most:
                found += said["long"]
            elif normalise(text) != text:
                found += said[""]
            elif matches is not None and not matches(text):
                found += said["pattern"]
        return found

    return check


def _one_script(rule: Rule) -> Check:
    fields = [(reader(name), rule.say(name)) for name in rule["fields"]]

    def check(data: Data, _: Facts) -> tuple[Finding, ...]:
        found = NOTHING
        for read, said in fields:
            text = read(data)
            if text is not None and mixes_scripts(text):
                found += said
        return found

    return check


def _pattern(rule: Rule) -> Check:
    read, matches, said = rule.get("field"), re.compile(rule["regex"]).fullmatch, rule.say(rule["field"])

    def check(data: Data, _: Facts) -> tuple[Finding, ...]:
        text = read(data)
        return NOTHING if text is None or matches(str(text)) else said

    return check


_FORM = Words(
    "ข้อความในช่อง {path} ไม่เป็นไปตามรูปแบบ",
    "The text in {path} does not have the expected form",
    "แก้ {path} ให้ตรงรูปแบบในคู่มือของเหตุการณ์",
    "Mend {path} to the form that the event's description gives",
)

KINDS = (
    Kind(
        "required",
        "Every one of the fields is given: not null and not empty.",
        "V18",
        Severity.REJECT,
        Form.FIELDS,
        (Param("fields", Shape.FIELDS, "the mandatory fields"),),
        {
            "": Words(
                "ไม่มีข้อมูลในช่องบังคับ {path}",
                "The mandatory field {path} is missing",
                "กรอก {path} แล้วส่งใหม่",
                "Fill in {path} and send again",
            )
        },
        _required,
    ),
    Kind(
        "required_when",
        "Every one of the fields is given when another field has one of some values, or any at all.",
        "V18",
        Severity.REJECT,
        Form.FIELDS,
        (
            Param("fields", Shape.FIELDS, "the fields that are then mandatory"),
            Param("by", Shape.FIELD, "the field that decides"),
            Param("values", Shape.TEXTS, "its values that make the fields mandatory; left out: any", None),
        ),
        {
            "": Words(
                "ไม่มีข้อมูลในช่อง {path} ซึ่งต้องมีตามค่าในช่อง {by}",
                "{path} is missing, which the value in {by} makes mandatory",
                "กรอก {path} หรือแก้ {by} แล้วส่งใหม่",
                "Fill in {path}, or mend {by}, and send again",
            )
        },
        _required_when,
    ),
    Kind(
        "text",
        "Clean text: normalised, of limited length, without control or zero-width characters and without markup.",
        "V12",
        Severity.REJECT,
        Form.FIELDS,
        (
            Param("fields", Shape.FIELDS, "the fields with text"),
            Param("max", Shape.NUMBER, "greatest number of characters", 100),
            Param("pattern", Shape.REGEX, "a regular expression for the whole text", None),
        ),
        {
            "": Words(
                "ข้อความในช่อง {path} ไม่อยู่ในรูปมาตรฐาน (ช่องว่างเกิน เเ หรือนิคหิต)",
                "The text in {path} is not normalised (extra spaces, two เ for แ, or a split ำ)",
                "ตัดช่องว่างเกิน ใช้ แ และ ำ ตัวเดียว",
                "Remove extra spaces; write แ and ำ as one character",
            ),
            "long": Words(
                "ข้อความในช่อง {path} ยาวเกิน {max} ตัวอักษร",
                "The text in {path} is longer than {max} characters",
                "ย่อข้อความให้ไม่เกิน {max} ตัวอักษร",
                "Shorten it to at most {max} characters",
            ),
            "html": Words(
                "ข้อความในช่อง {path} มีเครื่องหมาย < > หรือรหัส HTML",
                "The text in {path} contains markup (< > or an HTML entity)",
                "ส่งเป็นข้อความล้วน",
                "Send plain text",
            ),
            "zero-width": Words(
                "ข้อความในช่อง {path} มีอักขระที่มองไม่เห็น",
                "The text in {path} contains invisible (zero-width) characters",
                "พิมพ์ข้อความใหม่แทนการคัดลอกวาง",
                "Type the text anew instead of pasting it",
            ),
            "control": Words(
                "ข้อความในช่อง {path} มีอักขระควบคุม",
                "The text in {path} contains control characters",
                "ตัดอักขระควบคุมออก",
                "Remove the control characters",
            ),
            "pattern": _FORM,
        },
        _text,
    ),
    Kind(
        "one_script",
        "No word mixes letters of two scripts, as a look-alike does: a Latin or Cyrillic letter within a Thai name.",
        "V12",
        Severity.REJECT,
        Form.FIELDS,
        (Param("fields", Shape.FIELDS, "the fields with names"),),
        {
            "": Words(
                "ข้อความในช่อง {path} มีอักษรต่างชุดปนอยู่ในคำเดียวกัน",
                "A word in {path} mixes letters of two scripts",
                "พิมพ์คำนั้นใหม่ด้วยแป้นพิมพ์ภาษาเดียว",
                "Type the word anew with the keyboard of one language",
            )
        },
        _one_script,
    ),
    Kind(
        "pattern",
        "The whole value matches a regular expression.",
        "V12",
        Severity.REJECT,
        Form.ONE_FIELD,
        (
            Param("field", Shape.FIELD, "the field with the text"),
            Param("regex", Shape.REGEX, "a regular expression for the whole text"),
        ),
        {"": _FORM},
        _pattern,
    ),
)
