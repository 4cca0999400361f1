"""What is handed over has a source for every field, and follows a transfer."""

from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from saan.core.world import World
from saan.governance import lint_catalogue
from saan.wire import files
from saan.wire import world as worlds
from saan.wire.files import Folder

NAME = "learner.handed-over"


@cache
def shipped() -> tuple[Folder, World]:
    folder = files.read(files.default_folder())
    return folder, worlds.build(folder.entities())


def said(**changed: Any) -> list[tuple[str, str]]:
    folder, world = shipped()
    event = world.events[NAME]
    assert event.hands_over is not None
    spoilt = replace(event, hands_over=replace(event.hands_over, **changed))
    return [(fault.field, fault.said_en) for fault in lint_catalogue.faults(folder.events[NAME], spoilt, world)]


def test_the_shipped_one_is_sound() -> None:
    assert said() == []


@pytest.mark.parametrize(
    ("changed", "field", "part"),
    [
        ({"after": "student.enrolled"}, "hands_over.after", "tells of no transfer"),
        ({"after": "student.unheard-of"}, "hands_over.after", "tells of no transfer"),
        ({"copies": ("transferId", "studentNo")}, "hands_over.copies[1]", "no field studentNo"),
        ({"copies": ("transferId",)}, "hands_over", "see entryDate"),
        ({"known": {"lastStatus": "note:grade"}}, "hands_over.known.lastStatus", "must be nullable"),
    ],
)
def test_it_is_refused_where_a_field_has_no_source_or_nothing_is_transferred(
    changed: dict[str, Any], field: str, part: str
) -> None:
    assert any(at == field and part in text for at, text in said(**changed))
