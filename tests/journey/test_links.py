"""A G-code learner who gets a citizen ID keeps one history, and whoever has the learner is told the two pseudonyms."""

from typing import Any

import pytest

from saan.core.identity import pseudonym
from saan.core.learner import Learner
from saan.core.learner_bytes import decode, encode
from saan.core.merging import MERGED
from saan.core.world import World
from saan.router.handler import fold
from saan.wire.partition import partition
from saan.wire.store import key

from .conftest import KEY, NEW, OLD, PARTITIONS, SCHOOLS, Exchange, example

G_CODE, CITIZEN = "G679699008046", "9900007680479"
BEFORE, AFTER = pseudonym("G_CODE", G_CODE, KEY), pseudonym("CITIZEN_ID", CITIZEN, KEY)
HEADER = "ce_linkedsubject"


@pytest.fixture
async def link(exchange: Exchange, world: World) -> str:
    """The learner is enrolled under the G-code, and the link is accepted; the id of the link."""
    identity = {"idType": "G_CODE", "idValue": G_CODE, "entryDate": "2025-05-16"}
    exchange.publish(OLD, "student.enrolled", example(world, "student.enrolled") | SCHOOLS[OLD] | identity)
    await exchange.run()
    id = say_link(exchange, world)
    await exchange.run()
    return id


def say_link(exchange: Exchange, world: World, **more: Any) -> str:
    data = example(world, "student.identity-linked") | SCHOOLS[OLD] | more
    return exchange.publish("peo-96", "student.identity-linked", data)


def subjects(exchange: Exchange) -> list[bytes]:
    return [record.key or b"" for record in exchange.log.of("record.student") if record.type != MERGED]


async def test_after_the_link_both_identities_lead_to_the_pseudonym_that_was_first(
    exchange: Exchange, world: World, say: Any, link: str
) -> None:
    say("student.profile-changed", OLD, idValue=CITIZEN)
    await exchange.run()
    exchange.publish(
        OLD,
        "grade.finalised",
        example(world, "grade.finalised") | SCHOOLS[OLD] | {"idType": "SUBJECT_UID", "idValue": AFTER},
    )
    await exchange.run()

    assert subjects(exchange) == [BEFORE.encode()] * 3
    learned = [record for record in exchange.log.of("record.learning") if record.type != MERGED]
    assert [record.key for record in learned] == [BEFORE.encode()]


async def test_the_history_is_one_so_a_second_enrolment_under_the_new_identity_is_seen(
    exchange: Exchange, say: Any, link: str
) -> None:
    claim = say("student.enrolled", "sis-96012007", idValue=CITIZEN, entryDate="2025-06-02")
    await exchange.run()

    refused = [one for receipt in exchange.receipts("sis-96012007") for one in receipt["refused"]]
    assert [(one["eventId"], one["code"]) for one in refused] == [(claim, "V9")]


async def test_whoever_has_the_learner_is_told_both_pseudonyms(exchange: Exchange, link: str) -> None:
    for participant in (OLD, "sesa-nwt", "obec-dmc"):
        (told,) = (dict(record.headers) for record in exchange.inbox(participant) if record.id == link)
        assert (told["ce_subject"], told[HEADER]) == (BEFORE.encode(), AFTER.encode())


async def test_a_link_told_again_and_the_other_way_round_changes_nothing(
    exchange: Exchange, world: World, link: str
) -> None:
    say_link(exchange, world)
    await exchange.run()
    back = {"fromIdType": "CITIZEN_ID", "fromId": CITIZEN, "toIdType": "G_CODE", "toId": G_CODE}
    say_link(exchange, world, reason="DUPLICATE_MERGE", **back)
    await exchange.run()

    assert subjects(exchange) == [BEFORE.encode()] * 4
    assert len(exchange.log.of("links")) == 1


async def test_a_further_identity_of_a_linked_learner_leads_to_the_same_history(
    exchange: Exchange, world: World, say: Any, link: str
) -> None:
    next_one = {"fromIdType": "CITIZEN_ID", "fromId": CITIZEN, "toIdType": "CITIZEN_ID", "toId": "9900007680339"}
    say_link(exchange, world, reason="TYPO", **next_one)
    await exchange.run()
    say("student.profile-changed", OLD, idValue="9900007680339")
    await exchange.run()

    assert subjects(exchange) == [BEFORE.encode()] * 4


async def test_only_an_event_that_links_says_what_is_linked(exchange: Exchange, world: World) -> None:
    data = example(world, "student.enrolled") | SCHOOLS[OLD]
    id = exchange.publish(OLD, "student.enrolled", data, linkedsubject=BEFORE)
    await exchange.run()

    (record,) = exchange.log.of("record.student")
    assert record.id == id
    assert HEADER not in dict(record.headers)
    assert exchange.log.of("links") == []


def state(exchange: Exchange, domain: str, subject: str) -> Learner:
    store = exchange.stores[partition(subject.encode(), PARTITIONS)]
    return decode(store.states.get(key(domain, subject.encode())))


def replayed(exchange: Exchange, domain: str, subject: str) -> Learner:
    """The state that the log alone gives."""
    after, stored = fold(exchange.desk), None
    for record in exchange.log.of(f"record.{domain}"):
        if record.key == subject.encode():
            read: Any = record
            stored = after(stored, read)
    return decode(stored)


@pytest.fixture
async def both(exchange: Exchange, world: World, say: Any) -> str:
    """One learner known as two: enrolled under the G-code at one school, under the citizen ID at another; the link."""
    identity = {"idType": "G_CODE", "idValue": G_CODE, "entryDate": "2025-05-16"}
    exchange.publish(OLD, "student.enrolled", example(world, "student.enrolled") | SCHOOLS[OLD] | identity)
    say("student.enrolled", NEW, idValue=CITIZEN, entryDate="2025-06-02")
    say("grade.finalised", NEW, idValue=CITIZEN)
    await exchange.run()
    id = say_link(exchange, world)
    await exchange.run()
    return id


