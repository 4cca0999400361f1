"""The columns of schools' files: every one is accounted for, and none is left out that an event could carry."""

import pytest

from saan.core.layout import Layout
from saan.core.world import World
from saan.governance.fields import fields_of
from saan.wire import files
from saan.wire import world as worlds


@pytest.fixture(scope="module")
def world() -> World:
    return worlds.build(files.read(files.default_folder()).entities())


def uncarried(layout: Layout) -> set[str]:
    return {column.standard for column in layout.columns if not column.event and column.read != "unread"}


@pytest.mark.parametrize(("name", "count"), [("student-template", 116), ("dmc-roster", 36)])
def test_every_column_is_carried(world: World, name: str, count: int) -> None:
    layout = world.files[name]
    assert len(layout.columns) == count
    assert uncarried(layout) == set()


def test_a_column_travels_in_a_field_of_the_same_name_in_the_standard(world: World) -> None:
    otherwise = {"StudentPassportNumber": "StudentPersonalID"}
    for name in ("student-template", "dmc-roster"):
        for column in world.files[name].columns:
            if column.event and column.standard and column.field != "schoolUid":
                field = fields_of(world.events[column.event].schema)[column.field]
                assert field["standard"] == otherwise.get(column.standard, column.standard), column.name
