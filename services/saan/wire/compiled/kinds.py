"""The compiled form of every rule kind.

Each function writes instructions that let a record pass only if the kind's own check, in ``saan.core.rules``, finds
nothing. ``FORMS`` has one entry per kind that is judged within a record; a kind without one is refused by a test.
"""

import math
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from saan.core.calendar import days
from saan.core.identity import G_CODE, PSEUDONYM
from saan.core.rules import KINDS, rule_spec
from saan.core.rules.codes import codes_of
from saan.core.rules.identities import FORMS as ID_FORMS
from saan.core.rules.numbers import bands
from saan.core.rules.people import meanings, usual_ages
from saan.wire.compiled import patterns, spelling
from saan.wire.compiled.errors import Uncompilable
from saan.wire.compiled.program import NOTHING, Op
from saan.wire.compiled.tables import LAST, Table
from saan.wire.compiled.writing import Writer, exact, whole

Form = Callable[[Writer], None]

_NONE: Final = "None"
"""How nothing reads as text, where a rule compares the text of a value."""


def _given(w: Writer) -> None:
    for slot in w.slots("fields"):
        w.emit(Op.GIVEN, a=slot)


def _given_when(w: Writer) -> None:
    if w["values"] is None:
        condition = w.only_if(Op.IF_GIVEN, a=w.slot("by"))
    else:
        condition = w.only_if(Op.IF_IN, **_one_of_texts(w, "by", w["values"]))
    with condition:
        _given(w)


def _one_of_texts(w: Writer, by: str, values: Any) -> Mapping[str, int]:
    """Operands of ``IF_IN``: whether the field ``by``, as text, is one of the values."""
    table = Table(dict.fromkeys(values, 0))
    return {"a": w.slot(by), "b": w.table(table), "d": int(_NONE in values)}


def _some_given(w: Writer) -> None:
    slots = w.slots("fields")
    w.emit(Op.SOME, a=w.numbers(slots), b=len(slots))


def _clean(w: Writer) -> None:
    for slot in w.slots("fields"):
        w.match(slot, spelling.clean(), int(w["max"]))
        if w["pattern"] is not None:
            _pattern_of(w, slot, w["pattern"])


def _one_script(w: Writer) -> None:
    for slot in w.slots("fields"):
        w.match(slot, spelling.one_script())


def _pattern(w: Writer) -> None:
    _pattern_of(w, w.slot("field"), w["regex"])


def _pattern_of(w: Writer, slot: int, regex: str) -> None:
    try:
        w.match(slot, patterns.compiled(regex))
    except Uncompilable:
        w.emit(Op.ABSENT, a=slot)


def _count(w: Writer) -> None:
    w.emit(Op.COUNT, a=w.slot("field"), x=whole(math.ceil, w["min"]), y=whole(math.floor, w["max"]))


def _citizen_id(w: Writer) -> None:
    if w["type"] is None:
        w.emit(Op.CITIZEN, a=w.slot("value"))
        return
    with w.only_if(Op.IF_TEXT, a=w.slot("type"), b=w.text("CITIZEN_ID")):
        w.emit(Op.CITIZEN, a=w.slot("value"))


def _g_code(w: Writer) -> None:
    with w.only_if(Op.IF_TEXT, a=w.slot("type"), b=w.text("G_CODE")), w.only_if(Op.IF_GIVEN, a=w.slot("year")):
        w.match(w.slot("value"), patterns.compiled(G_CODE.pattern))
        w.emit(Op.G_YEAR, a=w.slot("value"), b=w.slot("year"))


def _id_fits(w: Writer) -> None:
    for name, form in ID_FORMS.items():
        with w.only_if(Op.IF_TEXT, a=w.slot("type"), b=w.text(name)):
            w.match(w.slot("value"), patterns.compiled(form.pattern))


def _differs(w: Writer) -> None:
    w.emit(Op.DIFFER, a=w.slot("field"), b=w.slot("other"))


def _one_of(w: Writer) -> None:
    others = w.slots("others")
    w.emit(Op.ONE_OF, a=w.slot("field"), b=w.numbers(others), c=len(others))


def _subject_is_pseudonym(w: Writer) -> None:
    w.match(w.slot("field"), patterns.compiled(PSEUDONYM.pattern))


def _known(w: Writer) -> None:
    w.emit(Op.NOT_TEXT, a=w.slot("field"), b=w.text("UNKNOWN"))


def _code(w: Writer) -> None:
    table = w.library.codes(w["list"], w["values"], w["also"])
    w.emit(Op.CODE, a=w.slot_and_items("field"), b=w.table(table), c=w.slot("on"), d=int(not w["also"]))


def _code_by(w: Writer) -> None:
    if _NONE in w["lists"]:
        raise Uncompilable("a list for nothing")
    lists = {key: w.table(w.library.codes(name)) for key, name in w["lists"].items()}
    w.emit(Op.CODE_BY, a=w.slot("field"), b=w.slot("by"), c=w.table(Table(lists)), d=w.slot("on"))


