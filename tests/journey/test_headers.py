"""What a publisher's client writes around a record: only what everybody may have goes on, and no identity is told."""

from dataclasses import replace

from saan.core.world import World
from saan.wire.record import cloud_event

from .conftest import Exchange, example

SCHOOL = "sis-96012007"
CITIZEN_ID = "9900007680665"


def put(exchange: Exchange, world: World, *extra: tuple[str, bytes], **attributes: str) -> None:
    """One sound enrolment of the shared outbox, with these headers beside or instead of the usual ones."""
    id = exchange.publish(SCHOOL, "student.enrolled", example(world, "student.enrolled"))
    told = {"id": id, "type": "student.enrolled", "source": SCHOOL, "time": "2025-06-10T02:00:00Z", **attributes}
    outbox = exchange.log.of("outbox.gateway")
    outbox[-1] = replace(outbox[-1], headers=(*cloud_event(told), *extra))


async def test_a_header_that_is_no_attribute_stays_behind(exchange: Exchange, world: World) -> None:
    put(exchange, world, ("x-note", CITIZEN_ID.encode()), ("traceparent", b"00-1-2-01"))
    await exchange.run()

    for topic in ("checked.student", "record.student", "inbox.peo-96", "inbox.eef"):
        (there,) = [record for record in exchange.log.of(topic) if record.type == "student.enrolled"]
        assert "x-note" not in dict(there.headers)
        assert dict(there.headers)["traceparent"] == b"00-1-2-01"


async def test_a_citizen_id_in_place_of_an_id_is_in_no_receipt_and_no_ledger_entry(
    exchange: Exchange, world: World
) -> None:
    for attribute in ("id", "type", "note"):
        put(exchange, world, **{attribute: CITIZEN_ID})
        await exchange.run()

    assert exchange.log.of("record.student") == []
    assert [dict(kept.headers)["saan_code"] for kept in exchange.log.of("quarantine")] == [b"ENV-11"] * 3
    told = repr(exchange.receipts(SCHOOL)) + repr(exchange.ledger("validator"))
    assert "ENV-11" in told
    assert CITIZEN_ID not in told
