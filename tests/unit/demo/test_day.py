from collections import Counter, defaultdict
from datetime import UTC, datetime
from functools import cache
from itertools import chain, pairwise
from random import Random
from typing import Any

import pytest

from saan.core.envelope import instant
from saan.core.message import Envelope
from saan.core.outcome import Accepted
from saan.core.validate import Validator
from saan.core.world import World
from saan.demo import day
from saan.demo.ground import Ground
from saan.demo.planted import Fate, Planted
from saan.demo.province import Province
from saan.demo.schoolday import school_day
from saan.demo.slips import SLIPS, Slip
from saan.wire.avro import Codec

from .conftest import TUESDAY

RECEIVED = int(datetime(2025, 6, 10, 10, tzinfo=UTC).timestamp() * 1_000_000)
NAMED = ("specversion", "id", "type", "source", "time", "data", "datacontenttype")


@pytest.fixture(scope="module")
def busy(land: Ground) -> Province:
    """Large enough for every kind of happening to occur."""
    return Province(land, school_day(TUESDAY), seed=3, pupils=8_000, run="a")


@pytest.fixture(scope="module")
def checker(world: World) -> "Checker":
    return Checker(world)


@cache
def phases(province: Province, run: str = "a") -> tuple[list[Planted], ...]:
    everybody = range(len(province) + 100)
    subjects = {key: f"st-{key:020x}" for key in range(0, len(province), 2)}
    return tuple(list(phase) for phase in day.plan(province, run, everybody, subjects))


class Checker:
    """What the validator says to an event: the codes of its objections."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._validator = Validator(world, bytes(32))
        self._codecs = {name: Codec(event.schema) for name, event in world.events.items()}

    def codes(self, planted: Planted) -> tuple[str, ...]:
        event: dict[str, Any] = dict(planted.event)
        if event["type"] not in self._codecs:
            return ("ENV-1",)
        data = self._codecs[event["type"]].from_json(event["data"])
        if isinstance(data, tuple):
            return tuple(found.code for found in data)
        time = instant(event["time"])
        assert isinstance(time, int)
        extensions = {name: value for name, value in event.items() if name not in NAMED}
        envelope = Envelope(event["id"], event["type"], event["source"], time, None, extensions)
        publisher = self._world.participants[planted.publisher]
        verdict = self._validator.check(envelope, data, publisher=publisher, received=RECEIVED)
        return tuple(f.code for f in (verdict.warnings if isinstance(verdict, Accepted) else verdict.findings))


def test_every_event_of_a_day_comes_out_as_planted(busy: Province, checker: "Checker") -> None:
    for planted in chain(*phases(busy)):
        assert checker.codes(planted)[:1] == ((planted.rule,) if planted.fate is Fate.REFUSED else ()), planted.event


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.name)
def test_every_slip_is_refused_by_its_rule(slip: Slip, busy: Province, checker: Checker) -> None:
    draw = Random(1)
    right = [one for one in chain(*phases(busy)) if one.fate is Fate.ACCEPTED and one.event["type"] in slip.types]
    seen = Counter(one.event["type"] for one in right)
    assert set(seen) == set(slip.types)
    for planted in right[:40] + right[-40:]:
        spoilt = Planted(planted.publisher, slip.on(dict(planted.event), busy, draw))
        assert checker.codes(spoilt)[0] == slip.rule


def test_events_of_one_learner_by_different_publishers_are_in_different_phases(busy: Province) -> None:
    for phase in phases(busy):
        publishers: dict[int, set[str]] = defaultdict(set)
        for planted in phase:
            if planted.learner is not None and planted.fate is not Fate.REFUSED:
                publishers[planted.learner].add(planted.publisher)
        assert {len(names) for names in publishers.values()} <= {1}


def test_a_transfer_has_a_phase_before_everything_that_depends_on_it(busy: Province) -> None:
    morning, noon, afternoon = phases(busy)
    types = [{one.event["type"] for one in phase if one.fate is Fate.ACCEPTED} for phase in (morning, noon, afternoon)]
    assert types[1] == {"student.transferred"}
    assert types[2] == {"test-result.recorded", "grade.finalised", "student.withdrawn", "withdrawal.explained"}
    assert "student.transferred" not in types[0] | types[2]


def test_nobody_leaves_twice(busy: Province) -> None:
    left = Counter(
        planted.learner
        for planted in chain(*phases(busy))
        if planted.event["type"] in ("student.transferred", "student.withdrawn") and planted.fate is Fate.ACCEPTED
    )
    assert set(left.values()) == {1}


def test_a_repeat_follows_its_original_in_the_same_phase_and_is_the_same_event(busy: Province) -> None:
    repeats = 0
    for phase in phases(busy):
        for before, planted in pairwise(phase):
            if planted.fate is Fate.REPEATED:
                assert (before.event, before.publisher) == (planted.event, planted.publisher)
                repeats += 1
    assert repeats > 10


def test_ids_are_used_once_and_never_again_in_another_run(busy: Province) -> None:
    runs = []
    for run in ("a", "b"):
        keys = [(one.publisher, one.id) for one in chain(*phases(busy, run)) if one.fate is not Fate.REPEATED]
        assert len(keys) == len(set(keys))
        runs.append(set(keys))
    assert runs[0].isdisjoint(runs[1])


def test_nothing_is_told_of_pupils_who_were_not_enrolled(province: Province) -> None:
    some = set(range(0, 1_500, 3))
    told = {planted.learner for planted in chain(*day.plan(province, "a", some, {}))} - {None}
    assert told
    assert told <= some


def test_the_same_day_is_planned_again(province: Province) -> None:
    assert phases(province) == phases.__wrapped__(province)


def test_a_pupil_is_named_by_the_pseudonym_of_the_receipt_where_there_is_one(province: Province) -> None:
    grades = [one.event["data"] for one in phases(province)[0] if one.event["type"] == "grade.finalised"]
    kinds = Counter(data["idType"] for data in grades)
    assert kinds["SUBJECT_UID"] > 50
    assert kinds["CITIZEN_ID"] > 50
