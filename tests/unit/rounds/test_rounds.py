"""From the canonical log to certificates, and from certificates back to the log."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from saan.core.calendar import to_date
from saan.core.roster import Count, Counted, Roster, counted
from saan.core.rounds import Window
from saan.core.world import World
from saan.rounds import saying
from saan.rounds.completeness import Progress, completeness, expected
from saan.rounds.reading import Counting, Records
from saan.rounds.saying import Certificate
from saan.rounds.settled import passed, settle
from saan.wire.avro import Codec
from saan.wire.lag import Lag
from saan.wire.trouble import Trouble

from .conftest import Log, schema

SCHOOL, OTHER = "SC-2da05aa5ab97", "SC-ce35ce724f35"


@pytest.fixture
def window(world: World) -> Window:
    return world.rounds.patterns["JUN10"].window(2568)


def on(window: Window, back: int) -> str:
    return to_date(window.day - back).isoformat()


def enrol(log: Log, window: Window, subject: str, school: str = SCHOOL, *, sex: str = "1", received: int = 0) -> None:
    day = {"entryDate": on(window, 8), "effectiveDate": on(window, 8)}
    data = {**day, "schoolUid": school, "gradeLevelCode": "311", "genderCode": sex}
    log.say("student.enrolled", subject, received or window.closes - 10**9, data)


def move(log: Log, window: Window, subject: str, received: int) -> None:
    days = {name: on(window, 4) for name in ("effectiveDate", "leaveDate", "entryDate")}
    log.say("student.transferred", subject, received, {**days, "fromSchoolUid": SCHOOL, "toSchoolUid": OTHER})


def certify(log: Log, world: World, window: Window, school: str = SCHOOL) -> dict[str, Any]:
    """Count the log as it is now and write the certificate into it."""
    roster = Roster(window.day, window.closes)
    ends = Records(log, world, schema).count([Counting(roster)])
    made = Certificate(counted(roster, school), window.closes, ends, window.closes + 10**6, "ผู้อำนวยการ")
    of = world.organisations.get(school)
    assert of is not None
    data = saying.certified(of, window, world.rounds.patterns["JUN10"], made)
    log.say("round.certified", school, window.closes + 2 * 10**6, data)
    return data


def verified(log: Log, world: World, window: Window, school: str = SCHOOL) -> list[str]:
    records = Records(log, world, schema)
    certificate = records.certificates(window)[school]
    roster = Roster(window.day, certificate["cutOff"])
    records.count([Counting(roster, certificate["logEnds"])])
    return saying.differences(certificate, counted(roster, school))


def test_a_certificate_is_what_replaying_the_log_gives(log: Log, world: World, window: Window) -> None:
    for number, sex in enumerate("112"):
        enrol(log, window, f"st-{number}", sex=sex)
    move(log, window, "st-0", window.closes - 1)

    data = certify(log, world, window)

    assert data["counts"] == [
        {"gradeLevelCode": "311", "genderCode": "1", "learners": 1},
        {"gradeLevelCode": "311", "genderCode": "2", "learners": 1},
    ]
    assert data["logEnds"] == {"record.student/0": 7}
    assert verified(log, world, window) == []


def test_what_comes_into_the_log_later_does_not_touch_a_certificate(log: Log, world: World, window: Window) -> None:
    enrol(log, window, "st-1")
    certify(log, world, window)

    move(log, window, "st-1", window.closes + 1)
    enrol(log, window, "st-2", received=window.closes - 1)  # received in time, but it waited elsewhere

    assert verified(log, world, window) == []


def test_a_certificate_that_does_not_say_what_the_log_says_is_found_out(log: Log, world: World, window: Window) -> None:
    enrol(log, window, "st-1")
    data = certify(log, world, window)
    forged = {**data, "learners": 2, "counts": [{**data["counts"][0], "learners": 2}], "root": "0" * 64}
    log.say("round.certified", SCHOOL, window.closes + 3 * 10**6, forged)

    assert verified(log, world, window) == ["learners", "counts", "root"]


def test_the_last_certificate_of_the_round_and_year_holds(log: Log, world: World, window: Window) -> None:
    enrol(log, window, "st-1")
    certify(log, world, window)
    certify(log, world, world.rounds.patterns["JUN10"].window(2569))
    enrol(log, window, "st-2")
    certify(log, world, window)

    certificates = Records(log, world, schema).certificates(window)

    assert {school: one["learners"] for school, one in certificates.items()} == {SCHOOL: 2}


def test_a_record_that_cannot_be_read_stops_the_count(log: Log, world: World, window: Window) -> None:
    enrol(log, window, "st-1")
    (entry,) = log.entries
    log.entries = [type(entry)(entry.place, 0, entry.key, entry.value[:20], entry.headers, entry.received)]

    with pytest.raises(Trouble, match="cannot be read"):
        Records(log, world, schema).count([Counting(Roster(window.day, window.closes))])


def test_what_nobody_told_is_counted_as_unknown() -> None:
    assert saying.counts(Counted("SC-1", (Count("", "", 3),), b"")) == [
        {"gradeLevelCode": "UNKNOWN", "genderCode": "UNKNOWN", "learners": 3}
    ]


def test_the_schools_below_an_office_are_final_partial_or_silent(world: World, window: Window) -> None:
    schools = sorted(expected(world))
    below = [s for s in schools if "SESA-NWT" in world.organisations.above(s, window.day)]
    final, partial = below[0], below[1]

    found = {one.office.id: one for one in completeness(world, window.day, {final: 25}, {final, partial})}

    office = found["SESA-NWT"]
    assert office.of(Progress.FINAL) == [final]
    assert office.of(Progress.PARTIAL) == [partial]
    assert office.of(Progress.SILENT) == below[2:]
    assert office.learners == 25
    assert len(found["PEO-96"].schools) == len(schools)


def test_the_events_of_a_round_fit_their_schemas(world: World, window: Window) -> None:
    pattern = world.rounds.patterns["JUN10"]
    school = world.organisations.get(SCHOOL)
    assert school is not None
    (office, *_) = completeness(world, window.day, {}, ())
    said: dict[str, Mapping[str, Any]] = {
        "round.opened": saying.opened(school, window, pattern, None),
        "round.completeness-reported": office.data(window, pattern, window.closes),
    }
    for type, data in said.items():
        assert isinstance(Codec(world.events[type].schema).from_json(json.loads(json.dumps(data))), dict), type


class Meter:
    """Answers for each group from a list, one answer per question; the last one for ever."""

    def __init__(self, **answers: list[list[Lag]]) -> None:
        self._answers = answers
        self.asked: list[str] = []

    def of(self, group: str) -> list[Lag]:
        self.asked.append(group)
        left = self._answers[group.removeprefix("saan-")]
        return left.pop(0) if len(left) > 1 else left[0]


def lag(committed: int, end: int, since: int | None) -> list[Lag]:
    return [Lag("g", "t", 0, committed, end, since)]


def test_a_reader_has_passed_a_cut_off_when_its_first_unread_record_came_at_it_or_later() -> None:
    assert [passed(lag(0, 1, since)[0], 2_000) for since in (None, 1, 2, 3)] == [True, False, True, True]


def test_certifying_waits_for_both_hops() -> None:
    checked = [lag(0, 9, 1), lag(5, 9, 3)]
    routed = [lag(0, 4, 1), lag(2, 4, 1), lag(4, 6, 1)]
    meter = Meter(validator=checked, router=routed)

    settle(meter, 2_000, sleep=lambda seconds: None)

    assert meter.asked == ["saan-validator"] * 2 + ["saan-router"] * 3


def test_what_stays_under_way_is_said() -> None:
    with pytest.raises(Trouble, match=r"round\.under-way"):
        settle(Meter(validator=[lag(0, 9, 1)], router=[[]]), 2_000, patience=0, sleep=lambda seconds: None)
