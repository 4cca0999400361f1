"""Every rule kind: what it lets pass, what it objects to and where, and that it can say so in both languages."""

from datetime import date
from typing import Any

import pytest

from saan.core.calendar import days
from saan.core.catalogue import RuleSpec
from saan.core.outcome import Severity
from saan.core.rules import KINDS, Check, Facts, Shape, build

from .cases import CASES, LISTS_BY_KIND, RECEIVED, TODAY, Case, spec, tables


def prepared(case: Case) -> Check:
    (check,) = build([spec(case.kind, case.params)], tables(), {KINDS[case.kind].form})
    return check


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.kind}-{case.path or 'passes'}")
def test_a_kind_objects_where_it_must_and_nowhere_else(case: Case) -> None:
    check = prepared(case)
    assert [found.path for found in check(case.data, Facts(RECEIVED, case.learner))] == (
        [case.path] if case.path else []
    )


@pytest.mark.parametrize("case", [case for case in CASES if case.path], ids=lambda case: case.kind)
def test_an_objection_names_the_field_in_both_languages_and_never_the_value(case: Case) -> None:
    check = prepared(case)
    (found,) = check(case.data, Facts(RECEIVED, case.learner))
    field = found.path.rpartition(".")[2]
    for text in (found.th, found.en):
        assert field in text
        assert "{" not in text
    assert found.fix_th
    assert found.fix_en
    secrets = [v for v in case.data.values() if isinstance(v, str) and len(v) > 5]
    assert not [s for s in secrets for text in (found.th, found.en, found.fix_th, found.fix_en) if s in text]


def test_a_kind_names_every_list_that_its_parameters_choose_from() -> None:
    assert set(KINDS["code_by"].lists(LISTS_BY_KIND)) == {"status", "gender"}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_passing_and_a_failing_case(kind: str) -> None:
    paths = {case.path is None for case in CASES if case.kind == kind}
    assert paths == {True, False}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "each"])
def test_every_kind_has_words_in_both_languages(kind: str) -> None:
    assert KINDS[kind].doc
    for words in KINDS[kind].words.values():
        assert all((words.th, words.en, words.fix_th, words.fix_en))
        assert any("\u0e00" <= letter <= "\u0e7f" for letter in words.th + words.fix_th)


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.kind not in ("required", "some_given")], ids=lambda case: case.kind
)
def test_only_required_objects_to_fields_that_are_absent(case: Case) -> None:
    assert prepared(case)({}, Facts(RECEIVED, case.learner)) == ()


def test_a_rule_carries_its_own_code_severity_and_words() -> None:
    rule = spec("known", {"field": "a"}, code="V9", severity="warn", message={"en": "{path} is odd"})
    (found,) = build([rule], tables())[0]({"a": "UNKNOWN"}, Facts(RECEIVED))
    assert (found.code, found.severity, found.en) == ("V9", Severity.WARN, "a is odd")
    assert "ช่อง a" in found.th


@pytest.mark.parametrize(
    ("kind", "params", "at"),
    [
        ("range", {"field": "a", "min": 0}, "max"),
        ("range", {"field": "a", "min": "0", "max": 1}, "min"),
        ("known", {"field": "a", "feild": "b"}, "feild"),
        ("text", {"fields": "a"}, "fields"),
        ("allowed", {"field": "a", "by": "b", "table": {"x": "y"}}, "table"),
        ("each", {"field": "a", "rules": ["known"]}, "rules"),
    ],
)
def test_wrong_parameters_are_faults_and_cannot_be_prepared(kind: str, params: dict[str, Any], at: str) -> None:
    assert [fault.param for fault in KINDS[kind].faults(params)] == [at]
    with pytest.raises(ValueError, match=at):
        build([spec(kind, params)], tables())


@pytest.mark.parametrize("wrong", [spec("nonsense", {}), spec("code", {"field": "a", "list": "nonsense"})])
def test_an_unknown_kind_or_list_cannot_be_prepared(wrong: RuleSpec) -> None:
    with pytest.raises(ValueError, match="nonsense"):
        build([wrong], tables())


def test_a_kind_tells_which_fields_and_lists_a_rule_names() -> None:
    params = {"field": "a", "list": "status"}
    assert KINDS["code"].fields(params) == ("a", "effectiveDate")
    assert KINDS["code"].lists(params) == ("status",)
    assert KINDS["age_grade"].lists({"birth": "b"}) == ("grade-level",)
    assert KINDS["required"].fields({"fields": ["a", "b.c"]}) == ("a", "b.c")


def test_parameters_of_a_kind_have_different_names_and_a_description() -> None:
    for kind in KINDS.values():
        names = [param.name for param in kind.params]
        assert len(set(names)) == len(names)
        assert all(param.doc and param.shape in Shape for param in kind.params)


def test_today_in_these_tests_is_a_monday() -> None:
    assert days(date(2025, 6, 2)) == TODAY
