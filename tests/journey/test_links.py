"""A G-code learner who gets a citizen ID keeps one history, and whoever has the learner is told the two pseudonyms."""

from typing import Any

import pytest

from saan.core.identity import pseudonym
from saan.core.world import World

from .conftest import KEY, OLD, SCHOOLS, Exchange, example

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
    return [record.key or b"" for record in exchange.log.of("record.student")]


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
    assert [record.key for record in exchange.log.of("record.learning")] == [BEFORE.encode()]


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
