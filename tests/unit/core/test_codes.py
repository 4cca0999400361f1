"""Which code is valid when: the validity on the record's own date decides, and an empty list lets nothing by unsaid."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saan.core.calendar import days
from saan.core.catalogue import RuleSpec
from saan.core.codes import Code, CodeList, in_force, joined
from saan.core.organisations import Organisations
from saan.core.outcome import Finding, Severity
from saan.core.rules import Check, Facts, Tables, build
from saan.wire.files import default_folder, read
from saan.wire.world import code_list

RETIRED = ("500306", "500309", "500310")
SUCCESSORS = ("502501", "502502", "502503")
DAY = st.integers(min_value=-20_000, max_value=47_000)
PERIODS = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 10)), max_size=5)


@cache
def places() -> Tables:
    """The three shipped lists of places."""
    entities = read(default_folder()).entities()
    names = ("province", "district", "subdistrict")
    return Tables({name: code_list(name, entities[f"codes/{name}"]) for name in names}, Organisations(()))


@cache
def checks_of_places() -> tuple[Check, Check]:
    """The rule that a subdistrict is in its list, and the rule that it lies in its district and province."""
    nesting = {"province": "p", "district": "d", "subdistrict": "s"}
    specs = RuleSpec("V4", "code", "", {"field": "s", "list": "subdistrict"}), RuleSpec("V5", "nesting", "", nesting)
    in_list, nested = build(specs, places())
    return in_list, nested


def found(tables: Tables, kind: str, data: Mapping[str, Any], **params: Any) -> tuple[Finding, ...]:
    (check,) = build([RuleSpec("V4", kind, "", params)], tables)
    return check(data, Facts(0))


def a_list(*codes: Code) -> Tables:
    return Tables({"x": CodeList("x", "CLS_X", {}, joined(codes))}, Organisations(()))


@given(day=DAY, which=st.integers(0, 2))
@settings(deadline=None)  # the first one reads the lists
def test_a_retired_subdistrict_is_accepted_before_its_end_and_refused_from_then_on(day: int, which: int) -> None:
    old, new = RETIRED[which], SUCCESSORS[which]
    end = places().codes["subdistrict"].codes[old].valid_to
    assert end == days(date(2009, 12, 26))
    for code, valid in ((old, day < end), (new, day >= end)):
        data = {"s": code, "d": code[:4], "p": code[:2], "effectiveDate": day}
        assert [check(data, Facts(0)) == () for check in checks_of_places()] == [valid, valid]


@given(periods=PERIODS, day=st.integers(-5, 140))
@settings(deadline=None)
def test_a_code_is_valid_on_exactly_the_days_of_its_rows(periods: list[tuple[int, int]], day: int) -> None:
    rows, start = [], 0
    for gap, length in periods:
        rows.append(Code("1", f"name {len(rows)}", "", valid_from=start + gap, valid_to=start + gap + length))
        start += gap + length
    codes = joined(rows)
    meant = [one for one in rows if one.valid_from is not None and one.valid_to is not None]
    holding = [one.th for one in meant if (one.valid_from or 0) <= day < (one.valid_to or 0)]
    assert in_force(codes)("1", day) == bool(holding)
    if holding:
        on = codes["1"].on(day)
        assert on is not None
        assert [on.th] == holding


def test_a_code_whose_name_changed_leads_with_its_newest_name() -> None:
    codes = joined([Code("1", "ใหม่", "new", valid_from=100), Code("1", "เก่า", "old", valid_to=100)])
    assert codes["1"].th == "ใหม่"
    assert [one.th for one in codes["1"].earlier] == ["เก่า"]


def test_without_a_date_a_code_need_only_have_been_valid_at_some_time() -> None:
    assert found(a_list(Code("1", "", "", valid_to=5)), "code", {"a": "1"}, field="a", list="x") == ()


@pytest.mark.parametrize("value", ["05", "A-1.2/b_3", ["1", "2"]])
def test_a_code_of_a_list_without_values_is_let_pass_and_flagged(value: Any) -> None:
    (flag,) = found(a_list(), "code", {"a": value, "effectiveDate": 1}, field="a", list="x")
    assert (flag.severity, flag.path, flag.code) == (Severity.WARN, "a", "V4")
    assert "x has no values yet" in flag.en
    assert "ยังไม่มีค่า" in flag.th


@pytest.mark.parametrize("value", ["", "งบอุดหนุน", "two words", "x" * 41, ["1", "<b>"]])
def test_what_is_no_code_at_all_is_refused_even_where_the_list_has_no_values(value: Any) -> None:
    (refusal,) = found(a_list(), "code", {"a": value}, field="a", list="x")
    assert refusal.severity is Severity.REJECT


@pytest.mark.parametrize("value", [None, []])
def test_an_absent_value_is_no_business_of_a_list_without_values(value: Any) -> None:
    assert found(a_list(), "code", {"a": value}, field="a", list="x") == ()


def test_a_list_without_values_that_another_field_chooses_lets_pass_and_flags() -> None:
    chosen = {"field": "a", "by": "b", "lists": {"1": "x"}}
    (flag,) = found(a_list(), "code_by", {"a": "05", "b": "1"}, **chosen)
    assert (flag.severity, flag.path) == (Severity.WARN, "a")
    assert found(a_list(), "code_by", {"a": "05", "b": "2"}, **chosen) == ()


def test_words_of_a_rules_own_are_not_used_for_a_list_without_values() -> None:
    spec = RuleSpec("V4", "code", "", {"field": "a", "list": "x"}, {"en": "use the form"})
    (flag,) = build([spec], a_list())[0]({"a": "1"}, Facts(0))
    assert "no values yet" in flag.en
