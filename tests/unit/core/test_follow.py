"""Whom a record concerns follows its learner; and ten thousand pairs against the rule, written down a second time."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from saan.core.calendar import micros
from saan.core.catalogue import EventType, Step
from saan.core.codes import Crosswalk
from saan.core.follow import Concerned, concerned
from saan.core.learner import Learner
from saan.core.message import Envelope, Message
from saan.core.organisations import Organisation, Organisations, Parent
from saan.core.participants import Agreement, Participant
from saan.core.route import DELIVERED, Routes
from saan.core.world import World

from .learners import ENROLLED, PLAIN, TRANSFERRED, WITHDRAWN, after, told

SAID = replace(PLAIN, name="said", concerns=("school",))
FOLLOWS = replace(PLAIN, name="follows", concerns=("school",), follows_learner=True)
RIGHTS = replace(FOLLOWS, name="rights", former_schools=True)


def learner(*events: Any) -> Learner:
    known = Learner()
    for event in events:
        known = after(known, event)
    return known


MOVED = learner(told("enrolled", "A", 100), told("transferred", "B", 150, **{"from": "A"}))


@pytest.mark.parametrize("day", [149, 120])
def test_before_the_transfer_the_old_school_is_concerned_however_late_it_is_told(day: int) -> None:
    assert concerned(FOLLOWS, {"school": "A"}, MOVED, day) == Concerned(frozenset("A"), {}, frozenset("B"))


def test_from_the_transfer_on_only_the_new_school_is_whoever_says_it() -> None:
    assert concerned(FOLLOWS, {"school": "A"}, MOVED, 150) == Concerned(frozenset("B"), {"A": 150})
    assert concerned(SAID, {"school": "A"}, MOVED, 150) == Concerned(frozenset(), {"A": 150})


def test_the_transfer_itself_concerns_both_sides() -> None:
    moves = replace(TRANSFERRED, concerns=("from", "school"))

    assert concerned(moves, {"school": "B", "from": "A"}, MOVED, 160).schools == {"A", "B"}


def test_a_transfer_told_late_counts_from_its_own_day() -> None:
    before = learner(told("enrolled", "A", 100))

    assert concerned(FOLLOWS, {"school": "A"}, before, 170).schools == {"A"}
    assert concerned(FOLLOWS, {"school": "A"}, MOVED, 170).schools == {"B"}


def test_a_request_moves_nobody_whether_it_is_cancelled_or_not() -> None:
    asked = replace(ENROLLED, name="asked", history=(Step("turn", "school", "on", "transferring"),))
    known = learner(told("enrolled", "A", 100)).after(asked, "A", "1", {"school": "A", "on": 120})

    assert concerned(FOLLOWS, {"school": "A"}, known, 130) == Concerned(frozenset("A"))
    again = after(known, told("enrolled", "A", 125))
    assert again.status == "enrolled"
    assert concerned(FOLLOWS, {"school": "A"}, again, 130) == Concerned(frozenset("A"))


def test_a_transfer_is_undone_by_telling_the_way_back_and_the_days_between_stay_the_other_schools() -> None:
    back = after(MOVED, told("transferred", "A", 153, **{"from": "B"}))

    assert concerned(FOLLOWS, {"school": "A"}, back, 151) == Concerned(frozenset("B"), {"A": 150}, frozenset("A"))
    assert concerned(FOLLOWS, {"school": "B"}, back, 153) == Concerned(frozenset("A"), {"B": 153})


def test_between_two_schools_the_learner_is_nobodys() -> None:
    gap = replace(TRANSFERRED, history=(Step("leave", "from", "left", "transferred"), Step("enter", "school", "on")))
    known = learner(told("enrolled", "A", 100)).after(
        gap, "B", "2", {"from": "A", "left": 140, "school": "B", "on": 150}
    )

    assert concerned(FOLLOWS, {"school": "A"}, known, 145) == Concerned(frozenset(), {"A": 140}, frozenset("B"))


def test_a_school_that_the_learner_withdrew_from_still_speaks_until_another_has_enrolled_the_learner() -> None:
    gone = learner(told("enrolled", "A", 100), told("withdrawn", "A", 120))
    elsewhere = after(gone, told("enrolled", "B", 130))

    assert concerned(SAID, {"school": "A"}, gone, 140) == Concerned(frozenset("A"))
    assert concerned(SAID, {"school": "A"}, elsewhere, 125) == Concerned(frozenset("A"))
    assert concerned(SAID, {"school": "A"}, elsewhere, 130) == Concerned(frozenset(), {"A": 120})


def test_a_right_of_the_learner_concerns_every_school_that_has_had_the_learner() -> None:
    assert concerned(RIGHTS, {"school": "B"}, MOVED, 200).schools == {"A", "B"}
    assert concerned(RIGHTS, {"school": "A"}, MOVED, 140).schools == {"A"}


def test_of_somebody_nothing_is_known_of_and_of_what_is_no_learner_the_named_school_is_concerned() -> None:
    assert concerned(FOLLOWS, {"school": "A"}, Learner(), 150) == Concerned(frozenset("A"))
    assert concerned(replace(SAID, subject_kind="school"), {"school": "A"}, MOVED, 150) == Concerned(frozenset("A"))


# ---- the rule once more, from its text alone, sharing nothing with core.follow, core.history or core.route

PAIRS = 10_000
SEED = 2569
SCHOOLS = "ABCD"
DAYS = range(60)
START = datetime(2026, 5, 16, 3, tzinfo=UTC)  # ten in the morning in Bangkok of day 0


@dataclass(frozen=True)
class Saying:
    """Somebody said: on ``day`` the learner ``what`` (came, went, transferred, turned, died) at ``school``."""

    day: int
    what: str
    school: str
    to: str = ""


@dataclass(frozen=True)
class Told:
    """An event of ``kind`` (plain, follows, moves, rights) on ``day``, in which a school names itself."""

    kind: str
    day: int
    school: str
    other: str


@dataclass(frozen=True)
class Recipient:
    """Who might get it: under one agreement over ``scope``."""

    scope: str
    kind_hears: bool
    since: int
    until: int
    paused: bool
    looks_back: bool
    says_it: bool


@dataclass(frozen=True)
class Place:
    """One time at one school; ``ends`` is the first day on which it is over, ``given`` that another took over."""

    school: str
    begins: int
    ends: float
    given: bool


def entitled(history: list[Saying], event: Told, who: Recipient, above: dict[tuple[str, str], range]) -> bool:
    """The rule: delivered if and only if every one of these holds."""
    if not who.kind_hears or who.says_it or who.paused or not who.since <= event.day < who.until:
        return False
    places = whereabouts(history)
    schools = set(_about(event, places))
    if who.looks_back and event.kind in ("plain", "follows"):
        schools |= set(_came_since(places, event.day))
    return any(school == who.scope or event.day in above.get((school, who.scope), ()) for school in schools)


def _about(event: Told, places: list[Place]) -> Iterator[str]:
    """A move is about all whom it names. Else the named school is meant, unless it has lost the learner to another."""
    if event.kind == "moves":
        yield from (event.school, event.other)
        return
    if event.kind == "rights" or not _lost(event.school, event.day, places):
        yield event.school
    for place in places:
        if event.kind == "rights" and place.begins <= event.day:
            yield place.school
        if event.kind == "follows" and place.begins <= event.day < place.ends:
            yield place.school


def _lost(school: str, day: int, places: list[Place]) -> bool:
    """Whether the learner's last time there was over, and given to another school or followed by one."""
    there = [place for place in places if place.school == school and place.begins <= day]
    if not there or there[-1].ends > day:
        return False
    last = there[-1]
    elsewhere = [place for place in places if place.school != school and last.ends <= place.begins <= day]
    return last.given or bool(elsewhere)


