"""What ``wire.log`` promises, held by the log in memory and by real Kafka alike."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from saan.wire.appending import KafkaLog
from saan.wire.log import Inboxes, Log, LogAway, NoSuchInbox, Outgoing, Reason, Stored, Unstored
from saan.wire.memory import MemoryLog
from saan.wire.partition import partition
from saan.wire.reading import KafkaInboxes

LARGEST = 200_000


@dataclass
class Ports:
    """Both ports on one log, and one topic of three partitions there."""

    log: Log
    inboxes: Inboxes
    topic: str
    replica: Callable[[], Inboxes]


@pytest.fixture(params=["memory", "kafka"])
async def ports(request: pytest.FixtureRequest) -> AsyncIterator[Ports]:
    if request.param == "memory":
        memory = MemoryLog({"t": 3}, max_record=LARGEST)
        yield Ports(memory, memory, "t", lambda: memory)
        return
    connection = {"bootstrap_servers": request.getfixturevalue("kafka")}
    log = KafkaLog(connection, max_record=LARGEST)
    opened: list[KafkaInboxes] = []

    def replica() -> KafkaInboxes:
        opened.append(KafkaInboxes(connection))
        return opened[-1]

    yield Ports(log, replica(), request.getfixturevalue("topic")(3), replica)
    await log.stop()
    for inboxes in opened:
        await inboxes.stop()


def outgoing(ports: Ports, n: int, key: str = "k") -> Outgoing:
    return Outgoing(ports.topic, key.encode(), f"v{n}".encode(), (("ce_id", f"e-{n}".encode()),))


def reader() -> str:
    return f"r-{uuid.uuid4().hex[:8]}"


async def test_each_record_is_stored_in_the_partition_of_its_key_and_in_order(ports: Ports) -> None:
    keys = ["a", "b", "c", "d"]
    fates = await ports.log.append([outgoing(ports, n, keys[n % 4]) for n in range(40)])
    assert all(isinstance(fate, Stored) for fate in fates)
    assert [f.partition for f in fates if isinstance(f, Stored)] == [
        partition(keys[n % 4].encode(), 3) for n in range(40)
    ]
    for key in range(4):
        offsets = [f.offset for n, f in enumerate(fates) if n % 4 == key and isinstance(f, Stored)]
        assert offsets == sorted(offsets)


async def test_a_record_that_is_too_large_is_told_from_a_broker_that_is_away(ports: Ports) -> None:
    large = Outgoing(ports.topic, b"k", b"x" * (LARGEST + 1), ())
    fates = await ports.log.append([outgoing(ports, 1), large, outgoing(ports, 2)])
    assert [isinstance(fate, Stored) for fate in fates] == [True, False, True]
    assert fates[1] == Unstored(Reason.TOO_LARGE)


async def test_what_was_appended_is_read_back_with_headers_and_value(ports: Ports) -> None:
    await ports.log.append([outgoing(ports, n) for n in range(5)])
    page = await ports.inboxes.read(reader(), ports.topic, {}, 100, 10)
    assert [(r.value, r.headers) for r in page.records] == [
        (f"v{n}".encode(), (("ce_id", f"e-{n}".encode()),)) for n in range(5)
    ]
    assert page.after == {partition(b"k", 3): 5}
    assert not page.expired


async def test_reading_goes_on_from_positions_and_back_to_older_ones(ports: Ports) -> None:
    await ports.log.append([outgoing(ports, n) for n in range(9)])
    who = reader()
    first = await ports.inboxes.read(who, ports.topic, {}, 4, 10)
    second = await ports.inboxes.read(who, ports.topic, first.after, 4, 10)
    again = await ports.inboxes.read(who, ports.topic, first.after, 4, 10)
    rest = await ports.inboxes.read(who, ports.topic, second.after, 4, 10)
    values = [[r.value for r in page.records] for page in (first, second, again, rest)]
    expected = [f"v{n}".encode() for n in range(9)]
    assert values == [expected[:4], expected[4:8], expected[4:8], expected[8:]]
    beginning = await ports.inboxes.read(who, ports.topic, {}, 100, 10)
    assert len(beginning.records) == 9


async def test_all_partitions_are_read_to_their_ends(ports: Ports) -> None:
    await ports.log.append([outgoing(ports, n, f"k{n}") for n in range(60)])
    who, positions, seen = reader(), {}, []
    while page := await ports.inboxes.read(who, ports.topic, positions, 7, 0):
        if not page.records:
            break
        seen += [record.value for record in page.records]
        positions = dict(page.after)
    assert sorted(seen) == sorted(f"v{n}".encode() for n in range(60))


async def test_a_waiting_reader_gets_what_arrives_meanwhile(ports: Ports) -> None:
    who = reader()
    assert (await ports.inboxes.read(who, ports.topic, {}, 10, 0)).records == ()
    started = time.monotonic()
    waiting = asyncio.create_task(ports.inboxes.read(who, ports.topic, {}, 10, 20))
    await asyncio.sleep(0.3)
    await ports.log.append([outgoing(ports, 1)])
    assert len((await waiting).records) == 1
    assert time.monotonic() - started < 10


async def test_an_empty_inbox_answers_empty_in_time(ports: Ports) -> None:
    started = time.monotonic()
    page = await ports.inboxes.read(reader(), ports.topic, {}, 10, 0.5)
    assert (page.records, dict(page.after)) == ((), {})
    assert time.monotonic() - started < 6


async def test_a_reader_that_does_not_wait_gets_what_is_there(ports: Ports) -> None:
    await ports.log.append([outgoing(ports, n) for n in range(3)])
    assert len((await ports.inboxes.read(reader(), ports.topic, {}, 10, 0)).records) == 3


async def test_acknowledgements_are_seen_by_every_replica_and_never_go_back(ports: Ports) -> None:
    await ports.log.append([outgoing(ports, n) for n in range(6)])
    who, place = reader(), partition(b"k", 3)
    assert await ports.inboxes.acknowledged(who, ports.topic) == {}
    await ports.inboxes.acknowledge(who, ports.topic, {place: 4})
    replica = ports.replica()
    assert await replica.acknowledged(who, ports.topic) == {place: 4}
    await replica.acknowledge(who, ports.topic, {place: 2})
    assert await ports.inboxes.acknowledged(who, ports.topic) == {place: 4}
    assert await ports.inboxes.acknowledged(reader(), ports.topic) == {}


async def test_positions_beyond_the_log_start_again_at_what_is_held(ports: Ports) -> None:
    await ports.log.append([outgoing(ports, n) for n in range(3)])
    page = await ports.inboxes.read(reader(), ports.topic, {partition(b"k", 3): 1_000}, 10, 10)
    assert (len(page.records), page.expired) == (3, True)


async def test_an_unknown_inbox_is_named_as_such(ports: Ports) -> None:
    calls: list[Any] = [
        ports.inboxes.read(reader(), "no-such-topic", {}, 1, 0),
        ports.inboxes.acknowledged(reader(), "no-such-topic"),
        ports.inboxes.acknowledge(reader(), "no-such-topic", {0: 1}),
    ]
    for call in calls:
        with pytest.raises(NoSuchInbox):
            await call


async def test_many_requests_of_one_reader_at_once_each_get_their_page(ports: Ports) -> None:
    await ports.log.append([outgoing(ports, n) for n in range(10)])
    who, place = reader(), partition(b"k", 3)
    pages = await asyncio.gather(*(ports.inboxes.read(who, ports.topic, {place: n}, 1, 10) for n in range(10)))
    assert [page.records[0].value for page in pages] == [f"v{n}".encode() for n in range(10)]


async def test_both_ports_are_ready_when_the_log_answers(ports: Ports) -> None:
    assert await ports.log.ready()
    assert await ports.inboxes.ready()


async def test_open_consumers_are_bounded_and_a_reader_beyond_the_bound_is_told_to_come_back(
    kafka: str, topic: Callable[[int], str]
) -> None:
    inboxes = KafkaInboxes({"bootstrap_servers": kafka}, seats=1)
    name = topic(1)
    await inboxes.read("first", name, {}, 1, 0)
    waiting = asyncio.create_task(inboxes.read("first", name, {}, 1, 2))
    await asyncio.sleep(0.1)
    with pytest.raises(LogAway):
        await inboxes.read("second", name, {}, 1, 0)
    await waiting
    assert (await inboxes.read("second", name, {}, 1, 0)).records == ()
    await inboxes.stop()