async def test_two_histories_of_one_learner_become_one_in_every_domain(exchange: Exchange, both: str) -> None:
    whole = state(exchange, "student", BEFORE)
    assert {stay.school for stay in whole.stays} == {SCHOOLS[OLD]["schoolUid"], SCHOOLS[NEW]["schoolUid"]}
    assert [stay.school for stay in whole.stays if stay.end is None] == [SCHOOLS[NEW]["schoolUid"]]
    assert state(exchange, "student", AFTER).root == BEFORE
    assert state(exchange, "learning", AFTER).root == BEFORE
    assert len(state(exchange, "learning", BEFORE).recent) == 1


async def test_who_knew_the_other_pseudonym_alone_is_told_of_the_link_and_nobody_twice(
    exchange: Exchange, both: str
) -> None:
    for participant in (OLD, NEW, "sesa-nwt", "obec-dmc"):
        told = [dict(record.headers) for record in exchange.inbox(participant) if record.id == both]
        assert [(one["ce_subject"], one[HEADER]) for one in told] == [(BEFORE.encode(), AFTER.encode())]


async def test_both_schools_that_held_the_learner_hear_of_it_as_of_a_case_that_has_ended(
    exchange: Exchange, both: str
) -> None:
    for participant in (OLD, NEW, "sesa-nwt"):
        told = [record for record in exchange.inbox(participant) if record.type.startswith("duplicate-enrolment.")]
        detected, resolved = (exchange.registry.decode(record.value or b"") for record in told)
        assert (detected["holderSchoolUid"], detected["claimantSchoolUid"]) == (
            SCHOOLS[OLD]["schoolUid"],
            SCHOOLS[NEW]["schoolUid"],
        )
        assert resolved["ending"] == "SUPERSEDED"
        assert detected["caseId"] == resolved["caseId"]
        assert {dict(record.headers)["ce_causationid"] for record in told} == {both.encode()}


async def test_what_is_known_after_a_merge_is_what_a_replay_of_the_log_gives(exchange: Exchange, both: str) -> None:
    for domain in ("student", "learning"):
        for subject in (BEFORE, AFTER):
            assert encode(replayed(exchange, domain, subject)) == encode(state(exchange, domain, subject))


async def test_nobody_receives_how_histories_are_merged_and_everything_adds_up(exchange: Exchange, both: str) -> None:
    inboxes = [topic for topic in exchange.log.topics if topic.startswith("inbox.")]
    assert not any(record.type == MERGED for inbox in inboxes for record in exchange.log.of(inbox))
    entries = exchange.ledger("router")
    assert all(sum(entry["outcomes"].values()) == entry["records"] for entry in entries)
    published = [
        sum(sum(entry["published"].values()) for entry in exchange.ledger(one)) for one in ("router", "validator")
    ]
    assert published == [4, 4]


async def test_what_comes_later_follows_the_learner_to_the_school_that_only_the_other_pseudonym_knew(
    exchange: Exchange, world: World, both: str
) -> None:
    identity = {"idType": "G_CODE", "idValue": G_CODE}
    result = example(world, "test-result.recorded") | SCHOOLS[OLD] | identity
    later = exchange.publish("niets", "test-result.recorded", result)
    await exchange.run()

    assert [record.key for record in exchange.inbox(NEW) if record.id == later] == [BEFORE.encode()]
    assert not any(record.id == later for record in exchange.inbox(OLD))


async def test_what_waits_under_the_other_pseudonym_goes_on_under_the_one_that_stays(
    exchange: Exchange, world: World, say: Any
) -> None:
    left = say("student.withdrawn", OLD, idValue=CITIZEN, exitDate="2025-06-02")
    await exchange.run()
    assert exchange.log.of("record.student") == []
    identity = {"idType": "G_CODE", "idValue": G_CODE, "entryDate": "2025-05-16"}
    came = exchange.publish(OLD, "student.enrolled", example(world, "student.enrolled") | SCHOOLS[OLD] | identity)
    await exchange.run()
    link = say_link(exchange, world)
    await exchange.run()

    told = [record for record in exchange.log.of("record.student") if record.type != MERGED]
    assert [(record.id, record.key) for record in told] == [(id, BEFORE.encode()) for id in (came, link, left)]
    assert [one for receipt in exchange.receipts(OLD) for one in receipt["accepted"]][-1]["eventId"] == left
    assert not any(room.of(one) for room in exchange.rooms.values() for one in (BEFORE, AFTER))


async def test_what_was_on_its_way_under_the_other_pseudonym_is_sent_on(
    exchange: Exchange, world: World, say: Any
) -> None:
    identity = {"idType": "G_CODE", "idValue": G_CODE, "entryDate": "2025-05-16"}
    exchange.publish(OLD, "student.enrolled", example(world, "student.enrolled") | SCHOOLS[OLD] | identity)
    await exchange.run()
    late = say("student.profile-changed", OLD, idValue=CITIZEN)
    await exchange.validate()
    checked = exchange.log.topics["checked.student"].pop()
    assert (checked.id, checked.key) == (late, AFTER.encode())
    say_link(exchange, world)
    await exchange.run()
    exchange.log.append(checked.topic, checked.partition, checked.key, checked.value, checked.headers)
    await exchange.run()

    (record,) = (record for record in exchange.log.of("record.student") if record.id == late)
    assert record.key == BEFORE.encode()
    assert dict(record.headers)["ce_subject"] == BEFORE.encode()