def _came_since(places: list[Place], day: int) -> Iterator[str]:
    """The school where the learner is at last, given over by another, if that was after the day."""
    if len(places) > 1:
        before, now = places[-2:]
        if now.ends == float("inf") and now.begins > day and before.given and before.school != now.school:
            yield now.school


def whereabouts(history: list[Saying]) -> list[Place]:
    """Day by day: of one day, comings count before goings. A time that nobody ended ends where another school's began
    after it (of one day, the later name), or with the learner's death."""
    here: dict[str, int] = {}
    times: list[tuple[int, str, float, bool]] = []
    died = float("inf")
    for day in DAYS:
        today = [saying for saying in history if saying.day == day]
        came = {s.school for s in today if s.what == "came"} | {s.to for s in today if s.what == "transferred"}
        for school in came:
            here.setdefault(school, day)
        for what in ("transferred", "went", "died"):
            for saying in today:
                if saying.what == what and saying.school in here:
                    times.append((here.pop(saying.school), saying.school, day, what == "transferred"))
        if any(saying.what == "died" for saying in today):
            died = min(died, day)
    open_ended = [(begins, school, float("inf"), False) for school, begins in here.items()]
    times = sorted(times + open_ended)
    places = []
    for begins, school, ends, given in times:
        if ends == float("inf"):
            later = [other[0] for other in times if other[:2] > (begins, school)]
            ends = min([*later, max(died, begins)])
        places.append(Place(school, begins, ends, given))
    return places


# ---- random histories and recipients, and the decision that is tried

OFFICES = ("NORTH", "SOUTH", "PROVINCE", "HEAD")


