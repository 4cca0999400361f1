"""The next version of a code list is prepared without writing anything, and what it would break is refused first."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from saan.core.code_changes import What
from saan.governance.check import check, check_parsed
from saan.governance.edition import Edition, Unfit, edition, find, rows_of
from saan.wire import files, lists

TODAY = date(2026, 5, 1)
START = date(2026, 5, 16)
HEADER = "code,name_th,name_en,note\n"
THREE = HEADER + "1,ชาย,male,\n2,หญิง,female,\n3,อื่น,other,\n"


def make(folder: Path, text: str, name: str = "gender", **how: Any) -> Edition:
    path = folder.parent / "new.csv"
    path.write_text(text, encoding="utf-8")
    chosen = {"today": TODAY, "start": None, "retire_missing": False, **how}
    return edition(files.read(folder), name, rows_of(path), **chosen)


def refused(folder: Path, text: str, **how: Any) -> Unfit:
    with pytest.raises(Unfit) as raised:
        make(folder, text, **how)
    for words in (raised.value.said_th, raised.value.said_en, raised.value.fix_th, raised.value.fix_en):
        assert words
    return raised.value


def test_a_new_code_begins_on_the_day_the_version_does(folder: Path) -> None:
    made = make(folder, THREE, start=START)
    assert [(one.code, one.what) for one in made.changes] == [("3", What.ADDED)]
    assert made.file.rows[2]["valid_from"] == "2026-05-16"
    assert (made.file.index["version"], made.file.index["valid_from"], made.file.index["rows"]) == (
        "2",
        "2026-05-16",
        "3",
    )
    assert (made.before.version, made.after.version) == (1, 2)


def test_without_a_day_new_codes_always_were_and_the_version_is_of_today(folder: Path) -> None:
    made = make(folder, THREE)
    assert made.after.codes["3"].always
    assert made.file.index["valid_from"] == "2026-05-01"


def test_codes_that_vanish_are_refused_by_name(folder: Path) -> None:
    said = refused(folder, HEADER + "1,ชาย,male,\n3,อื่น,other,\n")
    assert said.code == "codes.vanished"
    assert "not in the file: 2" in said.said_en


def test_codes_that_vanish_can_be_retired_instead(folder: Path) -> None:
    made = make(folder, HEADER + "1,ชาย,male,\n", retire_missing=True, start=START)
    assert [(one.code, one.what) for one in made.changes] == [("2", What.RETIRED)]
    assert made.after.codes["2"].valid_to is not None


def test_a_file_that_says_nothing_new_is_no_version(folder: Path) -> None:
    assert refused(folder, HEADER + "2,หญิง,female,\n1,ชาย,male,\n").code == "codes.nothing-new"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("code,name\n1,x\n", "lacks the column"),
        (HEADER + "1,ชาย,male,\n1,ชาย,male,\n", "stands twice"),
        (HEADER + "1,,male,\n", "no Thai name"),
        (HEADER + "ก,ชาย,male,\n", "Latin letters"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_its_first_fault(folder: Path, text: str, said: str) -> None:
    found = refused(folder, text)
    assert found.code == "codes.faulty-file"
    assert said in found.said_en


def test_a_version_that_breaks_an_example_of_the_catalogue_is_refused(folder: Path) -> None:
    said = refused(folder, HEADER + "2,หญิง,female,\n", retire_missing=True, start=date(2020, 1, 1))
    assert said.code == "codes.breaks"
    assert "student.counted" in said.said_en


def test_a_list_that_is_not_there_is_said(folder: Path) -> None:
    assert refused(folder, THREE, name="sex").code == "codes.no-list"


def test_a_list_is_found_by_its_official_name_too(folder: Path) -> None:
    assert find(files.read(folder), "CLS_GENDER").name == "gender"


def test_the_first_values_of_a_list_make_it_partial(folder: Path) -> None:
    made = make(folder, HEADER + "01,งบอุดหนุน,grant,\n", name="budget-type")
    assert made.file.index["completeness"] == "partial"
    assert check_parsed(made.folder) == []


def test_what_is_saved_is_what_was_prepared_and_without_fault(folder: Path) -> None:
    made = make(folder, THREE, start=START)
    assert files.read(folder).lists["gender"].index["version"] == "1"
    lists.save(folder, made.file)
    assert check(folder) == []
    assert files.read(folder).entities() == made.folder.entities()
    assert not list(folder.rglob("*.draft"))
