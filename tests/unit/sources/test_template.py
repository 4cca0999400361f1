"""The STUDENT template: its columns, what its cells become, and the ways in which its header may be out of order."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from saan.core.world import World
from saan.sources import formats, template
from saan.sources.refusal import FileRefused
from saan.sources.row import Row, RowOutcome, occasion

from .conftest import TODAY

SAMPLE = Path(__file__).parents[2] / "contract" / "inputs" / "student-template.utf8.csv"
Cells = dict[int, str]

with SAMPLE.open(encoding="utf-8", newline="") as _file:
    HEADER, PUPIL, *_ = csv.reader(_file)
AT = {name: HEADER.index(name) for name in HEADER}


def written(header: list[str], *rows: list[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode()


def judge(content: bytes, world: World, participant: str = "sis-96022001", school: str | None = None) -> list[Row]:
    file, speaker = io.BytesIO(content), world.participants[participant]
    return list(formats.read(file, speaker, world, occasion(TODAY), school=school).rows)


def pupil(world: World, **cells: str) -> Row:
    row = list(PUPIL)
    for name, cell in cells.items():
        row[AT[name]] = cell
    return judge(written(HEADER, row), world)[0]


def told(row: Row) -> dict[str, Any]:
    assert row.events, row.findings
    return {name: value for event in row.events for name, value in event["data"].items() if value is not None}


def test_the_columns_are_the_116_of_the_template_in_its_order(world: World) -> None:
    assert list(world.files[template.NAME].headers()) == HEADER
    assert len(HEADER) == 116


def test_a_row_becomes_an_enrolment_and_what_else_it_says_becomes_events_that_follow_it(world: World) -> None:
    row = pupil(world, สถานภาพครอบครัว="พ่อแม่หย่าร้าง", รายได้ครอบครัวต่อเดือน="๑๒๐๐๐")
    assert row.events[0]["type"] == "student.enrolled"
    changes = {event["data"]["part"]: event["data"] for event in row.events[1:] if "part" in event["data"]}
    assert changes["family"]["changedFields"] == ["familyMonthlyIncome", "familyStatusCode"]
    assert changes["family"]["familyMonthlyIncome"] == 12_000
    assert {event["data"]["idValue"] for event in row.events} == {PUPIL[AT["หมายเลขบัตรประจำตัว"]]}


@pytest.mark.parametrize("written_so", ["313/1", "ม.3/1", "ม. 3 / 1", "๓๑๓/๑", "มัธยมศึกษาปีที่ 3/1"])
def test_grade_and_room_are_read_in_every_spelling_that_means_one_thing(written_so: str, world: World) -> None:
    said = told(pupil(world, ห้องเรียน=written_so))
    assert (said["gradeLevelCode"], said["classroom"]) == ("313", "1")


@pytest.mark.parametrize(
    ("number", "kind", "passport", "said"),
    [
        ("9900007686132", "บัตรประจำตัวประชาชน", "", ("CITIZEN_ID", "9900007686132")),
        ("G689699068625", "บัตรอื่นๆ", "", ("G_CODE", "G689699068625")),
        ("", "บัตรอื่นๆ", "aa1234567", ("PASSPORT", "AA1234567")),
        ("0000000000001", "บัตรอื่นๆ", "", ("ALIEN_ID", "0000000000001")),
    ],
)
def test_the_kind_of_identity_is_the_one_that_the_row_says(
    number: str, kind: str, passport: str, said: tuple[str, str], world: World
) -> None:
    cells = {"หมายเลขบัตรประจำตัว": number, "ประเภทบัตประจำตัว": kind, "เลขที่หนังสือเดินทาง": passport}
    found = told(pupil(world, **cells))
    assert (found["idType"], found["idValue"]) == said


def test_a_cell_that_the_form_wants_filled_is_missed_when_empty(world: World) -> None:
    unwritten = {"น้ำหนัก": ""}  # as a keyword it would be spelled otherwise: identifiers are in Unicode form NFKC
    row = pupil(world, **unwritten)
    assert (row.outcome, row.rules, row.findings[0].column) == (RowOutcome.WARN, ("V18",), "น้ำหนัก")


def test_a_pupil_who_is_not_studying_is_not_enrolled(world: World) -> None:
    assert pupil(world, สภานภาพนักเรียน="ลาออก").rules == ("V4",)


def test_the_school_is_the_publishers_only_one_or_the_one_that_is_named(world: World) -> None:
    content = written(HEADER, PUPIL)
    assert told(judge(content, world)[0])["schoolUid"] == "SC-73ac495accea"
    assert told(judge(content, world, school="96022001")[0])["schoolCode10"] == "1096240352"
    for school in (None, "96", "SESA-NWT"):
        with pytest.raises(FileRefused, match="FILE-10"):
            judge(content, world, "sesa-nwt", school)


def moved(first: str, last: str) -> list[int]:
    """The template's columns with a run of them moved to its end."""
    start, end = AT[first], AT[last] + 1
    return [*range(start), *range(end, len(HEADER)), *range(start, end)]


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("เพศ", "วันเกิด"),
        ("หมายเลขบัตรประจำตัวบิดา", "รายได้ต่อเดือนบิดา"),
        ("น้ำหนัก", "ส่วนสูง"),
    ],
)
def test_columns_may_be_moved_as_long_as_every_name_tells_whose_it_is(first: str, last: str, world: World) -> None:
    order = moved(first, last)
    content = written([HEADER[at] for at in order], [PUPIL[at] for at in order])
    assert judge(content, world) == judge(written(HEADER, PUPIL), world)


