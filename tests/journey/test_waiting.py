"""An event before its cause waits, alone; it goes on in its order, or is set aside once that took too long."""

from collections import Counter
from typing import Any

from .conftest import NEW, OLD, PATIENCE, Exchange


def outcomes(exchange: Exchange) -> Counter[str]:
    total: Counter[str] = Counter()
    for entry in exchange.ledger("router"):
        total.update(entry["outcomes"])
    return total


def verdicts(exchange: Exchange, school: str) -> list[tuple[str, str, str]]:
    refused = [one for receipt in exchange.receipts(school) for one in receipt["refused"]]
    return [(one["eventId"], one["verdict"], one["code"]) for one in refused]


def accepted(exchange: Exchange, school: str) -> list[str]:
    return [one["eventId"] for receipt in exchange.receipts(school) for one in receipt["accepted"]]


async def test_a_withdrawal_before_the_enrolment_waits_and_follows_it(exchange: Exchange, say: Any) -> None:
    left = say("student.withdrawn", OLD, exitDate="2025-06-02")
    await exchange.run()
    assert exchange.log.of("record.student") == []
    assert verdicts(exchange, OLD) == [(left, "PARKED", "V10")]
    assert outcomes(exchange)["parked"] == 1

    came = say("student.enrolled", OLD, entryDate="2025-05-16")
    await exchange.run()

    assert [record.id for record in exchange.log.of("record.student")] == [came, left]
    assert [record.id for record in exchange.inbox("peo-96")] == [came, left]
    assert accepted(exchange, OLD) == [came, left]
    assert exchange.log.of("quarantine") == []
    assert +outcomes(exchange) == {"accepted": 2}


async def test_a_second_enrolment_waits_until_the_first_school_lets_go(exchange: Exchange, say: Any) -> None:
    first = say("student.enrolled", OLD, entryDate="2025-05-16")
    await exchange.run()
    second = say("student.enrolled", NEW, entryDate="2025-06-02")
    await exchange.run()
    assert verdicts(exchange, NEW) == [(second, "PARKED", "V9")]

    left = say("student.withdrawn", OLD, exitDate="2025-05-30", exitTypeCode="02")
    await exchange.run()

    assert [record.id for record in exchange.log.of("record.student")] == [first, left, second]


async def test_a_gap_holds_up_one_learner_of_one_publisher_only(exchange: Exchange, say: Any) -> None:
    one = say("student.enrolled", OLD, 1, entryDate="2025-05-16")
    await exchange.run()
    three = say("student.profile-changed", OLD, 3)
    await exchange.run()
    other = say("student.enrolled", OLD, 1, entryDate="2025-05-16", idValue="9900007680673")
    await exchange.run()
    assert {record.id for record in exchange.log.of("record.student")} == {one, other}

    two = say("student.profile-changed", OLD, 2)
    await exchange.run()

    assert [record.id for record in exchange.log.of("record.student") if record.id != other] == [one, two, three]


async def test_what_waits_too_long_is_set_aside_with_its_reason_though_nothing_comes_in(
    exchange: Exchange, say: Any
) -> None:
    left = say("student.withdrawn", OLD, exitDate="2025-06-02")
    await exchange.run()
    behind = say("student.profile-changed", OLD)
    await exchange.run()
    exchange.now += PATIENCE // 2
    await exchange.idle()
    assert exchange.log.of("quarantine") == []

    exchange.now += PATIENCE // 2
    await exchange.idle()

    (aside,) = exchange.log.of("quarantine")
    assert (aside.id, dict(aside.headers)["saan_code"]) == (left, b"V10")
    assert dict(aside.headers)["saan_origin"].startswith(b"checked.student/")
    assert verdicts(exchange, OLD)[-2:] == [(left, "REJECTED", "V10"), (left, "REJECTED", "WAIT-1")]
    assert accepted(exchange, OLD) == [behind]
    assert +outcomes(exchange) == {"rejected": 1, "accepted": 1}
    await exchange.idle()
    assert len(exchange.log.of("quarantine")) == 1


async def test_what_waits_is_handed_over_as_it_came(exchange: Exchange, say: Any) -> None:
    say("student.withdrawn", OLD, exitDate="2025-06-02")
    await exchange.run()
    (checked,) = exchange.log.of("checked.student")
    say("student.enrolled", OLD, entryDate="2025-05-16")
    await exchange.run()
    _, left = exchange.log.of("record.student")

    assert (left.key, left.value, left.headers) == (checked.key, checked.value, checked.headers)


async def test_an_event_that_waits_is_known_when_it_is_published_again(exchange: Exchange, say: Any) -> None:
    left = say("student.withdrawn", OLD, exitDate="2025-06-02")
    await exchange.run()
    sent = exchange.log.of("outbox.gateway")[0]
    exchange.log.append("outbox.gateway", sent.partition, sent.key, sent.value, sent.headers)
    await exchange.run()

    assert [receipt["duplicates"] for receipt in exchange.receipts(OLD) if receipt["duplicates"]] == [[left]]


async def test_after_a_death_everything_is_refused(exchange: Exchange, say: Any) -> None:
    say("student.enrolled", OLD, entryDate="2025-05-16")
    await exchange.run()
    say("student.withdrawn", OLD, exitDate="2025-05-20", exitTypeCode="04")
    await exchange.run()
    later = say("student.profile-changed", OLD)
    await exchange.run()
    grade = say("grade.finalised", OLD)
    await exchange.run()

    assert verdicts(exchange, OLD) == [(later, "REJECTED", "V10"), (grade, "REJECTED", "V10")]
