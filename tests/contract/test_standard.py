"""All data sets of the standard can travel, and the guide says of each of their fields where."""

from collections import Counter
from pathlib import Path

from saan.governance.standard import EVERY_TABLE, carried, markdown
from saan.wire.files import default_folder, read

FOLDER = read(default_folder())
GUIDE = (Path(FOLDER.path) / "README.md").read_text(encoding="utf-8")
BEGIN, END = "<!-- made by `saan standard` -->\n\n", "\n\n<!-- end of what `saan standard` made -->"

DATA_SETS = {
    "STUDENT",
    "GRADUATED",
    "TRANSCRIPT",
    "TEACHER",
    "PERSONNEL",
    "TEACHER_DEVELOPMENT_ACTIVITY",
    "SCHOOL",
    "CURRICULUM",
    "BUDGET",
    "EXPENSE",
    "AREA_IDENTITY",
    "COMMITTEE",
    "INNOVATION",
    "LEARNING_TECHNOLOGY_MEDIA",
    "BEST_PRACTICE",
    "PARTICIPANT",
    "ASSESSMENT_CRITERIA",
    "SCHOOL_ASSESSMENT",
    "ACHIEVEMENT_ASSESSMENT",
}
"""The 16 boxes of the standard; budget and quality assurance are more than one table."""

OF_LEARNERS = ("STUDENT", "GRADUATED", "TRANSCRIPT")


def test_the_guide_says_where_every_field_travels() -> None:
    said = GUIDE.partition(BEGIN)[2].partition(END)[0]
    assert said == markdown(FOLDER), "put the output of `saan standard` there"


def test_every_data_set_is_listed_with_its_fields() -> None:
    fields = Counter(row["table"] for row in FOLDER.standard)
    assert fields.keys() >= DATA_SETS
    assert (fields["STUDENT"], fields["SCHOOL"]) == (123, 46)


def test_something_of_every_data_set_travels_unless_it_is_awaited() -> None:
    found = {table for table, _ in carried(FOLDER)}
    awaited = {row["table"] for row in FOLDER.standard if row["awaited"]}
    assert found | awaited >= DATA_SETS


def test_only_facts_about_learners_are_awaited() -> None:
    awaited = {row["table"] for row in FOLDER.standard if row["awaited"]}
    assert {table for table in awaited if not table.startswith(OF_LEARNERS)} == set()


def test_every_reason_is_a_decision_about_a_field_that_is_named() -> None:
    excused = {(row["table"], row["field"]) for row in FOLDER.standard if row["reason_en"]}
    assert {("STUDENT", "ImageStudent"), ("TEACHER", "CurrentSalary"), ("SCHOOL", "AdministratorPersonalID")} <= excused
    assert not any(table == EVERY_TABLE for table, _ in excused)
