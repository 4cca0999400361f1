"""The school day: what is published when, by whom, and what must become of it.

Events of one learner by different publishers lie in different phases; whoever plays the day waits between phases until
the exchange has settled the one before. So their order is the same for everybody.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from random import Random

from saan.demo.ground import School
from saan.demo.happenings import TEST_OF_GRADE, Event, Teller
from saan.demo.planted import Fate, Planted
from saan.demo.province import Province, Pupil
from saan.demo.slips import OF_TYPE

_SCHOOL_PROFILES = 0.6
_PROFILES = 0.03
_GRADES = 0.25
_TRANSFERS = 0.012
_WITHDRAWALS = 0.005
_TESTS = 0.4
_SLIPS = 0.045
_REPEATS = 0.01
_MEDDLERS = 0.02


@dataclass(slots=True)
class _Plan:
    """The phases while they grow: class registers and grades, then transfers, then what follows from them."""

    morning: list[Planted] = field(default_factory=list)
    noon: list[Planted] = field(default_factory=list)
    afternoon: list[Planted] = field(default_factory=list)


def plan(
    province: Province, run: str, enrolled: Container[int], subjects: Mapping[int, str]
) -> tuple[Sequence[Planted], ...]:
    """The phases of the day, from the province's seed.

    ``enrolled`` are the keys of the pupils whose enrolment was accepted: nothing is told of anybody else. ``subjects``
    maps such keys to pseudonyms, as far as they are known.
    """
    teller, phases = Teller(province, run, subjects), _Plan()
    for school in province.ground.schools:
        draw = Random(f"{province.seed}/day/{school.uid}")
        pupils = [pupil for pupil in province.pupils(school) if pupil.key in enrolled]
        _morning(phases, teller, province, school, pupils, draw)
        moved = dict(_transfers(phases, teller, province, school, pupils, draw))
        _afternoon(phases, teller, province, school, pupils, moved, draw)
    return phases.morning, phases.noon, phases.afternoon


def _morning(
    phases: _Plan, teller: Teller, province: Province, school: School, pupils: Sequence[Pupil], draw: Random
) -> None:
    for _, group in groupby(pupils, key=lambda pupil: (pupil.grade, pupil.room)):
        _add(phases.morning, teller.attendance(school, list(group), draw), None, province, draw)
    if draw.random() < _SCHOOL_PROFILES:
        _add(phases.morning, teller.school_profile(school, draw), None, province, draw)
    for pupil in pupils:
        if draw.random() < _PROFILES:
            _add(phases.morning, teller.profile(school, pupil, draw), pupil, province, draw)
        if draw.random() < _GRADES:
            _add(phases.morning, teller.grade(school, pupil, draw), pupil, province, draw)


def _transfers(
    phases: _Plan, teller: Teller, province: Province, school: School, pupils: Sequence[Pupil], draw: Random
) -> Iterator[tuple[int, School]]:
    """Plans the transfers out of ``school``; yields the pupils who went, with the school they are at now."""
    for pupil in pupils:
        if draw.random() >= _TRANSFERS:
            continue
        others = [o for o in province.ground.schools if o.uid != school.uid and pupil.grade in o.levels]
        if others:
            entered = draw.choice(others)
            event = teller.transfer(school, entered, pupil, draw)
            if _add(phases.noon, event, pupil, province, draw):
                yield pupil.key, entered


def _afternoon(
    phases: _Plan,
    teller: Teller,
    province: Province,
    school: School,
    pupils: Sequence[Pupil],
    moved: Mapping[int, School],
    draw: Random,
) -> None:
    body = province.ground.test_body
    for pupil in pupils:
        if pupil.grade in TEST_OF_GRADE and draw.random() < _TESTS:
            event = teller.test(body, school, pupil, draw)
            if draw.random() < _MEDDLERS:
                phases.afternoon.append(_meddling(event, school, pupil))
            else:
                _add(phases.afternoon, event, pupil, province, draw)
        elif pupil.key in moved:
            _add(phases.afternoon, teller.grade(moved[pupil.key], pupil, draw), pupil, province, draw)
        elif draw.random() < _WITHDRAWALS:
            _add(phases.afternoon, teller.withdrawal(school, pupil, draw), pupil, province, draw)
            _add(phases.afternoon, teller.reason(school, pupil, draw), pupil, province, draw)


def _add(phase: list[Planted], event: Event, pupil: Pupil | None, province: Province, draw: Random) -> bool:
    """Put the event into the phase, sometimes with a slip, sometimes twice; whether it must be accepted."""
    publisher, learner = event["source"], pupil.key if pupil else None
    if draw.random() < _SLIPS:
        slip = draw.choice(OF_TYPE[event["type"]])
        phase.append(Planted(publisher, slip.on(event, province, draw), learner, Fate.REFUSED, slip.rule))
        return False
    phase.append(Planted(publisher, event, learner))
    if draw.random() < _REPEATS:
        phase.append(Planted(publisher, event, learner, Fate.REPEATED))
    return True


def _meddling(event: Event, school: School, pupil: Pupil) -> Planted:
    """A school publishes a test result, which is the test body's business."""
    spoilt = {**event, "source": school.participant}
    return Planted(school.participant, spoilt, pupil.key, Fate.REFUSED, "V15")