@dataclass(frozen=True)
class Case:
    history: list[Saying]
    event: Told
    who: Recipient
    above: dict[tuple[str, str], range]


def cases(draw: random.Random) -> Iterator[Case]:
    while True:
        above = {
            (school, office): range(draw.choice((0, 0, 20)), draw.choice((40, 60, 60)))
            for school in SCHOOLS
            for office in OFFICES
            if draw.random() < 0.4
        }
        history = [_saying(draw) for _ in range(draw.choice((0, 1, 1, 2, 3, 4, 6)))]
        if history and draw.random() < 0.6:  # most learners begin somewhere
            history.append(Saying(draw.randrange(5), "came", history[0].school))
        for _ in range(5):
            school, other = draw.sample(SCHOOLS, 2)
            event = Told(
                draw.choice(("plain", "follows", "follows", "moves", "rights")), draw.choice(DAYS), school, other
            )
            who = Recipient(
                draw.choice((*SCHOOLS, *OFFICES)),
                draw.random() < 0.95,
                draw.choice((0, 0, 0, 10)),
                draw.choice((60, 60, 60, 50)),
                draw.random() < 0.03,
                draw.random() < 0.4,
                draw.random() < 0.05,
            )
            yield Case(history, event, who, above)


def _saying(draw: random.Random) -> Saying:
    what = draw.choices(("came", "went", "transferred", "turned", "died"), (4, 2, 5, 1, 0.3))[0]
    school, to = draw.sample(SCHOOLS, 2)
    return Saying(draw.choice(DAYS), what, school, to if what == "transferred" else "")


TYPES = {
    "came": ENROLLED,
    "went": WITHDRAWN,
    "transferred": TRANSFERRED,
    "turned": replace(PLAIN, name="turned", history=(Step("turn", "school", "on", "suspended"),)),
    "died": replace(PLAIN, name="died", history=(Step("leave", "school", "on", "deceased"),)),
}
EVENTS = {
    "plain": SAID,
    "follows": FOLLOWS,
    "rights": RIGHTS,
    "moves": replace(TRANSFERRED, name="moves", concerns=("school", "other")),
}


def decided(case: Case, draw: random.Random) -> bool:
    """What the router would do, the history told in any order."""
    known, base = Learner(), _day(0)
    for n, saying in enumerate(draw.sample(case.history, len(case.history))):
        data = {"school": saying.to or saying.school, "from": saying.school, "on": base + saying.day}
        known = known.after(TYPES[saying.what], "s", str(n), data)
    event = _hears(EVENTS[case.event.kind], case.who)
    data = {"school": case.event.school, "other": case.event.other}
    source = "recipient" if case.who.says_it else "somebody"
    time = _time(case.event.day)
    message = Message(Envelope("1", event.name, source, time, "st-1", {}), data)
    agreement = Agreement(
        "ag", frozenset({event.name}), frozenset(), "law", "C2k", "v", frozenset({case.who.scope}),
        _time(case.who.since), _time(case.who.until), paused=case.who.paused, looks_back=case.who.looks_back,
    )  # fmt: skip
    recipient = Participant("recipient", "hears", {}, frozenset(), frozenset(), (agreement,))
    world = World({event.name: event}, {}, Crosswalk({}), _organisations(case), {"recipient": recipient})
    routes, whom = Routes(world, {}), concerned(event, data, known, base + case.event.day)
    delivered = any(one.recipient == "recipient" for one in routes.route(message, whom))
    assert delivered == (routes.why(message, whom, "recipient") == DELIVERED)
    return delivered


def _hears(event: EventType, who: Recipient) -> EventType:
    return replace(event, roles=frozenset({"hears"} if who.kind_hears else {"others"}))


def _organisations(case: Case) -> Organisations:
    base = _day(0)
    offices = [Organisation(office, "office", {}, ()) for office in OFFICES]
    for school in SCHOOLS:
        ties = tuple(
            Parent(office, base + days.start, base + days.stop)
            for (s, office), days in case.above.items()
            if s == school
        )
        offices.append(Organisation(school, "school", {}, ties))
    return Organisations(offices)


def _time(day: int) -> int:
    return micros(START + timedelta(days=day))


def _day(day: int) -> int:
    return (START + timedelta(days=day)).toordinal() - 719_163


def test_delivered_if_and_only_if_entitled() -> None:
    draw = random.Random(SEED)
    outcomes = {True: 0, False: 0}
    for number, case in zip(range(PAIRS), cases(draw), strict=False):
        owed = entitled(case.history, case.event, case.who, case.above)
        assert decided(case, draw) == owed, f"seed {SEED}, pair {number}: {case}"
        outcomes[owed] += 1

    assert min(outcomes.values()) > PAIRS // 10, outcomes
