"""The folder is read whole, from the place asked for, and what cannot be read is said."""

from pathlib import Path

import pytest

from saan.wire import tables
from saan.wire.files import default_folder, read


def test_the_folder_asked_for_wins(tmp_path: Path) -> None:
    assert default_folder(tmp_path) == tmp_path


def test_without_a_wish_the_folder_beside_the_services_is_taken() -> None:
    assert (default_folder() / "topics.yaml").is_file()


def test_entities_are_self_contained_and_leave_defaults_out() -> None:
    entities = read(default_folder()).entities()
    event = entities["event/student.enrolled"]
    assert event["avro"]["name"] == "StudentEnrolled"
    assert event["schema"] == "student.enrolled.avsc"
    assert "control" not in event
    assert entities["participant/eef"]["agreements"][0]["valid_from"] == "2025-01-01"
    assert entities["codes/grade"]["official"] == "CLS_GRADE"
    assert "topics" in entities
    assert "purposes" in entities


def test_a_fault_names_the_place_inside_the_file(tmp_path: Path) -> None:
    (tmp_path / "topics.yaml").write_text("topics:\n  - {id: ledger, holdz: x}\n", encoding="utf-8")
    faults = {fault.field: fault for fault in read(tmp_path).faults if fault.file == "topics.yaml"}
    assert faults["topics[0].holdz"].said_en == "this key is not known; check its spelling or take it out"
    assert faults["topics[0].holdz"].said_th == "ไม่รู้จักช่องนี้ ตรวจตัวสะกดหรือลบออก"
    assert faults["topics[0].key"].said_en == "this key is missing; give it a value"


def test_a_value_that_does_not_fit_is_not_quoted(tmp_path: Path) -> None:
    (tmp_path / "topics.yaml").write_text("topics: 9900007680665\n", encoding="utf-8")
    assert all("9900007680665" not in fault.said_en for fault in read(tmp_path).faults)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1\n", "line 2 has 1 cells, the header 2"),
        ("a\n1\n", "lacks the column b"),
        ("", "lacks the column a, b"),
        ('a,b\n"1,2\n', "is not CSV"),
    ],
)
def test_a_table_that_is_none_is_refused_with_the_reason(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(tables.BadTable, match=said) as refused:
        tables.read(path, ("a", "b"))
    assert refused.value.th


def test_empty_lines_are_skipped_and_lines_keep_their_numbers(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("a,b\n1,2\n\n3,4\n", encoding="utf-8")
    assert [(row.line, row["a"]) for row in tables.read(path, ("a", "b"))] == [(2, "1"), (4, "3")]


def test_rows_become_short_lists() -> None:
    rows = [tables.Row(2, {"a": "1", "b": "", "c": ""}), tables.Row(3, {"a": "", "b": "2", "c": ""})]
    assert tables.columns(rows, ("a", "b", "c")) == [["1"], ["", "2"]]
