"""The shipped ``schemas/`` is without fault, complete, and says where it comes from."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from saan.core.organisations import Organisations
from saan.core.world import World
from saan.governance.check import check
from saan.governance.fields import fields_of
from saan.wire import topics
from saan.wire.files import Folder, default_folder, read
from saan.wire.world import build

DAY = 20_241
"""2025-06-02 as days since 1970-01-01."""


@pytest.fixture(scope="module")
def folder() -> Folder:
    return read(default_folder())


@pytest.fixture(scope="module")
def world(folder: Folder) -> World:
    return build(folder.entities())


def test_the_shipped_folder_has_no_fault() -> None:
    assert check(default_folder()) == []


def test_entities_survive_json(folder: Folder) -> None:
    entities = folder.entities()
    again: dict[str, Any] = json.loads(json.dumps(entities))
    assert again == entities
    assert build(again).events.keys() == build(entities).events.keys()


def test_every_field_says_what_it_is_in_both_languages(world: World) -> None:
    for event in world.events.values():
        for path, field in fields_of(event.schema).items():
            for key in ("doc", "label_th", "label_en", "class"):
                assert field[key], (event.name, path, key)


def test_every_code_list_keeps_its_provenance(world: World) -> None:
    """The 75 lists of the standard, of which five have no values yet, and seven beside them."""
    assert len(world.codes) == 82
    for one in world.codes.values():
        assert one.version >= 1, one.name
        assert {"completeness", "source"} <= one.provenance.keys(), one.name
        assert bool(one.codes) == ({"names_mark", "codes_mark"} <= one.provenance.keys()), one.name
    assert {one.official for one in world.codes.values() if not one.codes} == {
        "CLS_CURRICULUM",
        "CLS_TEACHER_DEVELOPMENT_ACTIVITY_TYPE",
        "CLS_ASSISTANCE_TYPE",
        "CLS_BUDGET_TYPE",
        "CLS_EXPENSE_TYPE",
    }


def test_every_english_name_says_how_sure_it_is(world: World) -> None:
    for one in world.codes.values():
        for code in one.codes.values():
            assert not code.en or code.marks.en or one.provenance["en_mark"], (one.name, code.code)


def test_official_list_names_keep_their_spelling(world: World) -> None:
    assert world.codes["disadvantaged"].official == "CLS_DISAVANTAGED"
    assert world.codes["committee-position"].official == "CLS_COMMITEE_POSITION"
    assert world.codes["competency-evaluation"].official == "CLS_COMPETENCY_EVAULATION"


def test_religion_codes_of_two_systems_meet_in_one_concept(world: World) -> None:
    christianity = next(c.code for c in world.codes["religion"].codes.values() if c.en == "Christianity")
    assert world.crosswalk.canonical("CLS_RELIGION", "OBEC-DMC", "003") == christianity
    assert world.crosswalk.canonical("CLS_RELIGION", "OBEC-DMC", "คริสต์") == christianity


def test_an_unmapped_code_is_absent_and_never_guessed(world: World) -> None:
    assert world.crosswalk.canonical("CLS_PREFIX", "OBEC-DMC", "832") is None
    assert world.crosswalk.canonical("CLS_PREFIX", "OBEC-DMC", "สามเณร") is None


def test_a_retired_subdistrict_ends_on_the_day_its_successor_begins(world: World) -> None:
    places = world.codes["subdistrict"].codes
    assert places["500306"].valid_to == places["502501"].valid_from is not None


def test_every_school_has_a_province_and_reaches_the_ministry(world: World, folder: Folder) -> None:
    for row in folder.organisations["schools"]:
        above = world.organisations.above(row["id"], DAY)
        assert f"PEO-{row['province_code']}" in above, row["id"]
        assert "MOE" in above, row["id"]


@pytest.mark.parametrize(
    ("school", "offices"),
    [
        ("SC-73ac495accea", {"SESA-NWT", "OBEC", "PEO-96", "MOE"}),
        ("SC-2f29f261dcbd", {"PESA-96010000", "OBEC", "PEO-96", "MOE"}),
        ("SC-a4b066bee612", {"DLA", "PEO-96", "MOE"}),
        ("SC-0908a1abcc5f", {"OPEC", "PEO-96", "MOE"}),
    ],
)
def test_a_school_stands_below_its_own_offices_only(world: World, school: str, offices: set[str]) -> None:
    assert world.organisations.above(school, DAY) == {school, *offices}


def test_schools_are_found_by_their_official_codes(world: World) -> None:
    organisations: Organisations = world.organisations
    by_smis, by_moe = organisations.by_code("smis8", "96022001"), organisations.by_code("moe10", "1096240352")
    assert by_smis is not None
    assert by_smis is by_moe
    assert by_smis.name["th"] == "ตากใบ"


def test_levels_taught_come_from_the_list_or_are_unknown(world: World) -> None:
    takbai, romklao = world.organisations.get("SC-73ac495accea"), world.organisations.get("SC-42b38a143fb0")
    assert takbai is not None
    assert takbai.levels == {"311", "312", "313", "411", "412", "413"}
    assert romklao is not None
    assert romklao.levels == frozenset()


def test_every_participant_has_an_inbox_and_only_kafka_publishers_an_outbox(world: World, folder: Folder) -> None:
    made = topics.topics(folder.entities()["topics"], world)
    names = {topic.name for topic in made}
    assert {f"inbox.{id}" for id in world.participants} <= names
    outboxes = {name.removeprefix("outbox.") for name in names if name.startswith("outbox.")} - {"gateway"}
    assert outboxes == {id for id, participant in world.participants.items() if participant.kafka}
    assert {"niets", "sis-96012001", "sis-96022001"} <= outboxes


def test_no_topic_name_holds_a_number_of_citizen_length(world: World, folder: Folder) -> None:
    for topic in topics.topics(folder.entities()["topics"], world):
        assert sum(c.isdigit() for c in topic.name) < 13, topic.name


def test_governed_records_fit_the_topic_that_carries_them(folder: Folder) -> None:
    assert folder.topics is not None
    limit = next(t.max_message_bytes for t in folder.topics.topics if t.id == "governance")
    for id, entity in folder.entities().items():
        assert len(json.dumps(entity).encode()) < limit // 4, id


def test_the_readme_names_every_part_of_the_folder() -> None:
    text = (default_folder() / "README.md").read_text(encoding="utf-8")
    for path in default_folder().iterdir():
        assert f"`{path.name}" in text, path.name


def test_no_person_stands_in_the_folder_but_made_up_ones() -> None:
    """Identities in examples come from runs that no registrar ever gave out: no Thai number begins with 9."""
    for path in Path(default_folder()).rglob("*.yaml"):
        digits = "".join(c if c.isdigit() else " " for c in path.read_text(encoding="utf-8")).split()
        assert all(run.startswith("99") for run in digits if len(run) == 13), path.name


def test_a_new_event_type_is_two_files_and_no_code(tmp_path: Path) -> None:
    """The guide in the folder's README, followed: take the nearest entry and change it."""
    copy = tmp_path / "schemas"
    shutil.copytree(default_folder(), copy)
    schema = (copy / "avro/student.withdrawn.avsc").read_text(encoding="utf-8")
    entry = (copy / "catalogue/student.withdrawn.yaml").read_text(encoding="utf-8")
    (copy / "avro/student.suspended.avsc").write_text(schema.replace("StudentWithdrawn", "StudentSuspended"), "utf-8")
    (copy / "catalogue/student.suspended.yaml").write_text(entry.replace("withdrawn", "suspended"), "utf-8")
    school = copy / "participants/sis-96022005.yaml"
    listed = school.read_text(encoding="utf-8").replace("publishes:", "publishes:\n  - student.suspended", 1)
    school.write_text(listed, encoding="utf-8")
    assert check(copy) == []
    event = build(read(copy).entities()).events["student.suspended"]
    assert event.record == "th.saan.student.StudentSuspended"
