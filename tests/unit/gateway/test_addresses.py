"""What a vendor can look up, and what an operator watches."""

from typing import Any

from saan.gateway.recent import Recent


async def test_a_participant_sees_who_it_is_here(house: Any) -> None:
    async with house.client() as client:
        answer = (await client.get("/v1/me")).json()
    assert (answer["id"], answer["publishes"]) == ("school-a", ["student.enrolled"])


async def test_event_types_are_listed_without_those_of_the_exchange_itself(house: Any) -> None:
    async with house.client() as client:
        answer = (await client.get("/v1/event-types")).json()
    assert [row["type"] for row in answer["event_types"]] == ["student.enrolled", "student.unregistered"]
    assert [row["may_publish"] for row in answer["event_types"]] == [True, False]


async def test_an_event_type_tells_its_schema_its_fields_and_its_id(house: Any) -> None:
    async with house.client() as client:
        answer = (await client.get("/v1/event-types/student.enrolled")).json()
        absent = [await client.get(f"/v1/event-types/{name}") for name in ("receipt.issued", "no.such")]
    assert answer["schema_id"] == 7
    assert answer["fields"][0]["label"]["th"] == "ประเภทบัตร"
    assert [field["mandatory"] for field in answer["fields"]] == [True, True, True, False]
    assert [(a.status_code, a.json()["code"]) for a in absent] == [(404, "GW-8")] * 2


async def test_nothing_is_told_without_a_token(house: Any) -> None:
    async with house.client(None) as client:
        for path in ("/v1/me", "/v1/event-types", "/v1/event-types/student.enrolled"):
            assert (await client.get(path)).json()["code"] == "GW-4"


async def test_the_openapi_page_shows_examples_in_both_languages(house: Any) -> None:
    async with house.client(None) as client:
        page = (await client.get("/openapi.json")).json()
        assert (await client.get("/docs")).status_code == 200
    body = page["paths"]["/v1/events"]["post"]["requestBody"]["content"]
    assert {"application/cloudevents+json", "application/cloudevents-batch+json", "application/avro"} <= set(body)
    assert "one pupil" in str(body)
    assert "นักเรียน" in str(body)


async def test_unknown_addresses_and_methods_get_coded_answers(house: Any) -> None:
    async with house.client() as client:
        assert (await client.get("/nowhere")).json()["code"] == "GW-8"
        assert (await client.get("/v1/events")).json()["code"] == "GW-9"
        assert (await client.post("/v1/events?dry_run=perhaps")).json()["code"] == "GW-10"


async def test_health_readiness_and_metrics_are_told_apart(house: Any, sound: Any) -> None:
    async with house.client() as client:
        await client.post("/v1/events", json=sound(), headers={"Content-Type": "application/cloudevents+json"})
        assert (await client.get("/healthz")).status_code == 200
        assert (await client.get("/readyz")).status_code == 200
        house.log.away = True
        assert (await client.get("/healthz")).status_code == 200
        assert (await client.get("/readyz")).status_code == 503
        text = (await client.get("/metrics")).text
    assert 'saan_gateway_events_total{verdict="accepted"} 1.0' in text
    assert 'saan_gateway_requests_total{status="202"} 1.0' in text


async def test_an_unexpected_failure_gives_a_coded_answer_and_logs_nothing_of_what_was_sent(
    house: Any, sound: Any, capsys: Any
) -> None:
    async with house.client() as client:
        answer = await client.post(
            "/v1/events?dry_run=true",
            json=sound("explode-1"),
            headers={"Content-Type": "application/cloudevents+json"},
        )
    assert (answer.status_code, answer.json()["code"]) == (500, "GW-99")
    written = capsys.readouterr()
    assert "explode-1" not in written.out + written.err


def test_recent_memory_is_bounded_and_forgets_the_oldest_first() -> None:
    recent = Recent(limit=2)
    for id in ("a", "b", "c"):
        recent.remember("school-a", id, b"1")
    assert [recent.knows("school-a", id, b"1") for id in ("a", "b", "c")] == [False, True, True]
    assert not recent.knows("school-b", "c", b"1")
    assert not recent.knows("school-a", "c", b"2")