def test_columns_of_one_name_that_can_be_told_apart_no_more_refuse_the_file(world: World) -> None:
    order = sorted(range(len(HEADER)), key=lambda at: HEADER[at])
    with pytest.raises(FileRefused, match="FILE-11"):
        judge(written([HEADER[at] for at in order], [PUPIL[at] for at in order]), world)


def test_one_of_several_columns_of_a_name_missing_refuses_the_file(world: World) -> None:
    at = AT["ชื่อบิดา(ไทย)"] + 1
    with pytest.raises(FileRefused, match="FILE-3"):
        judge(written(HEADER[:at] + HEADER[at + 1 :], PUPIL[:at] + PUPIL[at + 1 :]), world)


def test_the_corrected_spelling_of_a_column_is_understood_as_well(world: World) -> None:
    header = [name.replace("สภานภาพ", "สถานภาพ") for name in HEADER]
    assert judge(written(header, PUPIL), world) == judge(written(HEADER, PUPIL), world)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda text: text.encode("utf-16"), "FILE-2"),
        (lambda text: text.encode().decode("cp874", "replace").replace("\ufffd", "…").encode(), "FILE-2"),
        (lambda text: text.encode() + "ม.3\r\n".encode("cp874"), "FILE-2"),
        (lambda text: b"", "FILE-4"),
        (lambda text: bytes(range(256)) * 4, "FILE-1"),
        (lambda text: text.split("\r\n")[0].encode(), "FILE-4"),
        (lambda text: text.replace(HEADER[22] + ",", "").encode(), "FILE-3"),
    ],
    ids=["UTF-16", "mojibake", "two encodings", "empty", "binary", "only a header", "a column missing"],
)
def test_a_broken_template_is_refused_whole(change: Any, code: str, world: World) -> None:
    with pytest.raises(FileRefused, match=code):
        judge(change(written(HEADER, PUPIL).decode()), world)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\ufeff" + text.replace(",", ";"),
        lambda text: "แบบฟอร์มนักเรียน\r\nปีการศึกษา 2568\r\n" + text,
        lambda text: text.replace("\r\n", "\n"),
    ],
    ids=["semicolons with a mark", "title rows", "other line ends"],
)
def test_what_a_spreadsheet_did_to_a_template_is_understood(change: Any, world: World) -> None:
    text = written(HEADER, PUPIL).decode()
    assert judge(change(text).encode(), world) == judge(text.encode(), world)
    assert judge(change(text).encode("cp874", "ignore"), world) == judge(text.encode(), world)
