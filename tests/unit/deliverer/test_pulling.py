"""HTTP pull, on inboxes in memory."""

import asyncio
import base64
import time
from typing import Any

import pytest


def ids(answer: Any) -> list[str]:
    return [event["id"] for event in answer.json()["events"]]


async def test_an_event_is_handed_over_as_a_cloudevent_with_its_data_in_json(house: Any) -> None:
    house.arrive("e-1")
    async with house.client() as client:
        (event,) = (await client.get("/v1/inbox")).json()["events"]
    assert event == {
        "specversion": "1.0",
        "id": "e-1",
        "type": "student.enrolled",
        "source": "sis-1",
        "subject": "st-1",
        "sequence": "7",
        "datacontenttype": "application/json",
        "data": {"nameThai": "ซากี", "entryDate": "2025-06-02"},
    }


async def test_what_was_not_acknowledged_is_handed_over_again_and_what_was_is_not(house: Any) -> None:
    for number in range(5):
        house.arrive(f"e-{number}")
    async with house.client() as client:
        first = await client.get("/v1/inbox", params={"max": 2})
        assert ids(first) == ids(await client.get("/v1/inbox", params={"max": 2})) == ["e-0", "e-1"]
        assert (await client.post("/v1/inbox/ack", json={"cursor": first.json()["cursor"]})).status_code == 200
        assert ids(await client.get("/v1/inbox")) == ["e-2", "e-3", "e-4"]


async def test_a_cursor_goes_on_where_its_page_ended_without_an_acknowledgement(house: Any) -> None:
    for number in range(5):
        house.arrive(f"e-{number}")
    async with house.client() as client:
        page = await client.get("/v1/inbox", params={"max": 3})
        rest = await client.get("/v1/inbox", params={"cursor": page.json()["cursor"]})
        assert ids(page) + ids(rest) == [f"e-{number}" for number in range(5)]
        end = await client.get("/v1/inbox", params={"cursor": rest.json()["cursor"]})
        assert (ids(end), end.json()["cursor"]) == ([], rest.json()["cursor"])


async def test_every_event_of_every_partition_comes_once_and_each_learners_in_order(house: Any) -> None:
    for number in range(40):
        house.arrive(f"e-{number}", subject=f"st-{number % 7}")
    seen: list[dict[str, Any]] = []
    async with house.client() as client:
        cursor = {}
        while events := (page := (await client.get("/v1/inbox", params={"max": 6} | cursor)).json())["events"]:
            seen += events
            cursor = {"cursor": page["cursor"]}
    assert len({event["id"] for event in seen}) == len(seen) == 40
    for subject in range(7):
        numbers = [int(event["id"][2:]) for event in seen if event["subject"] == f"st-{subject}"]
        assert numbers == sorted(numbers)


async def test_any_replica_serves_any_cursor(house: Any) -> None:
    house.arrive("e-0")
    house.arrive("e-1")
    async with house.client() as one, house.client() as another:
        cursor = (await one.get("/v1/inbox", params={"max": 1})).json()["cursor"]
        assert ids(await another.get("/v1/inbox", params={"cursor": cursor})) == ["e-1"]
        await another.post("/v1/inbox/ack", json={"cursor": cursor})
        assert ids(await one.get("/v1/inbox")) == ["e-1"]


async def test_an_older_acknowledgement_never_takes_a_newer_one_back(house: Any) -> None:
    house.arrive("e-0")
    house.arrive("e-1")
    async with house.client() as client:
        old = (await client.get("/v1/inbox", params={"max": 1})).json()["cursor"]
        new = (await client.get("/v1/inbox", params={"max": 2})).json()["cursor"]
        for cursor in (new, old):
            await client.post("/v1/inbox/ack", json={"cursor": cursor})
        assert ids(await client.get("/v1/inbox")) == []


async def test_a_cursor_of_somebody_else_or_of_nobody_is_refused(house: Any) -> None:
    house.arrive("e-0")
    async with house.client() as client, house.client("office-b") as other, house.client(key=b"x" * 32) as forger:
        mine = (await client.get("/v1/inbox")).json()["cursor"]
        forged = (await forger.get("/v1/inbox")).json()["cursor"]
        flipped = mine[:-1] + ("A" if mine[-1] != "A" else "B")
        for cursor in (forged, flipped, mine[:8], "", "ก", "=" * 40, "A" * 30_000, base64.b64encode(b"\x01").decode()):
            for answer in (
                await client.get("/v1/inbox", params={"cursor": cursor}),
                await client.post("/v1/inbox/ack", json={"cursor": cursor}),
            ):
                assert (answer.status_code, answer.json()["code"]) == (400, "DL-1")
        assert (await other.get("/v1/inbox", params={"cursor": mine})).json()["code"] == "DL-1"
        assert (await other.post("/v1/inbox/ack", json={"cursor": mine})).json()["code"] == "DL-1"


