"""The gateway as a process on real Kafka and a real registry."""

import asyncio
import os
import signal
import threading
import time
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import orjson
import psutil
import pytest

from saan.client import Publisher, Refused
from saan.wire import files, world

WHO = "sis-96012007"
STRUCTURED = {"Content-Type": "application/cloudevents+json"}


@pytest.fixture(scope="module")
def data() -> dict[str, Any]:
    """A sound enrolment of the catalogue."""
    events = world.build(files.read(files.default_folder()).entities()).events
    return dict(events["student.enrolled"].examples["accepted"][0]["data"])


@pytest.fixture(scope="module")
def gateway(exchange: Any) -> Iterator[Any]:
    with exchange.station("gateway") as station:
        yield station


def event(data: dict[str, Any], **changed: Any) -> dict[str, Any]:
    fields = {key: value for key, value in changed.items() if key in data}
    attributes = {key: value for key, value in changed.items() if key not in data}
    return {
        "specversion": "1.0",
        "id": str(uuid.uuid4()),
        "type": "student.enrolled",
        "source": WHO,
        "time": "2025-06-02T09:22:07+07:00",
        "recordedtime": "2025-06-02T09:25:07+07:00",
        "data": data | fields,
    } | attributes


def publisher(exchange: Any, gateway: Any, **options: Any) -> Publisher:
    return Publisher(gateway.address, exchange.token(WHO), **options)


def outbox(exchange: Any) -> list[str]:
    """The ids in the gateway's outbox."""
    return [dict(message.headers())["ce_id"].decode() for message in exchange.stored("outbox.gateway")]


def test_what_was_accepted_is_in_the_log_once_and_a_second_try_is_a_duplicate(
    exchange: Any, gateway: Any, data: dict[str, Any]
) -> None:
    events = [event(data, studentNo=str(n)) for n in range(1_200)]
    with publisher(exchange, gateway) as client:
        assert {verdict.word for verdict in client.publish(events)} == {"accepted"}
        assert {verdict.word for verdict in client.publish(events[:700])} == {"duplicate"}
    stored = outbox(exchange)
    assert [stored.count(e["id"]) for e in (events[0], events[699], events[-1])] == [1, 1, 1]
    assert {e["id"] for e in events} <= set(stored)


def test_a_rehearsal_judges_by_the_governed_rules_and_stores_nothing(
    exchange: Any, gateway: Any, data: dict[str, Any]
) -> None:
    other_school = {"schoolUid": "SC-65e762332299", "schoolCode10": "1096240358"}
    events = [
        event(data),
        event(data, idValue="9900007680666"),
        event(data, **other_school),
        event(data, nameThai="<b>ซากี</b>"),
        event(data, statusCode="999"),
        event(data, recordedtime="2024-06-02T09:25:07+07:00"),
    ]
    with publisher(exchange, gateway) as client:
        verdicts = list(client.publish(events, dry_run=True))
    assert [v.word for v in verdicts] == ["accepted"] + ["invalid"] * 5
    assert [v.code for v in verdicts[1:]] == ["V1", "V15", "V12", "V4", "ENV-3"]
    assert all(v.message["th"] and v.hint["th"] for v in verdicts[1:])
    assert not {e["id"] for e in events} & set(outbox(exchange))


def test_a_token_that_nobody_knows_is_refused_as_a_whole(gateway: Any, data: dict[str, Any]) -> None:
    with Publisher(gateway.address, "saan_unknown") as client, pytest.raises(Refused, match="GW-4"):
        list(client.publish([event(data)]))


@pytest.mark.parametrize("announced", [True, False])
def test_a_body_of_30_mb_is_answered_413_and_never_kept_in_memory(exchange: Any, gateway: Any, announced: bool) -> None:
    process = psutil.Process(gateway.process.pid)
    before = process.memory_info().rss
    peaks: list[int] = []
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.005):
            peaks.append(process.memory_info().rss)

    watcher = threading.Thread(target=watch)
    watcher.start()
    body: Any = b"x" * 30_000_000
    content = body if announced else (body[at : at + 65_536] for at in range(0, len(body), 65_536))
    headers = STRUCTURED | {"Authorization": f"Bearer {exchange.token(WHO)}"}
    answer = httpx.post(f"{gateway.address}/v1/events", content=content, headers=headers, timeout=30)
    done.set()
    watcher.join()
    assert (answer.status_code, answer.json()["code"]) == (413, "GW-3")
    assert max(peaks) - before < 20_000_000


async def test_a_silent_broker_gives_503_in_bounded_time_and_the_same_ids_are_taken_afterwards(
    exchange: Any, gateway: Any, data: dict[str, Any]
) -> None:
    events = [event(data, studentNo=str(n)) for n in range(50)]
    os.kill(exchange.broker, signal.SIGSTOP)
    try:
        started = time.monotonic()
        async with httpx.AsyncClient(timeout=60) as client:
            answer = await client.post(
                f"{gateway.address}/v1/events",
                content=orjson.dumps(events),
                headers={
                    "Content-Type": "application/cloudevents-batch+json",
                    "Authorization": f"Bearer {exchange.token(WHO)}",
                },
            )
        assert time.monotonic() - started < 20
    finally:
        os.kill(exchange.broker, signal.SIGCONT)
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert {(r["verdict"], r["code"]) for r in answer.json()["results"]} == {("retryable", "GW-6")}

    def again() -> set[str]:
        with publisher(exchange, gateway, tries=20) as client:
            return {verdict.word for verdict in client.publish(events)}

    assert await asyncio.to_thread(again) == {"accepted"}
    assert {e["id"] for e in events} <= set(await asyncio.to_thread(outbox, exchange))


def test_nothing_that_was_answered_202_is_lost_when_the_gateway_is_killed(exchange: Any, data: dict[str, Any]) -> None:
    accepted: list[str] = []
    with exchange.station("gateway") as doomed:
        killer = threading.Timer(0.4, doomed.process.kill)
        killer.start()
        with httpx.Client(headers=STRUCTURED | {"Authorization": f"Bearer {exchange.token(WHO)}"}) as client:
            while True:
                sent = event(data)
                try:
                    answer = client.post(f"{doomed.address}/v1/events", content=orjson.dumps(sent))
                except httpx.TransportError:
                    break
                if answer.status_code == 202:
                    accepted.append(sent["id"])
        killer.join()
    assert accepted
    assert set(accepted) <= set(outbox(exchange))


def test_sigterm_answers_what_runs_and_ends_cleanly(exchange: Any, data: dict[str, Any]) -> None:
    with exchange.station("gateway") as station:
        with publisher(exchange, station) as client:
            assert [v.word for v in client.publish([event(data)])] == ["accepted"]
        station.process.send_signal(signal.SIGTERM)
        assert station.process.wait(15) == 0
