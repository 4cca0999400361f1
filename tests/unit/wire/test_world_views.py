"""A projection leaves out what the agreement does not grant, and its schema is whole."""

from dataclasses import replace
from typing import Any

import pytest

from saan.core.catalogue import EventType
from saan.core.codes import Crosswalk
from saan.core.organisations import Organisations
from saan.core.participants import Agreement, Participant
from saan.core.world import World
from saan.wire.avro import Codec
from saan.wire.views import ViewConflict, by_agreement, project, view, views

KIND = {"type": "enum", "name": "Kind", "symbols": ["A", "UNKNOWN"], "default": "UNKNOWN"}


def field(name: str, type_: Any, data_class: str = "C2k") -> dict[str, Any]:
    more = {"default": None} if isinstance(type_, list) else {}
    return {"name": name, "type": type_, "class": data_class, **more}


PAPER = {
    "type": "record",
    "name": "Paper",
    "fields": [field("series", "string"), field("kind", "Kind"), field("hash", "string", "C3")],
}
ITEM = {"type": "record", "name": "Item", "fields": [field("who", "string"), field("status", "string", "C3")]}
SCHEMA = {
    "type": "record",
    "name": "Told",
    "namespace": "th.saan.student",
    "doc": "Told.",
    "fields": [
        field("school", "string", "C1"),
        field("kind", KIND),
        field("religion", ["null", "string"], "C3"),
        field("paper", ["null", PAPER]),
        field("items", {"type": "array", "items": ITEM}),
        field("texts", {"type": "map", "values": "string"}),
    ],
}
EVENT = EventType(
    name="student.told",
    record="th.saan.student.Told",
    schema=SCHEMA,
    domain="student",
    title={},
    data_class="C2k",
    publishers=frozenset(),
    subject_kind="school",
    subject=("school",),
    school="school",
    concerns=(),
    follows_learner=False,
    history=(),
    rules=(),
    roles=frozenset({"fund"}),
    retention="register",
)
AGREEMENT = Agreement(
    id="AG-1",
    events=frozenset({EVENT.name}),
    purposes=frozenset(),
    basis="",
    ceiling="C3",
    view="fund",
    scope=frozenset(),
    valid_from=0,
    valid_to=None,
)
DATA = {
    "school": "SC-1",
    "kind": "A",
    "religion": "004",
    "paper": {"series": "1", "kind": "A", "hash": "x"},
    "items": [{"who": "st", "status": "sick"}],
    "texts": {"a": "b"},
}


def world(*agreements: Agreement) -> World:
    participant = Participant("eef", "fund", {}, frozenset(), frozenset(), agreements)
    return World({EVENT.name: EVENT}, {}, Crosswalk({}), Organisations(()), {"eef": participant})


def through(dropped: frozenset[str]) -> Any:
    """``DATA`` as a recipient of the view reads it."""
    codec = Codec(view(EVENT, "fund", dropped).schema)
    return codec.decode(codec.encode(DATA))


def test_an_agreement_that_grants_all_needs_no_view() -> None:
    assert project(EVENT, AGREEMENT) == frozenset()
    assert views(world(AGREEMENT)) == []
    assert by_agreement(world(AGREEMENT)) == {}


def test_fields_above_the_ceiling_are_dropped_in_nested_records_too() -> None:
    assert project(EVENT, replace(AGREEMENT, ceiling="C2k")) == {"religion", "paper.hash", "items.status"}


def test_a_granted_field_passes_although_its_class_is_above_the_ceiling() -> None:
    agreement = replace(AGREEMENT, ceiling="C2k", granted=frozenset({"religion", "items.status"}))
    assert project(EVENT, agreement) == {"paper.hash"}


def test_a_withheld_field_goes_whatever_its_class() -> None:
    assert project(EVENT, replace(AGREEMENT, withheld=frozenset({"kind", "paper"}))) == {"kind", "paper"}


def test_withholding_wins_over_granting() -> None:
    agreement = replace(AGREEMENT, withheld=frozenset({"religion"}), granted=frozenset({"religion"}))
    assert project(EVENT, agreement) == {"religion"}


def test_a_record_of_which_nothing_is_left_goes_as_a_whole() -> None:
    agreement = replace(AGREEMENT, withheld=frozenset({"items.who", "items.status"}))
    assert project(EVENT, agreement) == {"items"}


def test_what_is_dropped_cannot_be_read_and_the_rest_is_unchanged() -> None:
    read = through(frozenset({"religion", "paper.hash", "items.status"}))
    assert read == {
        "school": "SC-1",
        "kind": "A",
        "paper": {"series": "1", "kind": "A"},
        "items": [{"who": "st"}],
        "texts": {"a": "b"},
    }


def test_a_type_defined_in_a_dropped_field_is_defined_where_it_is_met_next() -> None:
    assert through(frozenset({"kind"}))["paper"]["kind"] == "A"


def test_a_view_is_a_record_of_its_own_and_keeps_docs_and_classes() -> None:
    made = view(EVENT, "fund", frozenset({"religion"}))
    assert made.record == "th.saan.student.Told.view.fund"
    assert (made.schema["namespace"], made.schema["name"]) == ("th.saan.student.Told.view", "fund")
    assert made.fields == ("school", "kind", "paper", "items", "texts")
    assert made.schema["fields"][0]["class"] == "C1"


def test_making_a_view_leaves_the_event_as_it_was() -> None:
    before = repr(SCHEMA)
    view(EVENT, "fund", frozenset({"kind", "paper.hash"}))
    assert repr(SCHEMA) == before


def test_one_view_serves_every_agreement_that_means_the_same() -> None:
    first = replace(AGREEMENT, ceiling="C2k")
    second = replace(first, id="AG-2")
    both = world(first, second)
    assert [made.name for made in views(both)] == ["fund"]
    assert by_agreement(both) == {("student.told", "AG-1"): "fund", ("student.told", "AG-2"): "fund"}


def test_one_name_for_two_sets_of_fields_is_refused() -> None:
    second = replace(AGREEMENT, id="AG-2", ceiling="C2k")
    third = replace(second, id="AG-3", withheld=frozenset({"kind"}))
    with pytest.raises(ViewConflict, match=r"fund of student\.told"):
        views(world(second, third))
