"""A school that an event closes takes no further pupils, from the day on that the event says."""

from typing import Any

import pytest

from saan.core.world import World

from .conftest import OLD, SCHOOLS, THIRD, Exchange, example

CLOSED, TRANSFERRED, OPEN = "02", "03", "01"
OFFICE = "peo-96"


@pytest.fixture
def tell(exchange: Exchange, world: World) -> Any:
    """Publishes the status of the school ``OLD`` from a day on; its id."""

    def publish(status: str, on: str) -> str:
        data = example(world, "school.status-changed") | SCHOOLS[OLD] | {"statusCode": status, "effectiveDate": on}
        follows = {"successorSchoolUid": SCHOOLS[THIRD]["schoolUid"]} if status != OPEN else {}
        return exchange.publish(OFFICE, "school.status-changed", data | follows)

    return publish


def enrol(say: Any, learner: str, on: str) -> str:
    id: str = say("student.enrolled", OLD, idValue=learner, entryDate=on, effectiveDate=on)
    return id


def refused(exchange: Exchange) -> dict[str, tuple[str, str]]:
    return {
        one["eventId"]: (one["code"], one["path"]) for receipt in exchange.receipts(OLD) for one in receipt["refused"]
    }


@pytest.mark.parametrize("status", [CLOSED, TRANSFERRED])
async def test_a_closed_school_takes_nobody_from_that_day_on(
    exchange: Exchange, say: Any, tell: Any, status: str
) -> None:
    tell(status, "2025-06-01")
    await exchange.run()
    before, after = enrol(say, "9900007680665", "2025-05-20"), enrol(say, "9900007680479", "2025-06-02")
    await exchange.run()

    assert [record.id for record in exchange.log.of("record.student")] == [before]
    assert refused(exchange) == {after: ("V8", "schoolUid")}


async def test_a_school_that_opens_again_takes_pupils(exchange: Exchange, say: Any, tell: Any) -> None:
    tell(CLOSED, "2025-05-18")
    await exchange.run()
    tell(OPEN, "2025-06-01")
    await exchange.run()
    id = enrol(say, "9900007680665", "2025-06-02")
    await exchange.run()

    assert [record.id for record in exchange.log.of("record.student")] == [id]
    assert exchange.closed.days == {}


async def test_an_older_status_that_is_told_later_changes_nothing(exchange: Exchange, tell: Any) -> None:
    tell(CLOSED, "2025-06-01")
    await exchange.run()
    known = dict(exchange.closed.days)
    tell(OPEN, "2025-05-01")
    await exchange.run()

    assert exchange.closed.days == known != {}


async def test_an_earlier_closing_that_is_told_later_is_an_older_status(exchange: Exchange, tell: Any) -> None:
    tell(OPEN, "2025-06-01")
    tell(CLOSED, "2025-05-18")
    await exchange.run()

    assert exchange.closed.days == {}


async def test_no_other_school_is_closed(exchange: Exchange, say: Any, tell: Any) -> None:
    tell(CLOSED, "2025-05-18")
    await exchange.run()
    id = say("student.enrolled", THIRD, entryDate="2025-06-02", effectiveDate="2025-06-02")
    await exchange.run()

    assert [record.id for record in exchange.log.of("record.student")] == [id]