async def test_a_participant_sees_its_own_inbox_only(house: Any) -> None:
    house.arrive("e-0", who="office-b")
    async with house.client() as client:
        assert ids(await client.get("/v1/inbox")) == []


async def test_a_long_poll_answers_as_soon_as_something_arrives(house: Any) -> None:
    async with house.client() as client:
        started = time.monotonic()
        polling = asyncio.create_task(client.get("/v1/inbox", params={"wait": 30}))
        while not polling.done() and house.log.waiting == 0:
            await asyncio.sleep(0)
        house.arrive("e-0")
        await house.log.append([])
        assert ids(await polling) == ["e-0"]
        assert time.monotonic() - started < 10


async def test_a_long_poll_that_gets_nothing_ends_empty_in_time(house: Any) -> None:
    async with house.client() as client:
        assert ids(await client.get("/v1/inbox", params={"wait": 0.05})) == []


async def test_an_undecodable_record_is_handed_over_as_it_is_and_blocks_nothing(house: Any) -> None:
    broken = (b"\x00\x00\x00\x00\x07\x02", b"\x00\x00\x00\x00\x08\x02", b"?")
    for number, value in enumerate(broken):
        house.arrive(f"e-{number}", value=value)
    house.arrive("e-3")
    async with house.client() as client:
        events = (await client.get("/v1/inbox")).json()["events"]
    assert [base64.b64decode(event.get("data_base64", "")) for event in events] == [*broken, b""]
    assert events[3]["data"]["nameThai"] == "ซากี"


async def test_a_schema_that_cannot_be_looked_up_now_is_waited_for_with_nothing_lost(house: Any) -> None:
    house.arrive("e-0")
    house.arrive("e-1", value=b"\x00\x00\x00\x00\x09" + b"\x02a\x00")
    async with house.client() as client:
        answer = await client.get("/v1/inbox")
        assert (answer.status_code, answer.json()["code"]) == (503, "DL-3")
        assert "Retry-After" in answer.headers
        house.schemas.away = False
        assert ids(await client.get("/v1/inbox")) == ["e-0", "e-1"]


async def test_a_log_that_is_away_makes_503_with_retry_after(house: Any) -> None:
    house.arrive("e-0")
    async with house.client() as client:
        cursor = (await client.get("/v1/inbox")).json()["cursor"]
        house.log.away = True
        for answer in (await client.get("/v1/inbox"), await client.post("/v1/inbox/ack", json={"cursor": cursor})):
            assert (answer.status_code, answer.json()["code"]) == (503, "DL-2")
            assert "Retry-After" in answer.headers
        assert (await client.get("/readyz")).status_code == 503


async def test_events_that_retention_removed_are_admitted_to(house: Any) -> None:
    for number in range(4):
        house.arrive(f"e-{number}")
    async with house.client() as client:
        page = await client.get("/v1/inbox", params={"max": 1})
        place = next(record.partition for record in house.log.records("inbox.office-a"))
        house.log.forget("inbox.office-a", place, before=3)
        answer = await client.get("/v1/inbox", params={"cursor": page.json()["cursor"]})
    assert (ids(answer), answer.json()["expired"]) == (["e-3"], True)


@pytest.mark.parametrize("params", [{"max": 0}, {"max": 1001}, {"wait": 31}, {"wait": "long"}, {"limit": 3}])
async def test_parameters_out_of_bounds_are_refused_by_name(house: Any, params: dict[str, Any]) -> None:
    async with house.client() as client:
        answer = await client.get("/v1/inbox", params=params)
    assert (answer.status_code, answer.json()["code"], answer.json()["path"]) == (400, "GW-10", next(iter(params)))


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'{"cursor": 7}'])
async def test_a_malformed_acknowledgement_is_refused(house: Any, body: bytes) -> None:
    async with house.client() as client:
        assert (await client.post("/v1/inbox/ack", content=body)).json()["code"] == "DL-4"
        assert (await client.post("/v1/inbox/ack", content=b" " * 70_000)).status_code == 413


async def test_a_participant_without_an_inbox_and_a_stranger_are_told_apart_from_nothing_else(house: Any) -> None:
    async with house.client("office-new") as client:
        assert (await client.get("/v1/inbox")).json()["code"] == "DL-5"
    async with house.client("stranger") as client:
        assert (await client.get("/v1/inbox")).json()["code"] == "GW-4"
        assert (await client.post("/v1/inbox/ack", json={"cursor": "x"})).json()["code"] == "GW-4"
