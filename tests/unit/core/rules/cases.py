"""Cases for every rule kind: data that it lets pass, data to which it objects and where."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from saan.core.assumed import Assumed, learner
from saan.core.calendar import days
from saan.core.catalogue import RuleSpec
from saan.core.codes import Code, CodeList
from saan.core.learner import Learner
from saan.core.marks import Term, mark
from saan.core.organisations import Organisation, Organisations
from saan.core.rounds import Window, opened
from saan.core.rules import Tables

TODAY = 20_241  # 2025-06-02, a Monday
RECEIVED = 1_748_833_200_000_000  # at ten in the morning of that day in Bangkok
LISTS = {
    "grade-level": ["211", "212", "213", "214", "215", "216", "311"],
    "province": ["96", "91"],
    "district": ["9601", "9101"],
    "subdistrict": ["960101", "910101"],
}


CLOSED = Window("JUN10", 2567, RECEIVED - 300, RECEIVED - 200, RECEIVED - 100, TODAY - 10)
PLANNED = Window("JUN10", 2568, RECEIVED + 100, RECEIVED + 200, RECEIVED + 300, TODAY + 10)


def code_list(name: str, codes: list[Code]) -> CodeList:
    return CodeList(name, f"CLS_{name}", {}, {c.code: c for c in codes})


def tables() -> Tables:
    lists = {name: code_list(name, [Code(c, c, c) for c in codes]) for name, codes in LISTS.items()}
    lists["prefix"] = code_list(
        "prefix", [Code("001", "เด็กชาย", "Master"), Code("003", "นาย", "Mr"), Code("9", "พระ", "")]
    )
    lists["gender"] = code_list("gender", [Code("1", "ชาย", "male"), Code("2", "หญิง", "female")])
    lists["grade"] = code_list(
        "grade", [Code("006", "3.5", "", "points=3.5;score=75-79;gpa=1"), Code("X03", "ผ", "", "gpa=0")]
    )
    lists["status"] = code_list("status", [Code("001", "", ""), Code("002", "", "", valid_to=100), Code("3", "", "")])
    schools = [
        Organisation("SC-1", "school", {}, (), "96", {"moe10": "1096240356"}, frozenset({"311"}), active_to=30_000),
        Organisation("SC-2", "school", {}, (), "96"),
        Organisation("PEO-96", "provincial-office", {}, ()),
    ]
    return Tables(lists, Organisations(schools), {"fee": 2}, opened([CLOSED, PLANNED]))


@dataclass(frozen=True)
class Case:
    """``path`` is where the rule objects, ``None`` when it lets the data pass."""

    kind: str
    params: Mapping[str, Any]
    data: Mapping[str, Any]
    path: str | None = None
    learner: Learner | None = None


ENROLLED = learner(Assumed("enrolled", "A", notes={"grade": "312", "licence": "20300"}), TODAY, "s")
GRADED = Learner(term=Term(2568, 1, (mark("ท", 1.5, "006"), mark("ลูกเสือ", 1, "X03"))))
AVERAGE = {"field": "gpa", "list": "grade"}
ENTRY = {"school": "s", "on": "on"}
EXIT = {**ENTRY, "becomes": "withdrawn", "by": "t", "told": {"deceased": ["04"]}}
ID = {"type": "t", "value": "v"}
AGE = {"birth": "b", "grade": "g", "on": "on"}
PREFIX = {"prefix": "p", "gender": "g", "birth": "b", "on": "on"}
NEST = {"province": "p", "district": "d", "subdistrict": "s"}
SERVES = {"school": "s", "grade": "g", "on": "on"}
SUCCESSOR = {"fields": ["n"], "by": "s", "values": ["02", "03"]}
LISTS_BY_KIND = {"field": "a", "by": "b", "lists": {"x": "status", "y": "gender"}}
OFFICE = {"field": "o", "kinds": ["provincial-office", "school"], "province": "p", "on": "on"}
STATUS_ON_DAY = {"code": "V4", "kind": "code", "field": "s", "list": "status", "on": "on"}
SHARES = {"field": "a", "by": "n"}
BORN_ON_1_OCTOBER = days(date(1964, 10, 1))
BORN_ON_2_OCTOBER = days(date(1964, 10, 2))
END_OF_FISCAL_2567 = days(date(2024, 9, 30))
END_OF_FISCAL_2568 = days(date(2025, 9, 30))
STEP = {"before": "f", "field": "t", "list": "grade-level", "by": "d", "steps": {"up": ["1"], "again": ["0"]}}
BORN_2012 = 15_400
BORN_2003 = 12_100

CASES = [
    Case("required", {"fields": ["a", "b.c"]}, {"a": 0, "b": {"c": "x"}}),
    Case("required", {"fields": ["a", "b.c"]}, {"a": 0, "b": None}, "b.c"),
    Case("required", {"fields": ["a"]}, {"a": ""}, "a"),
    Case("required_when", SUCCESSOR, {"s": "01", "n": None}),
    Case("required_when", SUCCESSOR, {"s": "02", "n": "SC-2"}),
    Case("required_when", SUCCESSOR, {"s": "02", "n": ""}, "n"),
    Case("required_when", {"fields": ["a"], "by": "b"}, {"b": ""}),
    Case("required_when", {"fields": ["a"], "by": "b"}, {"b": 0}, "a"),
    Case("some_given", {"fields": ["a", "b"]}, {"a": "", "b": 0}),
    Case("some_given", {"fields": ["a", "b"]}, {"a": "", "b": None}, "a"),
    Case("count", {"field": "a", "min": 2}, {"a": ["x", "y"]}),
    Case("count", {"field": "a", "min": 2}, {"a": ["x"]}, "a"),
    Case("count", {"field": "a", "min": 0, "max": 1}, {"a": ["x", "y"]}, "a"),
    Case("one_script", {"fields": ["a"]}, {"a": "นูรีดา Nurida"}),
    Case("one_script", {"fields": ["a"]}, {"a": "นูรีda"}, "a"),
    Case("one_script", {"fields": ["a"]}, {"a": "N\u0443rida"}, "a"),
    Case("sum", {"fields": ["s.a", "s.b"], "total": 100}, {"s": {"a": 60, "b": 40}}),
    Case("sum", {"fields": ["s.a", "s.b"]}, {"s": {"a": 99.9, "b": 0.1}}),
    Case("sum", {"fields": ["s.a", "s.b"]}, {"s": {"a": 60, "b": 50}}, "s"),
    Case("distance", {"field": "a", "other": "b"}, {"a": 2568, "b": 2567}),
    Case("distance", {"field": "a", "other": "b"}, {"a": 2569, "b": 2567}, "a"),
    Case("limit_if", {"field": "a", "max": 3000, "by": "b", "values": ["poor"]}, {"a": 3000.0, "b": "poor"}),
    Case("limit_if", {"field": "a", "max": 3000, "by": "b", "values": ["poor"]}, {"a": 9000, "b": "rich"}),
    Case("limit_if", {"field": "a", "max": 3000, "by": "b", "values": ["poor"]}, {"a": 3001, "b": "poor"}, "a"),
    Case("code_step", STEP, {"f": "216", "t": "311", "d": "up"}),
    Case("code_step", STEP, {"f": "216", "t": "216", "d": "again"}),
    Case("code_step", STEP, {"f": "216", "t": "211", "d": "else"}),
    Case("code_step", STEP, {"f": "215", "t": "311", "d": "up"}, "t"),
    Case("text", {"fields": ["a"]}, {"a": "นูรีดา สาแวดาโอะ"}),
    Case("text", {"fields": ["a"]}, {"a": None}),
    Case("text", {"fields": ["a"]}, {"a": "นู\u200bรีดา"}, "a"),
    Case("text", {"fields": ["a"]}, {"a": "<b>"}, "a"),
    Case("text", {"fields": ["a"]}, {"a": "a\u0007"}, "a"),
    Case("text", {"fields": ["a"]}, {"a": " a"}, "a"),
    Case("text", {"fields": ["a"]}, {"a": "เเก้ว"}, "a"),
    Case("text", {"fields": ["a"], "max": 3}, {"a": "abcd"}, "a"),
    Case("text", {"fields": ["a"], "pattern": "[0-9]+"}, {"a": "x"}, "a"),
    Case("pattern", {"field": "a", "regex": "[0-9]{2}"}, {"a": "12"}),
    Case("pattern", {"field": "a", "regex": "[0-9]{2}"}, {"a": "12\n"}, "a"),
    Case("citizen_id", ID, {"t": "CITIZEN_ID", "v": "1000000000009"}),
    Case("citizen_id", ID, {"t": "PASSPORT", "v": "1000000000008"}),
    Case("citizen_id", ID, {"t": "CITIZEN_ID", "v": "1000000000008"}, "v"),
    Case("citizen_id", {"value": "v"}, {"v": "๑๐๐๐๐๐๐๐๐๐๐๐๙"}, "v"),
    Case("g_code", {**ID, "year": "y"}, {"t": "G_CODE", "v": "G689600000001", "y": 2568}),
    Case("g_code", {**ID, "year": "y"}, {"t": "CITIZEN_ID", "v": "x", "y": 2568}),
    Case("g_code", {**ID, "year": "y"}, {"t": "G_CODE", "v": "G699600000001", "y": 2568}, "v"),
    Case("id_fits", ID, {"t": "PASSPORT", "v": "AB123456"}),
    Case("id_fits", ID, {"t": "CITIZEN_ID", "v": "G689600000001"}, "v"),
    Case("differs", {"field": "a", "other": "b"}, {"a": None, "b": None}),
    Case("differs", {"field": "a", "other": "b"}, {"a": "1", "b": "1"}, "a"),
    Case("one_of", {"field": "a", "others": ["b", "c"]}, {"a": "2", "b": "1", "c": "2"}),
    Case("one_of", {"field": "a", "others": ["b", "c"]}, {"a": "3", "b": "1", "c": "2"}, "a"),
    Case("subject_is_pseudonym", {"field": "a"}, {"a": "st-0123456789abcdef0123"}),
    Case("subject_is_pseudonym", {"field": "a"}, {"a": "I1000000000009"}, "a"),
    Case("known", {"field": "a"}, {"a": "new"}),
    Case("known", {"field": "a"}, {"a": "UNKNOWN"}, "a"),
    Case("code", {"field": "a", "list": "status", "on": "on"}, {"a": "002", "on": 99}),
    Case("code", {"field": "a", "list": "status", "on": "on"}, {"a": "002", "on": 100}, "a"),
    Case("code", {"field": "a", "list": "status"}, {"a": ["001", "3"]}),
    Case("code", {"field": "a", "list": "status"}, {"a": ["001", "4"]}, "a"),
    Case("code", {"field": "a", "list": "status", "values": ["001"]}, {"a": "3"}, "a"),
    Case("code_by", LISTS_BY_KIND, {"a": "1", "b": "y"}),
    Case("code_by", LISTS_BY_KIND, {"a": "1", "b": "z"}),
    Case("code_by", LISTS_BY_KIND, {"a": "1", "b": "x"}, "a"),
    Case("code_by", {**LISTS_BY_KIND, "on": "on"}, {"a": "002", "b": "x", "on": 100}, "a"),
    Case("code", {"field": "a", "list": "status", "also": ["UNKNOWN"]}, {"a": "UNKNOWN"}),
    Case("nesting", NEST, {"p": "96", "d": "9601", "s": "960101"}),
    Case("nesting", NEST, {"p": "96", "d": "9101", "s": "910101"}, "d"),
    Case("nesting", NEST, {"p": "96", "s": "910101"}, "s"),
    Case("nesting", {"province": "p"}, {"p": "97"}, "p"),
    Case("allowed", {"field": "a", "by": "b", "table": {"ONET": ["216"]}}, {"a": "216", "b": "ONET"}),
    Case("allowed", {"field": "a", "by": "b", "table": {"ONET": ["216"]}}, {"a": "211", "b": "RT"}),
    Case("allowed", {"field": "a", "by": "b", "table": {"ONET": ["216"]}}, {"a": "211", "b": "ONET"}, "a"),
    Case(
        "allowed", {"field": "a", "by": "b", "table": {"03": ["211"], "04": ["311"]}}, {"a": ["211"], "b": ["03", "04"]}
    ),
    Case("allowed", {"field": "a", "by": "b", "table": {"03": ["211"]}}, {"a": ["411"], "b": ["03", "05"]}),
    Case("allowed", {"field": "a", "by": "b", "table": {"03": ["211"]}}, {"a": ["211", "311"], "b": ["03"]}, "a"),
    Case("retirement", {"field": "r", "birth": "b"}, {"r": END_OF_FISCAL_2567, "b": BORN_ON_1_OCTOBER}),
    Case("retirement", {"field": "r", "birth": "b"}, {"r": END_OF_FISCAL_2568, "b": BORN_ON_2_OCTOBER}),
    Case("retirement", {"field": "r", "birth": "b"}, {"r": END_OF_FISCAL_2567, "b": BORN_ON_2_OCTOBER}, "r"),
    Case("retirement", {"field": "r"}, {"r": END_OF_FISCAL_2567 + 1}, "r"),
    Case("retirement", {"field": "r", "birth": "b"}, {"r": END_OF_FISCAL_2567, "b": 2**30}, "r"),
    Case("prefix_gender_age", PREFIX, {"p": "001", "g": "1", "b": BORN_2012, "on": TODAY}),
    Case("prefix_gender_age", PREFIX, {"p": "9", "g": "2", "b": BORN_2012, "on": TODAY}),
    Case("prefix_gender_age", PREFIX, {"p": "001", "g": "2", "b": BORN_2012, "on": TODAY}, "p"),
    Case("prefix_gender_age", PREFIX, {"p": "001", "g": "1", "b": BORN_2003, "on": TODAY}, "p"),
    Case("age_grade", AGE, {"b": BORN_2012, "g": "311", "on": TODAY}),
    Case("age_grade", AGE, {"b": BORN_2003, "g": "211", "on": TODAY}, "b"),
    Case("age_grade", AGE, {"b": 0, "g": "311", "on": TODAY}, "b"),
    Case("age_grade", AGE, {"b": 2**30, "g": "311", "on": TODAY}),
    Case("school_serves", SERVES, {"s": "SC-1", "g": "311", "on": TODAY}),
    Case("school_serves", SERVES, {"s": "SC-2", "g": "211", "on": TODAY}),
    Case("school_serves", SERVES, {"s": "SC-1", "g": "211", "on": TODAY}, "g"),
    Case("school_serves", SERVES, {"s": "SC-1", "g": "311", "on": 30_000}, "s"),
    Case("school_serves", SERVES, {"s": "PEO-96", "on": TODAY}, "s"),
    Case("organisation", OFFICE, {"o": "PEO-96", "p": "96", "on": TODAY}),
    Case("organisation", OFFICE, {"o": "OBEC", "p": "96", "on": TODAY}, "o"),
    Case("organisation", OFFICE, {"o": "SC-1", "p": "96", "on": 30_000}, "o"),
    Case("organisation", OFFICE, {"o": "SC-1", "p": "91", "on": TODAY}, "p"),
    Case("province_of_school", {}, {"provinceCode": "96", "schoolCode10": "1096240356"}),
    Case("province_of_school", {}, {"provinceCode": "91", "schoolCode10": "1096240356"}, "provinceCode"),
    Case("province_of_school", {"school": "s"}, {"schoolCode10": "1096240357", "s": "SC-1"}, "schoolCode10"),
    Case("academic_year", {"field": "y"}, {"y": 2568}),
    Case("academic_year", {"field": "y"}, {"y": 2025}, "y"),
    Case("date_window", {"field": "a"}, {"a": TODAY}),
    Case("date_window", {"field": "a", "from": "1900-01-01"}, {"a": 218_000}, "a"),
    Case("not_future", {"field": "a"}, {"a": TODAY}),
    Case("not_future", {"field": "a"}, {"a": TODAY + 1}, "a"),
    Case("not_future", {"field": "a", "days": 1}, {"a": TODAY + 1}),
    Case("order", {"first": "a", "second": "b", "max_days": 30}, {"a": 1, "b": 31}),
    Case("order", {"first": "a", "second": "b", "max_days": 30}, {"a": 1, "b": 32}, "b"),
    Case("order", {"first": "a", "second": "b"}, {"a": 2, "b": 1}, "b"),
    Case("order", {"first": "a", "second": "b", "min_days": 1}, {"a": 1, "b": 1}, "b"),
    Case("fiscal_year", {"field": "y", "on": "d"}, {"y": 2567, "d": END_OF_FISCAL_2567}),
    Case("fiscal_year", {"field": "y", "on": "d"}, {"y": 2568, "d": END_OF_FISCAL_2567 + 1}),
    Case("fiscal_year", {"field": "y", "on": "d"}, {"y": 2567, "d": END_OF_FISCAL_2568}, "y"),
    Case("fiscal_year", {"field": "y", "on": "d"}, {"y": 2567, "d": 2**40}, "y"),
    Case("school_day", {"field": "a"}, {"a": TODAY + 4}),
    Case("school_day", {"field": "a"}, {"a": TODAY + 5}, "a"),
    Case("school_day", {"field": "a"}, {"a": TODAY - 1}, "a"),
    Case("window", {"on": "a"}, {"a": TODAY}),
    Case("window", {"on": "a"}, {"a": TODAY - 10}, "a"),
    Case("round_over", {"round": "JUN10", "year": "y"}, {"y": 2567}),
    Case("round_over", {"round": "EOY", "year": "y"}, {"y": 2567}),
    Case("round_over", {"round": "JUN10", "year": "y"}, {"y": 2568}, "y"),
    Case("round_confirming", {"round": "r", "year": "y"}, {"r": "JUN10", "y": 2567}),
    Case("round_confirming", {"round": "r", "year": "y"}, {"r": "JUN10", "y": 2568}, "r"),
    Case("round_confirming", {"round": "r", "year": "y"}, {"r": "EOY", "y": 2568}, "r"),
    Case("range", {"field": "a", "min": 0.5, "max": 9, "step": 0.5}, {"a": 1.5}),
    Case("range", {"field": "a", "min": 0.5, "max": 9, "step": 0.5}, {"a": 0.8}, "a"),
    Case("range", {"field": "a", "min": 0, "max": 9}, {"a": float("nan")}, "a"),
    Case("range", {"field": "fee", "min": 0, "max": 10}, {"fee": (1000).to_bytes(2, "big")}),
    Case("range", {"field": "fee", "min": 0, "max": 10}, {"fee": (1001).to_bytes(2, "big")}, "fee"),
    Case("score_fits_grade", {"score": "s", "grade": "g"}, {"s": 79.5, "g": "006"}),
    Case("score_fits_grade", {"score": "s", "grade": "g"}, {"s": 12, "g": "X03"}),
    Case("score_fits_grade", {"score": "s", "grade": "g"}, {"s": 80, "g": "006"}, "s"),
    Case("at_most", {"field": "a", "other": "b"}, {"a": [1, 2], "b": 2}),
    Case("at_most", {"field": "a", "other": "b"}, {"a": 3, "b": 2}, "a"),
    Case("sums_to", SHARES, {"a": [{"n": 60}, {"n": 40}]}),
    Case("sums_to", {**SHARES, "min": 0}, {"a": [{"n": 60}, {"n": None}]}),
    Case("sums_to", SHARES, {"a": [{"n": 50}, {"n": 40}]}, "a"),
    Case("sums_to", {**SHARES, "per": "g"}, {"a": [{"n": 100, "g": 1}, {"n": 100, "g": 2}]}),
    Case("sums_to", {**SHARES, "per": "g"}, {"a": [{"n": 100, "g": 1}, {"n": 90, "g": 2}]}, "a"),
    Case("unique", {"field": "a", "by": "x"}, {"a": [{"x": 1}, {"x": 2}]}),
    Case("unique", {"field": "a", "by": "x"}, {"a": [{"x": 1}, {"x": 1}]}, "a"),
    Case("unique", {"field": "a"}, {"a": ["x", "x"]}, "a"),
    Case("each", {"field": "a", "rules": [{"code": "V4", "kind": "known", "field": "s"}]}, {"a": [{"s": "late"}]}),
    Case(
        "each",
        {"field": "a", "rules": [{"code": "V4", "kind": "known", "field": "s"}]},
        {"a": [{"s": "late"}, {"s": "UNKNOWN"}]},
        "a[1].s",
    ),
    Case("each", {"field": "a", "rules": [STATUS_ON_DAY], "lend": ["on"]}, {"a": [{"s": "002"}], "on": 99}),
    Case("each", {"field": "a", "rules": [STATUS_ON_DAY], "lend": ["on"]}, {"a": [{"s": "002"}], "on": 100}, "a[0].s"),
    Case("one_enrolment", ENTRY, {"s": "A", "on": TODAY}, None, ENROLLED),
    Case("one_enrolment", {**ENTRY, "leaving": "from"}, {"s": "B", "on": TODAY, "from": "A"}, None, ENROLLED),
    Case("one_enrolment", ENTRY, {"s": "B", "on": TODAY}, "s", ENROLLED),
    Case("step", EXIT, {"s": "A", "on": TODAY, "t": "01"}, None, ENROLLED),
    Case("step", EXIT, {"s": "A", "on": TODAY, "t": "01"}, "on", learner(Assumed("suspended", "A"), TODAY, "s")),
    Case("step", EXIT, {"s": "A", "on": TODAY, "t": "04"}, None, learner(Assumed("suspended", "A"), TODAY, "s")),
    Case("step", EXIT, {"s": "A", "on": TODAY}, "on", learner(Assumed("graduated", "A"), TODAY, "s")),
    Case("step", EXIT, {"s": "B", "on": TODAY}, "on", ENROLLED),
    Case("step", EXIT, {"s": "A", "on": TODAY}, "on", Learner()),
    Case("alive", {"on": "on"}, {"on": TODAY}, None, ENROLLED),
    Case("alive", {"on": "on"}, {"on": TODAY}, "on", learner(Assumed("deceased", "A"), TODAY, "s")),
    Case("noted", {"note": "grade", "field": "g"}, {"g": "312"}, None, ENROLLED),
    Case("noted", {"note": "grade", "field": "g"}, {"g": "311"}, "g", ENROLLED),
    Case("noted", {"note": "grade", "field": "g", "fits": {"m3": ["313"]}}, {"g": "m3"}, "g", ENROLLED),
    Case("noted", {"note": "grade", "field": "g"}, {"g": "311"}, None, Learner()),
    Case("noted_until", {"note": "licence", "on": "on"}, {"on": 20_300}, None, ENROLLED),
    Case("noted_until", {"note": "licence", "on": "on", "unless": "w"}, {"on": 20_301}, "on", ENROLLED),
    Case("noted_until", {"note": "licence", "on": "on", "unless": "w"}, {"on": 20_301, "w": True}, None, ENROLLED),
    Case("average_of_term", AVERAGE, {"gpa": 3.5, "academicYearBE": 2568, "semester": 1}, None, GRADED),
    Case("average_of_term", AVERAGE, {"gpa": 3.51, "academicYearBE": 2568, "semester": 1}, "gpa", GRADED),
    Case("average_of_term", AVERAGE, {"gpa": 3.51, "academicYearBE": 2568, "semester": 2}, None, GRADED),
    Case("average_of_term", AVERAGE, {"gpa": 3.51, "academicYearBE": 2568, "semester": 1}, None, Learner()),
]


def spec(kind: str, params: Mapping[str, Any], **more: Any) -> RuleSpec:
    return RuleSpec(more.get("code", "V0"), kind, more.get("severity", ""), params, more.get("message", {}))
