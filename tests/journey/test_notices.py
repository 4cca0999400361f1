"""Offices hear how many records of their schools are refused or flagged, for which rule, and nothing of whom."""

from typing import Any

from saan.core.world import World

from .conftest import NEW, OLD, SCHOOLS, Exchange, example

OFFICES = ("sesa-nwt", "peo-96", "obec-dmc")
SENSITIVE = {"9900007680665", "9900007680479"}


def told(exchange: Exchange, participant: str, type: str) -> list[dict[str, Any]]:
    return [exchange.registry.decode(r.value or b"") for r in exchange.inbox(participant) if r.type == type]


async def test_refused_records_are_told_to_the_offices_above_together_and_to_nobody_else(
    exchange: Exchange, world: World, say: Any
) -> None:
    bad = {say("student.enrolled", OLD, genderCode="9") for _ in range(25)}
    await exchange.run()

    for participant in world.participants:
        notices = told(exchange, participant, "record.rejected")
        assert sum(one["records"] for one in notices) == (len(bad) if participant in OFFICES else 0), participant
        for one in notices:
            assert (one["publisher"], one["organisationUid"]) == (OLD, SCHOOLS[OLD]["schoolUid"])
            assert (one["eventType"], one["ruleCode"], one["fieldPath"]) == ("student.enrolled", "V4", "genderCode")
            assert len(one["eventIds"]) == min(one["records"], 20)
            assert bad.issuperset(one["eventIds"])
            assert one["station"] == "validator"


async def test_what_the_router_refuses_is_told_by_the_router(exchange: Exchange, say: Any) -> None:
    say("student.enrolled", OLD, sequence=1, entryDate="2025-05-16")
    say("student.profile-changed", OLD, sequence=1)
    await exchange.run()

    (one,) = told(exchange, "peo-96", "record.rejected")
    assert (one["station"], one["ruleCode"], one["records"]) == ("router", "V16", 1)


async def test_a_school_that_the_publisher_may_not_speak_for_is_not_blamed(exchange: Exchange, world: World) -> None:
    exchange.publish(OLD, "student.enrolled", example(world, "student.enrolled") | SCHOOLS[NEW])
    await exchange.run()

    (one,) = told(exchange, "sesa-nwt", "record.rejected")
    assert one["organisationUid"] == SCHOOLS[OLD]["schoolUid"]
    assert one["ruleCode"] == "V15"


async def test_bytes_that_nobody_can_read_are_told_as_the_publishers_own(exchange: Exchange) -> None:
    headers = tuple((f"ce_{name}", value.encode()) for name, value in {"source": OLD, "id": "x1"}.items())
    exchange.log.append("outbox.gateway", None, b"k", b"\x01garbage", headers)
    await exchange.run()

    (one,) = told(exchange, "peo-96", "record.rejected")
    assert (one["organisationUid"], one["eventType"]) == (SCHOOLS[OLD]["schoolUid"], "unknown")


async def test_accepted_records_with_a_warning_are_told_once_they_are_accepted(
    exchange: Exchange, world: World, say: Any
) -> None:
    say("student.enrolled", OLD, prefixCode="003", birthDate="2003-01-15")
    await exchange.validate()
    assert told(exchange, "peo-96", "data-quality.flagged") == []
    await exchange.run()

    for participant in world.participants:
        notices = told(exchange, participant, "data-quality.flagged")
        assert [(one["ruleCode"], one["records"]) for one in notices] == (
            [("V7", 1)] if participant in OFFICES else []
        ), participant


async def test_a_publisher_cannot_flag_its_own_records(exchange: Exchange, world: World) -> None:
    data = example(world, "student.enrolled") | SCHOOLS[OLD]
    exchange.publish(OLD, "student.enrolled", data, dataquality="V99")
    await exchange.run()

    assert told(exchange, "peo-96", "data-quality.flagged") == []
    assert "ce_dataquality" not in dict(exchange.log.of("record.student")[0].headers)


async def test_no_notice_repeats_a_value_or_names_a_learner(exchange: Exchange, say: Any) -> None:
    for learner in SENSITIVE:
        say("student.enrolled", OLD, idValue=learner, genderCode="9")
    await exchange.run()

    notices = [(r.key, r.value, r.headers) for r in exchange.inbox("peo-96") if r.type == "record.rejected"]
    whole = repr(notices)
    assert notices
    assert not any(value in whole for value in SENSITIVE)
    assert "st-" not in whole