def _nesting(w: Writer) -> None:
    levels = [name for name in ("province", "district", "subdistrict") if w[name] is not None]
    places = [number for name in levels for number in (w.slot(name), w.table(w.library.codes(name)))]
    w.emit(Op.NEST, a=w.numbers(places), b=len(levels), c=w.slot("on"))


def _allowed(w: Writer) -> None:
    if len(w["table"]) > 64:
        raise Uncompilable("too many deciding values")
    sets = {key: w.table(Table(dict.fromkeys(values, 0))) for key, values in w["table"].items()}
    w.emit(Op.ALLOWED, a=w.slot_and_items("field"), b=w.slot_and_items("by"), c=w.table(Table(sets)))


def _academic_year(w: Writer) -> None:
    w.between(w.slot("field"), w["min"], w["max"])


def _date_window(w: Writer) -> None:
    w.between(w.slot("field"), days(date.fromisoformat(w["from"])), days(date.fromisoformat(w["to"])))


def _not_future(w: Writer) -> None:
    w.emit(Op.TODAY, a=w.slot("field"), x=whole(math.floor, w["days"]))


def _order(w: Writer) -> None:
    most = LAST if w["max_days"] is None else whole(math.floor, w["max_days"])
    w.emit(Op.ORDER, a=w.slot("first"), b=w.slot("second"), x=whole(math.ceil, w["min_days"]), y=most)


def _school_day(w: Writer) -> None:
    w.emit(Op.SCHOOL_DAY, a=w.slot("field"))


def _fiscal_year(w: Writer) -> None:
    w.emit(Op.FISCAL, a=w.slot("field"), b=w.slot("on"))


def _range(w: Writer) -> None:
    w.between(w.slot("field"), w["min"], w["max"], w.places("field"))
    if w["step"] is not None:
        w.emit(Op.STEP, a=w.slot("field"), b=w.places("field"), u=exact(w["step"]))


def _score_fits_grade(w: Writer) -> None:
    found = bands(codes_of(w.tables, w["list"]))
    table = Table(
        {grade: 2 * at for at, grade in enumerate(found)}, tuple(end for band in found.values() for end in band)
    )
    w.emit(Op.BAND, a=w.slot("score"), b=w.slot("grade"), c=w.table(table), d=w.places("score"))


def _at_most(w: Writer) -> None:
    w.emit(Op.AT_MOST, a=w.slot("field"), b=w.slot("other"), c=w.places("field"), d=w.places("other"))


def _sums_to(w: Writer) -> None:
    items = w.items("field")
    if items is not None:
        by, per = items.field(w["by"]), items.field(w["per"])
        w.emit(Op.SUMS_TO, a=w.slot("field"), b=by, c=per, u=exact(w["min"]), v=exact(w["max"]))


def _sum(w: Writer) -> None:
    shares = [number for name in w["fields"] for number in (w.fields.slot(name), w.places_of(name))]
    w.emit(Op.SUM, a=w.numbers(shares), b=len(w["fields"]), u=exact(w["total"]))


def _distance(w: Writer) -> None:
    if w.places("field") >= 0 or w.places("other") >= 0 or w["by"] != int(w["by"]):
        raise Uncompilable("a distance between decimals")
    w.emit(Op.DISTANCE, a=w.slot("other"), b=w.slot("field"), x=int(w["by"]))


def _limit_if(w: Writer) -> None:
    with w.only_if(Op.IF_IN, **_one_of_texts(w, "by", w["values"])):
        w.between(w.slot("field"), -math.inf, w["max"], w.places("field"))


def _unique(w: Writer) -> None:
    items = w.items("field")
    if items is not None:
        by = items.slot if w["by"] is None else items.field(w["by"])
        if by == NOTHING:
            raise Uncompilable("the items do not have the field")
        w.emit(Op.UNIQUE, a=w.slot("field"), b=by)


def _each(w: Writer) -> None:
    items = w.items("field")
    if items is None:
        return
    inner = w.fields.lend(w["lend"], items)
    with w.only_if(Op.EACH, a=w.slot("field")):
        for written in w["rules"]:
            spec = rule_spec(written)
            write(w.of(inner), spec.kind, spec.params)


def _school_serves(w: Writer) -> None:
    register = w.register()
    places = {"a": w.slot("school"), "b": w.slot("grade"), "c": w.slot("on")}
    mask = 1 << register.kinds["school"] if "school" in register.kinds else 0
    w.emit(Op.SCHOOL, **places, d=w.table(register.levels), x=w.table(register.table), y=mask)


def _organisation(w: Writer) -> None:
    register = w.register()
    mask = sum(1 << bit for kind, bit in register.kinds.items() if kind in w["kinds"])
    places = {"a": w.slot("field"), "b": w.slot("province"), "c": w.slot("on")}
    w.emit(Op.ORGANISATION, **places, x=w.table(register.table), y=mask)


