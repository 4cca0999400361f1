"""A broker that goes away in the middle, and comes back: on an engine of this folder's own, because it is stopped."""

import asyncio
import os
import signal
import time
from typing import Any

import pytest
from confluent_kafka.admin import AdminClient, NewTopic

from saan.wire.appending import KafkaLog
from saan.wire.log import LogAway, Outgoing, Reason, Stored, Unstored
from saan.wire.reading import KafkaInboxes

PATIENCE = 3.0


@pytest.fixture
def bootstrap(exchange: Any) -> str:
    admin = AdminClient({"bootstrap.servers": exchange.bootstrap})
    for made in admin.create_topics([NewTopic("outbox", 2, 1)]).values():
        made.result(20)
    return str(exchange.bootstrap)


def record(id: str) -> Outgoing:
    return Outgoing("outbox", b"k", id.encode(), ())


async def test_a_silent_broker_is_called_away_in_bounded_time_and_nothing_given_up_is_written_later(
    exchange: Any, bootstrap: str, eventually: Any
) -> None:
    log = KafkaLog({"bootstrap_servers": bootstrap}, patience=PATIENCE)
    inboxes = KafkaInboxes({"bootstrap_servers": bootstrap}, patience=PATIENCE)
    assert isinstance((await log.append([record("before")]))[0], Stored)
    assert len((await inboxes.read("r", "outbox", {}, 10, 1)).records) == 1

    os.kill(exchange.broker, signal.SIGSTOP)
    try:
        started = time.monotonic()
        first = asyncio.create_task(log.append([record("in-flight")]))
        await asyncio.sleep(0.2)
        second = await log.append([record("queued")] * 3)
        assert await first == [Unstored(Reason.AWAY)]
        assert second == [Unstored(Reason.AWAY)] * 3
        with pytest.raises(LogAway):
            await inboxes.acknowledge("r", "outbox", {0: 1, 1: 1})
        assert not await log.ready()
        assert time.monotonic() - started < 5 * PATIENCE
    finally:
        os.kill(exchange.broker, signal.SIGCONT)

    async def stored() -> bool:
        return isinstance((await log.append([record("after")]))[0], Stored)

    await eventually(stored)
    await eventually(log.ready)
    await eventually(inboxes.ready)
    await log.stop()
    await inboxes.stop()
    values = [m.value().decode() for m in await asyncio.to_thread(exchange.stored, "outbox")]
    assert values[0] == "before"
    assert "after" in values
    # A request that was on its way when the broker fell silent may have been carried out; what was queued behind it
    # was thrown away.
    assert values.count("in-flight") <= 1
    assert "queued" not in values


async def test_a_log_can_be_opened_before_its_broker_is_there() -> None:
    log = KafkaLog({"bootstrap_servers": "127.0.0.1:9"}, patience=1.0)
    inboxes = KafkaInboxes({"bootstrap_servers": "127.0.0.1:9"}, patience=1.0)
    assert await log.append([record("x")]) == [Unstored(Reason.AWAY)]
    assert not await log.ready()
    with pytest.raises(LogAway):
        await inboxes.read("r", "outbox", {}, 1, 0)
    await log.stop()
    await inboxes.stop()
