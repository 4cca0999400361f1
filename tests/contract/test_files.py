"""The columns of schools' files: every one is accounted for, and none is left out that an event could carry."""

import pytest

from saan.core.layout import Layout
from saan.core.world import World
from saan.governance.fields import fields_of
from saan.wire import files
from saan.wire import world as worlds

ADDRESS = ("HouseRegisterID", "HouseNumber", "Moo", "Street", "Soi", "Trok", "SubdistrictCode", "DistrictCode")
PERSON = ("PersonalID", "PersonalIDTypeCode", "PassportNumber", "PrefixCode", "NameEnglish", "MiddleNameThai")
PERSON_TOO = ("MiddleNameEnglish", "LastNameEnglish", "PhoneNumber", "Salary")

NOT_CARRIED = {
    "StudentMiddleEnglish",
    "StudentBirthProvinceCode",
    "StudentLanguageCode",
    "StudentOtherLanguageCode",
    *(f"Official{name}" for name in (*ADDRESS, "ProvinceCode", "Postcode", "PhoneNumber")),
    *(f"Current{name}" for name in ("HouseRegisterID", "Soi", "Trok")),
    *(f"{who}{name}" for who in ("Father", "Mother") for name in (*PERSON, *PERSON_TOO, "PersonStatusCode")),
    *(f"Guardian{name}" for name in (*PERSON[1:], *PERSON_TOO)),
    "StudentBirthOrder",
    *(f"{who}Amount" for who in ("ElderBrother", "ElderSister", "YoungerBrother", "YoungerSister")),
    "CurrentEducationLevelAdmissionYear",
    "PartSchoolFlag",
    "JourneyTime",
    *(f"{way}JourneyDistance" for way in ("Rock", "Rubber", "Water")),
    *(f"Lacking{what}Flag" for what in ("Book", "Food", "Stationery", "Uniform")),
    "StateWelfareFlag",
    "TalentCode",
}
"""Columns of the template, by the standard's field names, that no event has a field for yet. A column that is carried
leaves this list."""

OF_SPECIAL_NEEDS = {"DisabilityDetail", "DisabilityLevelCode"}
"""Carried as soon as special needs have an event of their own."""


@pytest.fixture(scope="module")
def world() -> World:
    return worlds.build(files.read(files.default_folder()).entities())


def uncarried(layout: Layout) -> set[str]:
    return {column.standard for column in layout.columns if not column.event and column.read != "unread"}


def test_every_column_of_the_template_is_carried_or_listed_as_not_carried(world: World) -> None:
    layout = world.files["student-template"]
    assert len(layout.columns) == 116
    assert uncarried(layout) - OF_SPECIAL_NEEDS == NOT_CARRIED


def test_every_column_of_the_roster_is_carried(world: World) -> None:
    assert uncarried(world.files["dmc-roster"]) == set()


def test_a_column_that_an_event_of_learners_has_a_field_for_is_carried(world: World) -> None:
    learners = [event for event in world.events.values() if event.subject_kind == "learner" and not event.control]
    there = {field.get("standard") for event in learners for field in fields_of(event.schema).values()}
    assert NOT_CARRIED & there == set()


def test_a_column_travels_in_a_field_of_the_same_name_in_the_standard(world: World) -> None:
    otherwise = {"StudentPassportNumber": "StudentPersonalID"}
    for name in ("student-template", "dmc-roster"):
        for column in world.files[name].columns:
            if column.event and column.standard and column.field != "schoolUid":
                field = fields_of(world.events[column.event].schema)[column.field]
                assert field["standard"] == otherwise.get(column.standard, column.standard), column.name
