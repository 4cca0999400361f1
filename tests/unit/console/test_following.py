"""The board follows the ledger, whatever stands in it."""

import pytest

from saan.wire.log import LogAway
from saan.wire.record import frame
from saan.wire.registry_types import SchemaUnavailable

from .conftest import CODEC, House, data


async def test_every_entry_is_counted_once_however_often_the_ledger_is_read(house: House) -> None:
    house.post(published={"sis-1": 2}, accepted={"sis-1": 2})
    await house.ledger.step(0)
    await house.ledger.step(0)
    house.post(published={"sis-1": 3}, accepted={"sis-1": 3})
    await house.ledger.step(0)

    assert house.ledger.board.whole().published == 5
    assert house.ledger.caught_up


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"\x01nonsense",
        frame(77, b""),
        frame(1, b"\x02"),
        frame(1, CODEC.encode(data()) + b"x"),
        frame(2, b"\x06abc"),
    ],
    ids=["empty", "no frame", "no such schema", "cut short", "left over", "another record"],
)
async def test_a_record_that_is_no_entry_is_counted_and_passed_over(house: House, value: bytes) -> None:
    house.put(value)
    house.post(published={"sis-1": 1}, accepted={"sis-1": 1})

    await house.ledger.step(0)

    assert house.ledger.board.unreadable == 1
    assert house.ledger.board.whole().published == 1


async def test_no_entry_is_passed_over_while_its_schema_cannot_be_looked_up(house: House) -> None:
    house.post(published={"sis-1": 1}, accepted={"sis-1": 1})
    house.schemas.away = True
    with pytest.raises(SchemaUnavailable):
        await house.ledger.step(0)
    assert house.ledger.board.entries == 0

    house.schemas.away = False
    await house.ledger.step(0)

    assert house.ledger.board.whole().published == 1


async def test_a_broker_that_comes_back_finds_the_board_where_it_was(house: House) -> None:
    house.post(published={"sis-1": 1}, accepted={"sis-1": 1})
    await house.ledger.step(0)
    house.log.away = True
    with pytest.raises(LogAway):
        await house.ledger.step(0)

    house.log.away = False
    house.post(published={"sis-1": 1}, accepted={"sis-1": 1})
    await house.ledger.step(0)

    assert house.ledger.board.whole().published == 2


async def test_a_ledger_that_no_longer_holds_what_was_read_is_summed_up_anew(house: House) -> None:
    for _ in range(3):
        house.post(published={"sis-1": 1}, accepted={"sis-1": 1})
    await house.ledger.step(0)
    house.post(published={"sis-1": 1}, accepted={"sis-1": 1})
    house.post(published={"sis-1": 1}, accepted={"sis-1": 1})
    house.log.forget("ledger", 0, before=4)

    await house.ledger.step(0)
    await house.ledger.step(0)

    assert house.ledger.board.whole().published == 1
