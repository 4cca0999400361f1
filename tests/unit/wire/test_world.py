"""Governed records become a world; a record that is none says which one it is."""

from typing import Any

import pytest

from saan.wire.world import BadEntity, build

SCHEMA = {
    "type": "record",
    "name": "StudentCounted",
    "namespace": "th.saan.student",
    "fields": [{"name": "schoolUid", "type": "string", "class": "C1"}],
}
EVENT = {
    "event": "student.counted",
    "schema": "student.counted.avsc",
    "title": {"th": "นับ", "en": "Counted"},
    "domain": "student",
    "class": "C2k",
    "publishers": ["school"],
    "subject": {"kind": "school", "fields": ["schoolUid"]},
    "school": "schoolUid",
    "retention": "register",
    "rules": [
        {"code": "V8", "kind": "school_serves", "school": "schoolUid"},
        {"code": "V4", "kind": "code", "field": "x", "list": "y", "severity": "warn", "message": {"en": "no"}},
    ],
    "avro": SCHEMA,
}
PARTICIPANT = {
    "id": "peo-96",
    "kind": "provincial-office",
    "name": {"th": "สำนักงาน", "en": "Office"},
    "speaks_for": ["PEO-96"],
    "purposes": ["REGISTER"],
    "agreements": [
        {
            "id": "AG-1",
            "events": ["student.counted"],
            "purposes": ["REGISTER"],
            "basis": "s24(4)",
            "ceiling": "C2k",
            "view": "province",
            "scope": ["PEO-96"],
            "valid_from": "2025-01-01",
            "valid_to": "2026-01-01",
            "where": {"gradeLevelCode": ["311"]},
        }
    ],
}
ORGANISATIONS = {
    "columns": [
        "id",
        "kind",
        "name_th",
        "name_en",
        "province_code",
        "valid_from",
        "valid_to",
        "grade_levels",
        "code_smis8",
    ],
    "rows": [
        ["SC-1", "school", "โรงเรียน", "School", "96", "2020-01-01", "", "311 312", "96990001"],
        ["PEO-96", "provincial-office", "สำนักงาน"],
        ["PEO-95", "provincial-office", "สำนักงาน"],
    ],
}
TIES = {
    "columns": ["organisation", "parent", "valid_from", "valid_to"],
    "rows": [["SC-1", "PEO-95", "", "2024-01-01"], ["SC-1", "PEO-96", "2024-01-01"]],
}
LIST = {
    "official": "CLS_GENDER",
    "title": {"th": "เพศ", "en": "gender"},
    "provenance": {"source": "a test"},
    "columns": ["code", "name_th", "name_en", "note", "valid_from", "valid_to"],
    "rows": [["1", "ชาย", "male"], ["2", "หญิง", "female", "", "1970-01-03", "1970-01-05"]],
}
CROSSWALK = {
    "columns": ["list", "source_system", "source_code", "source_name", "canonical_code"],
    "rows": [["CLS_GENDER", "OBEC-DMC", "M", "ชาย", "1"], ["CLS_GENDER", "OBEC-DMC", "X", "อื่น"]],
}
ENTITIES: dict[str, dict[str, Any]] = {
    "event/student.counted": EVENT,
    "participant/peo-96": PARTICIPANT,
    "organisations/schools": ORGANISATIONS,
    "organisations/ties": TIES,
    "codes/gender": LIST,
    "crosswalk": CROSSWALK,
    "credential/peo-96": {"anything": 1},
}
JAN_2024 = 19_723


def test_an_event_type_takes_its_record_name_from_its_schema() -> None:
    event = build(ENTITIES).events["student.counted"]
    assert event.record == "th.saan.student.StudentCounted"
    assert event.schema == SCHEMA
    assert (event.subject_kind, event.subject) == ("school", ("schoolUid",))


def test_a_rule_keeps_its_parameters_and_leaves_severity_to_its_kind() -> None:
    first, second = build(ENTITIES).events["student.counted"].rules
    assert (first.kind, first.severity, first.params) == ("school_serves", "", {"school": "schoolUid"})
    assert (second.severity, second.params, second.message) == ("warn", {"field": "x", "list": "y"}, {"en": "no"})


def test_an_agreement_begins_and_ends_at_midnight_in_bangkok() -> None:
    (agreement,) = build(ENTITIES).participants["peo-96"].agreements
    assert agreement.valid_from == 1_735_664_400_000_000  # 2024-12-31T17:00:00Z
    assert agreement.valid_to == 1_767_200_400_000_000  # 2025-12-31T17:00:00Z
    assert agreement.where == {"gradeLevelCode": frozenset({"311"})}


def test_a_participant_keeps_the_purposes_it_may_name() -> None:
    assert build(ENTITIES).participants["peo-96"].purposes == {"REGISTER"}


def test_short_rows_are_filled_with_nothing() -> None:
    office = build(ENTITIES).organisations.get("PEO-96")
    assert office is not None
    assert (office.province, office.codes, office.levels) == ("", {}, frozenset())


def test_a_tie_holds_from_its_first_day_to_before_its_last() -> None:
    organisations = build(ENTITIES).organisations
    assert organisations.above("SC-1", JAN_2024 - 1) == {"SC-1", "PEO-95"}
    assert organisations.above("SC-1", JAN_2024) == {"SC-1", "PEO-96"}


def test_an_organisation_is_found_by_its_code_and_knows_its_levels() -> None:
    school = build(ENTITIES).organisations.by_code("smis8", "96990001")
    assert school is not None
    assert (school.id, school.active_from) == ("SC-1", 18_262)
    assert school.levels == {"311", "312"}


def test_a_code_has_its_days_of_validity() -> None:
    codes = build(ENTITIES).codes["gender"].codes
    assert (codes["1"].valid_from, codes["2"].valid_from, codes["2"].valid_to) == (None, 2, 4)


def test_a_code_of_another_system_is_found_by_code_and_by_name_and_never_guessed() -> None:
    crosswalk = build(ENTITIES).crosswalk
    assert crosswalk.canonical("CLS_GENDER", "OBEC-DMC", "M") == "1"
    assert crosswalk.canonical("CLS_GENDER", "OBEC-DMC", "ชาย") == "1"
    assert crosswalk.canonical("CLS_GENDER", "OBEC-DMC", "X") is None


def test_nothing_governed_yet_is_an_empty_world() -> None:
    world = build({}, "production")
    assert (len(world.organisations), dict(world.events), world.environment) == (0, {}, "production")


@pytest.mark.parametrize(
    ("id", "spoiled"),
    [
        ("event/student.counted", {**EVENT, "class": "C9"}),
        ("event/student.counted", {key: value for key, value in EVENT.items() if key != "avro"}),
        ("participant/peo-96", {**PARTICIPANT, "surprise": 1}),
        ("codes/gender", {"rows": []}),
        ("codes/gender", {**LIST, "rows": [["1", "ชาย", "male", "", "soon"]]}),
        ("crosswalk", {"columns": ["list"], "rows": [["CLS_GENDER"]]}),
        ("organisations/schools", {"columns": ["id"], "rows": [["SC-1"]]}),
        ("organisations/ties", {**TIES, "rows": [["SC-1", "PEO-96", "soon"]]}),
    ],
)
def test_a_record_that_is_none_is_named_and_its_values_are_not(id: str, spoiled: dict[str, Any]) -> None:
    with pytest.raises(BadEntity) as refused:
        build({**ENTITIES, id: spoiled})
    assert str(refused.value).startswith(id)
    assert "soon" not in str(refused.value)
    assert "C9" not in str(refused.value)
