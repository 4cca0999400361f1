"""A second enrolment is told to both schools and their offices, once; so is its end, also after a restart."""

from collections import Counter
from typing import Any

import pytest

from saan.core.world import World
from saan.router.waiting import Room

from .conftest import NEW, OLD, PATIENCE, SCHOOLS, THIRD, Exchange, Record

EVERYBODY = ("sesa-nwt", "peo-96", "obec-dmc")
KINDS = ("duplicate-enrolment.detected", "duplicate-enrolment.resolved")


def notices(exchange: Exchange, participant: str) -> list[Record]:
    return [record for record in exchange.inbox(participant) if record.type in KINDS]


def told(exchange: Exchange, participant: str) -> list[tuple[str, str, str, str]]:
    """The notices in an inbox: kind, who holds the learner, who claims, how it ended."""
    read = [(record.type, exchange.registry.decode(record.value or b"")) for record in notices(exchange, participant)]
    owner = {one["schoolUid"]: name for name, one in SCHOOLS.items()}
    return [
        (type.rpartition(".")[2], owner[data["holderSchoolUid"]], owner[data["claimantSchoolUid"]], data.get("ending"))
        for type, data in read
    ]


@pytest.fixture
async def second(exchange: Exchange, say: Any) -> str:
    """A school has enrolled somebody whom another one holds; the id of that event."""
    say("student.enrolled", OLD, entryDate="2025-05-16")
    await exchange.run()
    claim: str = say("student.enrolled", NEW, entryDate="2025-06-02")
    await exchange.run()
    return claim


async def test_both_schools_and_their_offices_hear_of_it_once_and_nobody_else_does(
    exchange: Exchange, world: World, second: str
) -> None:
    entitled = {OLD, NEW, *EVERYBODY}
    for participant in world.participants:
        expected = [("detected", OLD, NEW, None)] if participant in entitled else []
        assert told(exchange, participant) == expected, participant

    copies = [notices(exchange, participant)[0] for participant in sorted(entitled)]
    assert len({(one.key, one.value, one.headers) for one in copies}) == 1
    headers = dict(copies[0].headers)
    assert (headers["ce_source"], headers["ce_causationid"]) == (b"router", second.encode())
    assert headers["ce_subject"] == copies[0].key == exchange.log.of("record.student")[0].key


async def test_it_tells_schools_days_and_a_pseudonym_and_nothing_of_the_person(exchange: Exchange, second: str) -> None:
    (notice,) = notices(exchange, OLD)
    data = exchange.registry.decode(notice.value or b"")
    number = data.pop("caseId")

    assert data == {
        "subjectUid": (notice.key or b"").decode(),
        "holderSchoolUid": SCHOOLS[OLD]["schoolUid"],
        "holderSchoolCode10": SCHOOLS[OLD]["schoolCode10"],
        "heldSince": 20224,
        "claimantSchoolUid": SCHOOLS[NEW]["schoolUid"],
        "claimantSchoolCode10": SCHOOLS[NEW]["schoolCode10"],
        "claimedFrom": 20241,
        "detectedAt": exchange.now,
    }
    assert notice.id == f"{number}:detected"


async def test_the_end_of_the_first_enrolment_ends_the_case_for_everybody(
    exchange: Exchange, say: Any, second: str
) -> None:
    say("student.withdrawn", OLD, exitDate="2025-05-30", exitTypeCode="02")
    await exchange.run()

    for participant in (OLD, NEW, *EVERYBODY):
        assert told(exchange, participant) == [("detected", OLD, NEW, None), ("resolved", OLD, NEW, "ENTERED")]
    begun, over = notices(exchange, OLD)
    assert begun.id.partition(":")[0] == over.id.partition(":")[0]


async def test_what_waits_too_long_ends_its_case_once(exchange: Exchange, second: str) -> None:
    exchange.now += PATIENCE
    await exchange.idle()
    await exchange.idle()

    for participant in (OLD, NEW, *EVERYBODY):
        assert told(exchange, participant) == [("detected", OLD, NEW, None), ("resolved", OLD, NEW, "EXPIRED")]


async def test_a_router_that_starts_again_knows_what_it_has_told(exchange: Exchange, say: Any, second: str) -> None:
    _restart(exchange)
    say("student.profile-changed", OLD)
    await exchange.run()
    _restart(exchange)
    exchange.now += PATIENCE
    await exchange.idle()

    assert told(exchange, OLD) == [("detected", OLD, NEW, None), ("resolved", OLD, NEW, "EXPIRED")]


async def test_a_block_that_is_decided_again_tells_the_same(exchange: Exchange, say: Any) -> None:
    say("student.enrolled", OLD, entryDate="2025-05-16")
    await exchange.run()
    say("student.enrolled", NEW, entryDate="2025-06-02")
    await exchange.validate()
    first = await exchange.route("student", commit=False)
    again = await exchange.route("student")

    assert [put for put in first if put[0].startswith("inbox.")] == [
        put for put in again if put[0].startswith("inbox.")
    ]
    assert told(exchange, OLD) == [("detected", OLD, NEW, None)]


async def test_another_school_that_takes_the_learner_over_is_another_case(
    exchange: Exchange, say: Any, second: str
) -> None:
    place = {"fromSchoolUid": SCHOOLS[OLD]["schoolUid"], "toSchoolUid": SCHOOLS[THIRD]["schoolUid"]}
    say("student.transferred", THIRD, leaveDate="2025-05-20", entryDate="2025-05-20", **place)
    await exchange.run()
    assert told(exchange, OLD) == [("detected", OLD, NEW, None), ("resolved", OLD, NEW, "LET_GO")]
    assert told(exchange, THIRD) == [("detected", THIRD, NEW, None)]
    assert Counter(told(exchange, NEW)) == Counter(told(exchange, OLD) + told(exchange, THIRD))

    before = exchange.rooms.copy()
    _restart(exchange)
    assert exchange.rooms == before
    exchange.now += PATIENCE
    await exchange.idle()

    assert told(exchange, THIRD) == [("detected", THIRD, NEW, None), ("resolved", THIRD, NEW, "EXPIRED")]
    assert len(told(exchange, OLD)) == 2


async def test_the_ledger_counts_what_was_told(exchange: Exchange, world: World, second: str) -> None:
    delivered: Counter[str] = Counter()
    for entry in exchange.ledger("router"):
        delivered.update(entry["delivered"])

    assert delivered == {name: n for name in world.participants if (n := len(exchange.inbox(name)))}


async def test_the_canonical_log_holds_only_what_was_published(exchange: Exchange, second: str) -> None:
    assert [record.type for record in exchange.log.of("record.student")] == ["student.enrolled"]


def _restart(exchange: Exchange) -> None:
    """Forget what the lanes keep in memory and read again what waits."""
    for topic, number in list(exchange.rooms):
        if topic.startswith("checked."):
            room = exchange.rooms[topic, number] = Room()
            there: list[Any] = exchange.log.of(topic.replace("checked.", "parked."))
            for record in there:
                if record.partition == number:
                    room.replay(record)
