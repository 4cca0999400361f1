"""Rules about people: prefix, gender and age agree (V6), age fits the grade (V7), retirement (V13). All flag only."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from saan.core.calendar import days, to_date
from saan.core.codes import Code
from saan.core.outcome import Finding, Severity
from saan.core.rules.codes import codes_of
from saan.core.rules.kind import NOTHING, Check, Data, Facts, Form, Kind, Rule, Words
from saan.core.rules.param import Param, Shape

ADULT: Final = 15
"""From this age on a boy is นาย and a girl นางสาว."""

_FIRST_GRADE_AGE: Final = 4
_PREFIXES: Final = {
    "เด็กชาย": ("ชาย", True),
    "เด็กหญิง": ("หญิง", True),
    "นาย": ("ชาย", False),
    "นางสาว": ("หญิง", False),
    "นาง": ("หญิง", False),
}
_BIRTH = Param("birth", Shape.FIELD, "the field with the birth date")
_ON = Param("on", Shape.FIELD, "the field with the date on which the age counts", "effectiveDate")


def age(birth: int, on: int) -> int:
    """Full years from ``birth`` to ``on`` (days since 1970-01-01). Raises ``OverflowError`` outside the calendar."""
    born, day = to_date(birth), to_date(on)
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _age(birth: int | None, on: int | None) -> int | None:
    if birth is None or on is None:
        return None
    try:
        return age(birth, on)
    except OverflowError:
        return None


def meanings(prefixes: Mapping[str, Code], genders: Mapping[str, Code]) -> dict[str, tuple[str | None, bool]]:
    """What each prefix says that says anything: the code of the gender, and whether it is that of a child."""
    by_name = {one.th: one.code for one in genders.values()}
    return {
        one.code: (by_name.get(_PREFIXES[one.th][0]), _PREFIXES[one.th][1])
        for one in prefixes.values()
        if one.th in _PREFIXES
    }


def usual_ages(grades: Iterable[str]) -> dict[str, int]:
    """The usual age in years of each grade level, by code; the codes rise in order."""
    return {code: _FIRST_GRADE_AGE + position for position, code in enumerate(sorted(grades))}


def _prefix_gender_age(rule: Rule) -> Check:
    prefix, gender, birth, on = (rule.get(name) for name in ("prefix", "gender", "birth", "on"))
    path = rule["prefix"]
    meaning = meanings(codes_of(rule.tables, rule["prefix_list"]), codes_of(rule.tables, rule["gender_list"]))
    said, said_age = rule.say(path), rule.say(path, "age")

    def check(data: Data, _: Facts) -> tuple[Finding, ...]:
        expected = meaning.get(prefix(data))
        if expected is None:
            return NOTHING
        given = gender(data)
        if given is not None and given != expected[0]:
            return said
        years = _age(birth(data), on(data))
        return NOTHING if years is None or (years < ADULT) == expected[1] else said_age

    return check


def _age_grade(rule: Rule) -> Check:
    birth, grade, on = (rule.get(name) for name in ("birth", "grade", "on"))
    least, most, slack = rule["min"], rule["max"], rule["slack"]
    said, said_grade = rule.say(rule["birth"]), rule.say(rule["birth"], "grade")
    usual = usual_ages(codes_of(rule.tables, rule["list"]) if rule["grade"] else ())

    def check(data: Data, _: Facts) -> tuple[Finding, ...]:
        years = _age(birth(data), on(data))
        if years is None:
            return NOTHING
        if not least <= years <= most:
            return said
        expected = usual.get(grade(data))
        return NOTHING if expected is None or abs(years - expected) <= slack else said_grade

    return check


def last_day_of_service(birth: int, years: int) -> int:
    """The 30 September that ends the fiscal year in which a civil servant completes ``years``.

    The last day of the last year of life before the birthday counts as completed, so that somebody born on 1 October
    leaves a year before somebody born on 2 October (Department of Mental Health, answers on personnel, dmh.go.th).
    Raises ``OverflowError`` outside the calendar.
    """
    born = to_date(birth)
    late = (born.month, born.day) > (10, 1)
    return days(date(born.year + years + late, 9, 30))


def _retirement(rule: Rule) -> Check:
    retire, birth, years = rule.get("field"), rule.get("birth"), rule["years"]
    said, said_year = rule.say(rule["field"]), rule.say(rule["field"], "year")

    def check(data: Data, _: Facts) -> tuple[Finding, ...]:
        day, born = retire(data), birth(data)
        if day is None:
            return NOTHING
        try:
            leaves = to_date(day)
            expected = None if born is None else last_day_of_service(born, years)
        except (OverflowError, ValueError):
            return said
        if (leaves.month, leaves.day) != (9, 30):
            return said
        return said_year if expected is not None and day != expected else NOTHING

    return check


KINDS = (
    Kind(
        "prefix_gender_age",
        "The prefix fits the gender, and is that of a child under 15 or of an adult from 15.",
        "V6",
        Severity.WARN,
        Form.FIELDS,
        (
            Param("prefix", Shape.FIELD, "the field with the prefix code"),
            Param("gender", Shape.FIELD, "the field with the gender code"),
            Param("birth", Shape.FIELD, "the field with the birth date; left out: the age is not compared", None),
            _ON,
            Param("prefix_list", Shape.LIST, "the list of prefixes", "prefix"),
            Param("gender_list", Shape.LIST, "the list of genders", "gender"),
        ),
        {
            "": Words(
                "คำนำหน้าชื่อในช่อง {path} ไม่ตรงกับเพศใน {gender}",
                "The prefix in {path} does not fit the gender in {gender}",
                "ตรวจคำนำหน้าชื่อและเพศกับเอกสาร",
                "Compare prefix and gender with the document",
            ),
            "age": Words(
                "คำนำหน้าชื่อในช่อง {path} ไม่ตรงกับอายุ",
                "The prefix in {path} does not fit the age",
                "ต่ำกว่า 15 ปีใช้เด็กชายหรือเด็กหญิง ตั้งแต่ 15 ปีใช้นายหรือนางสาว",
                "Under 15 it is เด็กชาย or เด็กหญิง, from 15 on นาย or นางสาว",
            ),
        },
        _prefix_gender_age,
    ),
    Kind(
        "age_grade",
        "The age on the date is plausible and near the usual age of the grade (4 in the first year of kindergarten).",
        "V7",
        Severity.WARN,
        Form.FIELDS,
        (
            _BIRTH,
            Param("grade", Shape.FIELD, "the field with the grade level; left out: only the age is judged", None),
            _ON,
            Param("min", Shape.NUMBER, "least age in years", 2),
            Param("max", Shape.NUMBER, "greatest age in years", 25),
            Param("slack", Shape.NUMBER, "years that the age may differ from the usual one", 4),
            Param("list", Shape.LIST, "the list of grade levels", "grade-level"),
        ),
        {
            "": Words(
                "วันเกิดในช่อง {path} ให้อายุไม่อยู่ระหว่าง {min} ถึง {max} ปี",
                "The birth date in {path} gives an age outside {min} to {max} years",
                "ตรวจวันเกิดกับสูติบัตร และตรวจว่าใช้ปี ค.ศ.",
                "Compare with the birth certificate, and use the Christian era",
            ),
            "grade": Words(
                "อายุตามวันเกิดในช่อง {path} ต่างจากอายุปกติของชั้นเกิน {slack} ปี",
                "The age by {path} differs from the usual age of the grade by more than {slack} years",
                "ตรวจวันเกิดและระดับชั้น",
                "Check the birth date and the grade level",
            ),
        },
        _age_grade,
    ),
    Kind(
        "retirement",
        "The day of retirement is the 30 September of the fiscal year in which the person completes 60 years.",
        "V13",
        Severity.WARN,
        Form.FIELDS,
        (
            Param("field", Shape.FIELD, "the field with the day of retirement"),
            Param("birth", Shape.FIELD, "the field with the birth date; left out: only the day is judged", None),
            Param("years", Shape.NUMBER, "years of age that end the service", 60),
        ),
        {
            "": Words(
                "วันเกษียณในช่อง {path} ไม่ใช่วันที่ 30 กันยายน",
                "The day of retirement in {path} is not a 30 September",
                "ตรวจวันเกษียณ หรือใช้เหตุการณ์สิ้นสุดการจ้างถ้าไม่ใช่การเกษียณ",
                "Check the day, or say the end of the contract if it is no retirement",
            ),
            "year": Words(
                "วันเกษียณในช่อง {path} ไม่ใช่สิ้นปีงบประมาณที่อายุครบ {years} ปีตาม {birth}",
                "The day of retirement in {path} does not end the fiscal year of the {years}th birthday by {birth}",
                "ตรวจวันเกษียณและวันเกิด",
                "Check the day of retirement and the birth date",
            ),
        },
        _retirement,
    ),
)