def _province_of_school(w: Writer) -> None:
    register = w.register()
    if "" in register.table.values:
        raise Uncompilable("an organisation without a name")
    places = {"a": w.slot("province"), "b": w.slot("code10"), "c": w.slot("school")}
    w.emit(Op.CODE_TEN, **places, x=w.table(register.table))


def _prefix_gender_age(w: Writer) -> None:
    found = meanings(codes_of(w.tables, w["prefix_list"]), codes_of(w.tables, w["gender_list"]))
    texts = sorted({gender for gender, _ in found.values() if gender is not None})
    values = {code: (texts.index(gender) << 1) | child for code, (gender, child) in found.items() if gender is not None}
    if len(values) != len(found):
        raise Uncompilable("a prefix of a gender that is in no list")
    table = Table(values, texts=tuple(texts))
    places = {"a": w.slot("prefix"), "b": w.slot("gender"), "c": w.slot("birth"), "d": w.slot("on")}
    w.emit(Op.PREFIX, **places, x=w.table(table))


def _age_grade(w: Writer) -> None:
    usual = usual_ages(codes_of(w.tables, w["list"])) if w["grade"] else {}
    ends = {"x": whole(math.ceil, w["min"]), "y": whole(math.floor, w["max"]), "u": exact(w["slack"])}
    w.emit(Op.AGE, a=w.slot("birth"), b=w.slot("grade"), c=w.slot("on"), d=w.table(Table(usual)), **ends)


def _retirement(w: Writer) -> None:
    if w["years"] != int(w["years"]):
        raise Uncompilable("a part of a year")
    w.emit(Op.RETIRE, a=w.slot("field"), b=w.slot("birth"), x=int(w["years"]))


def _code_step(w: Writer) -> None:
    if _NONE in w["steps"]:
        raise Uncompilable("steps for nothing")
    order = {code: at for at, code in enumerate(sorted(codes_of(w.tables, w["list"])))}
    steps: dict[str, int] = {}
    cells: list[int] = []
    for value, allowed in w["steps"].items():
        steps[value] = len(cells) << 8 | len(allowed)
        cells.extend(map(int, allowed))
    places = {"a": w.slot("before"), "b": w.slot("field"), "d": w.slot("by")}
    w.emit(Op.CODE_STEP, **places, c=w.table(Table(order)), x=w.table(Table(steps, tuple(cells))))


def _window(w: Writer) -> None:
    rounds = w.tables.rounds.windows
    numbers = [number for one in rounds for number in (one.opens, one.closes, one.day)]
    w.emit(Op.WINDOW, a=w.slot("on"), b=w.numbers(numbers), c=len(rounds))


def _round_over(w: Writer) -> None:
    rounds = [one for one in w.tables.rounds.windows if one.round == w["round"]]
    numbers = [number for one in rounds for number in (one.year_be, one.closes)]
    w.emit(Op.ROUND_OVER, a=w.slot("year"), b=w.numbers(numbers), c=len(rounds))


def _round_confirming(w: Writer) -> None:
    w.emit(Op.ABSENT, a=w.slot("round"))


FORMS: Final[Mapping[str, Form]] = {
    "required": _given,
    "required_when": _given_when,
    "some_given": _some_given,
    "text": _clean,
    "one_script": _one_script,
    "pattern": _pattern,
    "count": _count,
    "citizen_id": _citizen_id,
    "g_code": _g_code,
    "id_fits": _id_fits,
    "differs": _differs,
    "one_of": _one_of,
    "subject_is_pseudonym": _subject_is_pseudonym,
    "known": _known,
    "code": _code,
    "code_by": _code_by,
    "nesting": _nesting,
    "allowed": _allowed,
    "academic_year": _academic_year,
    "date_window": _date_window,
    "not_future": _not_future,
    "order": _order,
    "school_day": _school_day,
    "fiscal_year": _fiscal_year,
    "range": _range,
    "score_fits_grade": _score_fits_grade,
    "at_most": _at_most,
    "sums_to": _sums_to,
    "sum": _sum,
    "distance": _distance,
    "limit_if": _limit_if,
    "unique": _unique,
    "each": _each,
    "school_serves": _school_serves,
    "organisation": _organisation,
    "province_of_school": _province_of_school,
    "prefix_gender_age": _prefix_gender_age,
    "age_grade": _age_grade,
    "retirement": _retirement,
    "code_step": _code_step,
    "window": _window,
    "round_over": _round_over,
    "round_confirming": _round_confirming,
}


def write(w: Writer, kind: str, params: Mapping[str, Any]) -> None:
    """Write the instructions of one rule. Raises ``Uncompilable`` when its parameters have no compiled form."""
    FORMS[kind](w.about({p.name: params.get(p.name, p.default) for p in KINDS[kind].params}))
