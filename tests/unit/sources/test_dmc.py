"""What each kind of cell of a DMC roster becomes."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from saan.core.world import World
from saan.sources import dmc
from saan.sources.row import Row, RowOutcome

Read = Callable[..., list[Row]]


ENROLMENT = "student.enrolled"
APART = ["health.measured", "student.background-changed", "disadvantage.recorded"]


def data_of(row: Row) -> dict[str, Any]:
    """The fields of all events of the row side by side."""
    assert row.events, row.findings
    texts = {name: text for event in row.events for name, text in event["data"].get("originalTexts", {}).items()}
    return {**{name: value for event in row.events for name, value in event["data"].items()}, "originalTexts": texts}


def types_of(row: Row) -> list[str]:
    return [event["type"] for event in row.events]


def test_a_roster_has_the_36_columns_of_an_export(world: World) -> None:
    columns = world.files[dmc.NAME].headers()
    assert len(columns) == len(set(columns)) == 36


def test_every_field_that_the_roster_fills_is_in_the_schema(read: Read, world: World) -> None:
    for event in read({})[0].events:
        assert set(event["data"]) == {field["name"] for field in world.events[event["type"]].schema["fields"]}


def test_what_is_sensitive_travels_in_events_of_its_own_and_only_where_a_row_says_it(read: Read) -> None:
    full = read({})[0]
    assert types_of(full) == [ENROLMENT, *APART]
    assert {"weightKg", "religionCode", "disadvantagedCode"}.isdisjoint(full.events[0]["data"])
    assert len({event["id"] for event in full.events}) == 4
    bare = {"น้ำหนัก": "", "ส่วนสูง": "", "กลุ่มเลือด": "", "ศาสนา": "", "เชื้อชาติ": "-", "ความด้อยโอกาส": ""}
    assert types_of(read(bare)[0]) == [ENROLMENT]
    assert types_of(read({**bare, "ศาสนา": "พุทธ"})[0]) == [ENROLMENT, "student.background-changed"]


def test_a_row_whose_sensitive_part_is_refused_says_nothing_at_all(read: Read) -> None:
    row = read({"น้ำหนัก": "650"})[0]
    assert (row.outcome, row.rules, row.events) == (RowOutcome.REFUSE, ("V14",), ())


def test_a_measuring_that_is_told_again_in_the_next_term_keeps_its_id(read: Read) -> None:
    one, other = (read({}, today=date(2025, month, 10))[0] for month in (6, 9))
    assert [event["id"] for event in one.events] == [event["id"] for event in other.events]


def test_a_clean_pupil_is_accepted_with_nothing_said(read: Read) -> None:
    row = read({})[0]
    assert (row.number, row.outcome, row.findings) == (1, RowOutcome.ACCEPT, ())
    assert data_of(row)["fatherOccupationCode"] == "005"
    assert data_of(row)["guardianRelationCode"] == "001"
    assert data_of(row)["street"] is None


@pytest.mark.parametrize("written", ["ม.3", "ม. 3", " ม.๓ ", "มัธยมศึกษาปีที่ 3", "12"])
def test_a_class_is_read_in_every_spelling_that_means_one_thing(read: Read, written: str) -> None:
    assert data_of(read({"ชั้น": written})[0])["gradeLevelCode"] == "313"


@pytest.mark.parametrize(
    ("column", "cell", "rule"),
    [
        ("ชั้น", "ม.7", "V4"),
        ("ชั้น", "ปวช.1", "V4"),
        ("ชั้น", "", "V18"),
        ("คำนำหน้าชื่อ", "เลือก", "V4"),
        ("คำนำหน้าชื่อ", "สามเณร", "V4"),
        ("เพศ", "?", "V4"),
        ("เพศ", "", "V18"),
        ("ชื่อ", "", "V18"),
        ("นามสกุล", "-", "V18"),
        ("ชื่อ", "<b>ธารทิพย์</b>", "V12"),
        ("ชื่อ", "ธาร\x07ทิพย์", "V12"),
        ("ชื่อ", "ก" * 101, "V12"),
        ("ศาสนา", "<script>", "V12"),
        ("ศาสนา", "ก" * 101, "V12"),
        ("ตำบล", "<script>", "V12"),
        ("วันเกิด", "31/02/2556", "V13"),
        ("วันเกิด", "28/09/2652", "V13"),
        ("วันเกิด", "25/09/54", "V13"),
        ("วันเกิด", "", "V18"),
        ("น้ำหนัก", "650", "V14"),
        ("น้ำหนัก", "40,5", "V14"),
        ("ส่วนสูง", "1.59", "V14"),
        ("เลขประจำตัวประชาชน", "", "V18"),
        ("เลขประจำตัวประชาชน", "9.90001E+12", "V1"),
        ("เลขประจำตัวประชาชน", "2147483647", "V1"),
        ("เลขประจำตัวประชาชน", "G809699000001", "V2"),
        ("เลขประจำตัวประชาชน", "G68", "V2"),
        ("ตำบล", "พิมาน", "V5"),
        ("อำเภอ", "เมืองสตูล", "V5"),
        ("รหัสโรงเรียน", "57030001", "V15"),
        ("รหัสโรงเรียน", "99999999", "V15"),
        ("รหัสโรงเรียน", "", "V18"),
    ],
)
def test_a_cell_that_cannot_stand_refuses_its_row_with_one_rule_and_names_the_column(
    read: Read, column: str, cell: str, rule: str
) -> None:
    row = read({column: cell})[0]
    assert (row.outcome, row.rules, row.event) == (RowOutcome.REFUSE, (rule,), None)
    assert [finding.column for finding in row.findings] in ([column], ["ตำบล"])


@pytest.mark.parametrize(
    ("column", "cell", "field"),
    [
        ("ศาสนา", "ขงจื๊อ", "religionCode"),
        ("กลุ่มเลือด", "ไม่ทราบ", "bloodCode"),
        ("เชื้อชาติ", "มอญ", "raceCode"),
        ("ความเกี่ยวข้องของผู้ปกครองกับนักเรียน", "ผู้ปกครอง", "guardianRelationCode"),
        ("อาชีพของบิดา", "นักบิน", "fatherOccupationCode"),
    ],
)
def test_an_unmapped_name_is_kept_as_text_beside_unknown_and_flagged(
    read: Read, column: str, cell: str, field: str
) -> None:
    row = read({column: cell})[0]
    assert (row.outcome, row.rules, row.findings[0].column) == (RowOutcome.WARN, ("V4",), column)
    assert data_of(row)[field] == "UNKNOWN"
    assert data_of(row)["originalTexts"] == {field: cell}


def test_a_place_that_is_in_no_list_is_kept_as_text_without_a_code_and_flagged(read: Read) -> None:
    row = read({"ตำบล": "ไม่มีจริง"})[0]
    assert (row.outcome, row.rules) == (RowOutcome.WARN, ("V4",))
    assert data_of(row)["subdistrictCode"] is None
    assert data_of(row)["districtCode"] == "9602"
    assert data_of(row)["originalTexts"] == {"subdistrictCode": "ไม่มีจริง"}


def test_the_words_district_and_subdistrict_before_a_name_do_no_harm(read: Read) -> None:
    row = read({"ตำบล": "ตำบลโฆษิต", "อำเภอ": "อำเภอตากใบ", "จังหวัด": "จังหวัดนราธิวาส"})[0]
    assert row.outcome is RowOutcome.ACCEPT
    assert data_of(row)["districtCode"] == "9602"


def test_an_empty_optional_cell_is_null_and_nothing_is_said(read: Read) -> None:
    row = read({"น้ำหนัก": "", "ศาสนา": "-", "ตำบล": "", "กลุ่มเลือด": " "})[0]
    assert row.outcome is RowOutcome.ACCEPT
    assert [data_of(row)[f] for f in ("weightKg", "religionCode", "subdistrictCode", "bloodCode")] == [None] * 4


def test_a_school_without_an_official_code_is_named_by_its_key(read: Read) -> None:
    row = read({"รหัสโรงเรียน": "SC-0908a1abcc5f"}, participant="sis-0908a1abcc5f")[0]
    assert row.outcome == "accept"
    assert row.event is not None
    assert row.event["data"]["schoolUid"] == "SC-0908a1abcc5f"
    assert row.event["data"].get("schoolCode10") is None


def test_an_office_is_no_school(read: Read) -> None:
    assert read({"รหัสโรงเรียน": "SESA-NWT"})[0].rules == ("V15",)


def test_a_ten_digit_school_code_names_the_same_school(read: Read) -> None:
    assert data_of(read({"รหัสโรงเรียน": "1096240352"})[0]) == data_of(read({})[0])


def test_a_mark_in_the_last_column_says_that_the_withdrawal_is_pending(read: Read) -> None:
    assert data_of(read({"ยังไม่สามารถจำหน่ายได้ (3.1.8)": "ใช่"})[0])["withdrawalPending"] is True
    assert data_of(read({})[0])["withdrawalPending"] is False


def test_an_invisible_character_is_taken_out_and_told_with_its_column(read: Read) -> None:
    row = read({"ศาสนา": "พุ\u200bทธ"})[0]
    assert (row.outcome, row.rules, row.findings[0].column) == (RowOutcome.WARN, ("V12",), "ศาสนา")
    assert data_of(row)["religionCode"] == "002"


def test_a_christian_year_is_read_as_such_and_told(read: Read) -> None:
    row = read({"วันเกิด": "28/09/2009"})[0]
    assert (row.outcome, row.rules) == (RowOutcome.WARN, ("V13",))
    assert data_of(row)["birthDate"] == "2009-09-28"


def test_a_prefix_is_not_blamed_for_disagreeing_with_a_doubtful_age(read: Read) -> None:
    old = {"คำนำหน้าชื่อ": "เด็กหญิง", "วันเกิด": "28/09/2543"}
    assert read(old)[0].rules == ("V7",)
    assert set(read({**old, "คำนำหน้าชื่อ": "เด็กชาย"})[0].rules) == {"V6", "V7"}
    assert read({"คำนำหน้าชื่อ": "เด็กหญิง"})[0].rules == ("V6",)


def test_all_that_is_wrong_with_a_row_is_said_at_once_refusals_first(read: Read) -> None:
    row = read({"ศาสนา": "ขงจื๊อ", "น้ำหนัก": "650", "นามสกุล": ""})[0]
    assert row.outcome is RowOutcome.REFUSE
    assert set(row.rules) == {"V18", "V14", "V4"}
    assert row.rules[-1] == "V4"


def test_somebody_elses_school_is_said_alone_whatever_else_is_wrong(read: Read) -> None:
    assert read({"รหัสโรงเรียน": "57030001", "น้ำหนัก": "650"})[0].rules == ("V15",)
    assert read({}, participant="sis-96022002")[0].rules == ("V15",)


def test_a_school_without_an_official_code_is_named_by_its_id_in_the_exchange(read: Read, world: World) -> None:
    by_code = data_of(read({})[0])["schoolUid"]

    assert world.organisations.get(by_code) is not None
    assert data_of(read({"รหัสโรงเรียน": by_code})[0])["schoolUid"] == by_code
