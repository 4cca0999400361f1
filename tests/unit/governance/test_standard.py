"""The table of the standard says of every field where it travels, or why it does not."""

from pathlib import Path

from saan.governance.standard import carried, markdown
from saan.wire.files import read


def test_a_field_is_carried_where_an_event_of_its_table_has_its_name(folder: Path) -> None:
    assert carried(read(folder)) == {("STUDENT", "StudentGenderCode"): ["student.counted genderCode"]}


def test_a_name_of_several_tables_is_carried_for_those_that_the_event_names(folder: Path) -> None:
    schema, list_ = folder / "avro/student.counted.avsc", folder / "standard.csv"
    schema.write_text(schema.read_text("utf-8").replace("StudentGenderCode", "StudentGenderCode PupilSex"), "utf-8")
    list_.write_text(list_.read_text("utf-8") + "STUDENT,PupilSex,F,,,\nPUPIL,PupilSex,F,,,\n", "utf-8")
    assert carried(read(folder)).keys() == {("STUDENT", "StudentGenderCode"), ("STUDENT", "PupilSex")}


def test_the_table_says_where_or_why_not_and_counts(folder: Path) -> None:
    table = markdown(read(folder))
    assert table.startswith("3 fields of 1 tables; 1 of them travel.")
    assert "| StudentGenderCode | `student.counted` genderCode |" in table
    assert "| TalentCode | not yet carried · ยังไม่ส่ง |" in table
    assert "| ImageStudent | not carried: a photograph · ภาพถ่าย |" in table
    assert "SchoolID" not in table
