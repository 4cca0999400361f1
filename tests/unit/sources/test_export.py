"""Inboxes as files: what they say survives the way out and back, and each learner appears once, as last known."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saan.core.layout import Column
from saan.core.participants import Participant
from saan.core.world import World
from saan.sources import export, formats, writes
from saan.sources.fold import fold
from saan.sources.opening import opened
from saan.sources.row import Row, occasion

from .conftest import TODAY

INPUTS = Path(__file__).parents[2] / "contract" / "inputs"
SAMPLE = INPUTS / "student-template.utf8.csv"
SCHOOL = "SC-73ac495accea"
TEMPLATE = f"student-template-{SCHOOL}.csv"
Event = Mapping[str, Any]

with SAMPLE.open(encoding="utf-8", newline="") as _file:
    HEADER, PUPIL, *_ = csv.reader(_file)


def imported(content: bytes, world: World) -> list[Row]:
    speaker = world.participants["sis-96022001"]
    return list(formats.read(io.BytesIO(content), speaker, world, occasion(TODAY), school=SCHOOL).rows)


def events_of(rows: Sequence[Row]) -> list[Event]:
    return [event for row in rows for event in row.events]


def template_of(events: Sequence[Event], world: World) -> bytes:
    return export.made(events, world, "student-template").files[TEMPLATE]


def cells_of(content: bytes) -> list[dict[int, str]]:
    return [dict(enumerate(row)) for row in list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))[1:]]


def test_the_sample_template_loses_nothing_that_its_events_carry(world: World) -> None:
    first = events_of(imported(SAMPLE.read_bytes(), world))
    assert first
    assert events_of(imported(template_of(first, world), world)) == first


def test_a_dmc_roster_loses_nothing_by_becoming_a_template_but_its_mark_of_pending_withdrawals(world: World) -> None:
    first = events_of(imported((INPUTS / "dmc-roster-clean.cp874.csv").read_bytes(), world))
    again = events_of(imported(template_of(first, world), world))
    assert sorted(map(without_mark, again)) == sorted(map(without_mark, first))


def without_mark(event: Event) -> tuple[str, str, str]:
    data = {name: value for name, value in event["data"].items() if name != "withdrawalPending"}
    return data["idValue"], event["type"], repr(sorted(data.items()))


LETTERS = "กขคงจนมยรลวสอะาิีเแโไ่้์ำ=+-@' .'\"\n,;"


def name(draw: Random) -> str:
    return "".join(draw.choices(LETTERS, k=draw.randint(1, 12)))


def cell(column: Column, world: World, draw: Random) -> str | None:
    """Something that a school might write into this column, or something that it should not; ``None``: left alone."""
    match column.read:
        case "code":
            names = sorted(code.th for code in world.codes[column.list].codes.values())
            return draw.choice(["", draw.choice(names) if names else "", name(draw)])
        case "place":
            return draw.choice(["นราธิวาส", "ตากใบ", "โฆษิต", "เมืองนราธิวาส", "บางนาค", "ยะลา", "ไม่มีจริง", ""])
        case "number":
            return draw.choice(["", f"{draw.uniform(5, 200):.2f}"])
        case "count":
            return draw.choice(["", str(draw.randint(0, 9))])
        case "year":
            return draw.choice(["", str(draw.randint(2560, 2568))])
        case "flag":
            return draw.choice(["", "ใช่", "ไม่ใช่", "1", "ไม่มี"])
        case "digits":
            return draw.choice(["", f"{draw.randint(0, 10**9):09d}", "๘/๑๒"])
        case "text":
            return draw.choice(["", name(draw)])
        case _:
            return None


@given(st.dictionaries(st.integers(0, len(HEADER) - 1), st.integers(0, 2**32), max_size=25))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_stands_in_the_cells_the_template_loses_nothing_that_the_events_carry(
    world: World, written: dict[int, int]
) -> None:
    columns = world.files["student-template"].columns
    row = list(PUPIL)
    for at, seed in written.items():
        text = cell(columns[at], world, Random(seed))
        row[at] = row[at] if text is None else text
    file = io.StringIO()
    csv.writer(file).writerows([HEADER, [" ".join(one.split()) for one in row]])
    first = events_of(imported(file.getvalue().encode(), world))
    again = events_of(imported(template_of(first, world), world)) if first else []
    assert again == first, {columns[at].name: row[at] for at in written}


@pytest.mark.parametrize("name", ["=1+1", "+66", "-สม", "@ชาย", "'=1"])
def test_a_cell_that_a_spreadsheet_would_run_is_marked_as_text_and_read_back_without_the_mark(
    name: str, world: World
) -> None:
    row = list(PUPIL)
    row[HEADER.index("ชื่อบิดา(ไทย)")] = name
    text = io.StringIO()
    csv.writer(text).writerows([HEADER, row])
    first = events_of(imported(text.getvalue().encode(), world))
    written = cells_of(template_of(first, world))[0]
    assert all(not one.startswith(("=", "+", "-", "@", "\t", "\r")) for one in written.values())
    assert written[HEADER.index("ชื่อบิดา(ไทย)")].startswith("'")
    assert events_of(imported(template_of(first, world), world)) == first


def test_text_of_several_lines_is_written_in_one() -> None:
    assert writes.safe(" ก\r\n=ข\t") == "ก =ข"


def enrolled(world: World, **data: Any) -> Event:
    first = events_of(imported(SAMPLE.read_bytes(), world))[0]
    return {**first, "data": {**first["data"], **data}}


def learner(events: Sequence[Event], world: World) -> Any:
    known = fold(events, world, world.files["student-template"])
    assert len(known) == 1
    return next(iter(known.values()))


def event(like: Event, type: str, **data: Any) -> Event:
    identity = {name: like["data"][name] for name in ("idType", "idValue", "academicYearBE", "schoolUid")}
    return {**like, "type": type, "data": {**identity, **data}}


def test_the_last_value_of_a_field_counts_and_a_field_named_without_a_value_is_cleared(world: World) -> None:
    first = enrolled(world, phone="073000000", street="ก")
    changed = event(first, "student.profile-changed", changedFields=["phone", "street"], phone="073111111", street=None)
    found = learner([first, changed], world)
    assert (found.data["phone"], found.data["street"]) == ("073111111", None)
    assert found.data["nameThai"] == first["data"]["nameThai"]


def test_a_field_that_a_change_does_not_name_stays_though_the_event_has_it_empty(world: World) -> None:
    first = enrolled(world, phone="073000000")
    changed = event(first, "student.profile-changed", changedFields=["street"], phone=None, street="ข")
    assert learner([first, changed], world).data["phone"] == "073000000"


def test_a_learner_who_moved_stands_at_the_new_school_with_the_grade_said_last(world: World) -> None:
    first = enrolled(world)
    moved = event(
        first,
        "student.transferred",
        fromSchoolUid=SCHOOL,
        toSchoolUid="SC-2da05aa5ab97",
        leaveDate="2025-06-01",
        entryDate="2025-06-02",
        gradeLevelCode="412",
        classroom=None,
    )
    found = learner([first, moved], world)
    assert (found.school, found.data["gradeLevelCode"]) == ("SC-2da05aa5ab97", "412")
    assert found.data["classroom"] == first["data"]["classroom"]


def test_a_learner_who_left_is_left_out_and_counted(world: World) -> None:
    first = enrolled(world)
    left = event(first, "student.withdrawn", exitDate="2025-06-01")
    made = export.made([first, left], world, "student-template")
    assert (made.files, made.learners, made.left_out) == ({}, 0, 1)


def test_what_says_nothing_of_a_register_says_nothing_here(world: World) -> None:
    first = enrolled(world)
    grade = event(first, "grade.finalised", gradeLevelCode="211")
    unknown = event(first, "nobody.knows", gradeLevelCode="211")
    assert learner([first, grade, unknown], world).data["gradeLevelCode"] == first["data"]["gradeLevelCode"]


def test_learners_are_told_apart_by_their_pseudonym(world: World) -> None:
    first = enrolled(world)
    events = [{**first, "subject": "st-00000000000000000001"}, {**first, "subject": "st-00000000000000000002"}]
    assert len(fold(events, world, world.files["student-template"])) == 2


def test_codes_are_written_as_the_form_names_them_and_dates_in_the_buddhist_era(world: World) -> None:
    written = cells_of(template_of(events_of(imported(SAMPLE.read_bytes(), world)), world))[0]
    said = {HEADER[at]: cell for at, cell in reversed(written.items())}
    assert said["วันเกิด"] == "10/11/2552"
    assert said["กลุ่มเลือด"] == "กลุ่มเลือด B"
    assert (said["ศาสนา"], said["ห้องเรียน"], said["น้ำหนัก"], said["ส่วนสูง"]) == ("อิสลาม", "313/1", "53.6", "161")


def vendor(world: World) -> Participant:
    own = [world.participants[f"sis-9601200{n}"] for n in (1, 2, 3)]
    return replace(own[0], speaks_for=frozenset().union(*(one.speaks_for for one in own)))


def roster(path: Path, world: World) -> list[Row]:
    with opened(path, vendor(world), world, occasion(TODAY)) as reading:
        return list(reading.rows)


def test_a_bundle_that_was_written_is_one_by_its_specification_and_says_the_same(tmp_path: Path, world: World) -> None:
    first = events_of(roster(INPUTS / "oneroster", world))
    made = export.made(first, world, "oneroster")
    (tmp_path / "bundle.zip").write_bytes(export.packed(made.files))

    again = roster(tmp_path / "bundle.zip", world)

    assert {row.outcome.value for row in again} == {"accept"}
    assert sorted(e["id"] for e in events_of(again)) == sorted(e["id"] for e in first)
    assert (made.learners, made.left_out) == (60, 0)
    assert export.packed(made.files) == export.packed(export.made(first, world, "oneroster").files)


def test_what_an_agreement_withholds_stays_empty_and_a_pupil_without_a_grade_is_left_out_of_a_roster(
    world: World,
) -> None:
    first = enrolled(world)
    data = {name: value for name, value in first["data"].items() if name not in ("idValue", "birthDate", "genderCode")}
    veiled = {**first, "subject": "st-00000000000000000001", "data": data}
    written = cells_of(template_of([veiled], world))[0]
    assert written[HEADER.index("หมายเลขบัตรประจำตัว")] == written[HEADER.index("วันเกิด")] == ""
    assert export.made([veiled], world, "oneroster").learners == 1
    del data["gradeLevelCode"]
    assert export.made([veiled], world, "oneroster").left_out == 1
