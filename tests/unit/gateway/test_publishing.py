"""The gateway over HTTP, on a log in memory."""

import base64
from collections.abc import Callable
from typing import Any

import orjson
import pytest

from saan.wire.avro import Codec
from saan.wire.record import frame

STRUCTURED = {"Content-Type": "application/cloudevents+json"}
BATCH = {"Content-Type": "application/cloudevents-batch+json; charset=utf-8"}
DATA = {"idType": "CITIZEN_ID", "idValue": "9900007680665", "entryDate": 20241}

Sound = Callable[..., dict[str, Any]]


async def post(house: Any, content: Any, headers: dict[str, str] = STRUCTURED, **params: Any) -> Any:
    async with house.client() as client:
        body = content if isinstance(content, bytes) else orjson.dumps(content)
        return await client.post("/v1/events", content=body, headers=headers, params=params)


def avro(id: int, schema: dict[str, Any], data: dict[str, Any] = DATA) -> bytes:
    return frame(id, Codec(schema).encode(data))


async def test_a_structured_event_is_stored_as_avro_with_its_attributes_as_headers(house: Any, sound: Sound) -> None:
    answer = await post(house, sound(recordedtime="2025-06-02T09:25:07+07:00", testdata=True, sequence=360))
    assert answer.status_code == 202
    assert answer.json() == {"results": [{"id": "e-1", "verdict": "accepted"}]}
    (record,) = house.log.records("outbox.gateway")
    headers = dict(record.headers)
    assert headers["ce_source"] == b"school-a"
    assert headers["content-type"] == b"application/avro"
    assert headers["ce_testdata"] == b"true"
    assert headers["ce_sequence"] == b"360"
    schema = house.governance.world.events["student.enrolled"].schema
    assert Codec(schema).decode(record.value[5:]) == DATA | {"note": None}
    assert record.value[:5] == b"\x00\x00\x00\x00\x07"


async def test_neither_key_nor_headers_hold_the_identity(house: Any, sound: Sound) -> None:
    await post(house, sound())
    (record,) = house.log.appended
    assert record.key.startswith(b"school-a|")
    assert b"9900007680665" not in record.key + repr(record.headers).encode()


async def test_events_of_one_learner_are_stored_in_the_order_of_the_request(house: Any, sound: Sound) -> None:
    await post(house, [sound(f"e-{n}") for n in range(20)], BATCH)
    records = house.log.records("outbox.gateway")
    assert len({record.partition for record in records}) == 1
    assert [dict(record.headers)["ce_id"].decode() for record in records] == [f"e-{n}" for n in range(20)]


async def test_a_binary_event_passes_through_byte_for_byte(house: Any) -> None:
    value = avro(7, house.governance.world.events["student.enrolled"].schema)
    headers = {
        "Content-Type": "avro/binary",
        "ce-specversion": "1.0",
        "ce-id": "e-1",
        "ce-type": "student.enrolled",
        "ce-time": "2025-06-02T09:22:07Z",
        "ce-agreement": "AG%2D96",
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    }
    assert (await post(house, value, headers)).status_code == 202
    (record,) = house.log.records("outbox.gateway")
    assert record.value == value
    assert dict(record.headers)["ce_agreement"] == b"AG-96"
    assert dict(record.headers)["traceparent"].startswith(b"00-")


async def test_json_data_with_ce_headers_is_taken_in_binary_mode(house: Any, sound: Sound) -> None:
    event = sound()
    headers = {f"ce-{name}": str(value) for name, value in event.items() if name != "data"}
    answer = await post(house, event["data"], headers | {"Content-Type": "application/json"})
    assert answer.status_code == 202


async def test_avro_in_base64_is_taken_in_a_structured_event(house: Any, sound: Sound) -> None:
    value = base64.b64encode(avro(7, house.governance.world.events["student.enrolled"].schema)).decode()
    event = sound(data=None, data_base64=value, datacontenttype="application/avro")
    assert (await post(house, event)).status_code == 202


async def test_the_same_event_again_is_a_duplicate_and_stored_once(house: Any, sound: Sound) -> None:
    await post(house, sound())
    answer = await post(house, [sound(), sound("e-2"), sound("e-2")], BATCH)
    assert answer.status_code == 202
    assert [r["verdict"] for r in answer.json()["results"]] == ["duplicate", "accepted", "duplicate"]
    assert len(house.log.records("outbox.gateway")) == 2


async def test_a_mended_event_under_its_old_id_is_stored(house: Any, sound: Sound) -> None:
    await post(house, sound())
    answer = await post(house, sound(data=sound()["data"] | {"note": "mended"}))
    assert answer.json()["results"][0]["verdict"] == "accepted"
    assert len(house.log.records("outbox.gateway")) == 2


async def test_a_broker_that_is_away_makes_503_with_retry_after_and_nothing_is_kept_back(
    house: Any, sound: Sound
) -> None:
    house.log.away = True
    answer = await post(house, sound())
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.json()["results"][0] | {"message": 0, "hint": 0} == {
        "id": "e-1", "verdict": "retryable", "code": "GW-6", "path": "", "message": 0, "hint": 0,
    }  # fmt: skip
    house.log.away = False
    assert house.log.records("outbox.gateway") == []
    assert (await post(house, sound())).json()["results"][0]["verdict"] == "accepted"


async def test_a_broker_that_cannot_write_because_a_disk_is_full_makes_503_that_says_so(
    house: Any, sound: Sound
) -> None:
    house.log.away = True
    house.disks.add("data")
    answer = await post(house, sound())
    result = answer.json()["results"][0]
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert (result["verdict"], result["code"]) == ("retryable", "GW-8")
    assert "disk" in result["message"]["en"]
    assert "ดิสก์" in result["message"]["th"]


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ({"id": None}, "ENV-7", "ce_id"),
        ({"time": None}, "ENV-7", "ce_time"),
        ({"type": None}, "ENV-7", "ce_type"),
        ({"specversion": None}, "ENV-7", "ce_specversion"),
        ({"specversion": "0.3"}, "ENV-12", "ce_specversion"),
        ({"time": "yesterday"}, "ENV-11", "ce_time"),
        ({"id": "9900007680665"}, "ENV-11", "ce_id"),
        ({"id": "x" * 65}, "ENV-11", "ce_id"),
        ({"purpose": ["REGISTER"]}, "ENV-11", "ce_purpose"),
        ({"Bad-Name": "x"}, "ENV-11", ""),
        ({f"x{n}": "y" for n in range(64)}, "ENV-11", ""),
        ({"subject": "9900007680665"}, "ENV-9", "ce_subject"),
        ({"type": "student.vanished"}, "ENV-1", "ce_type"),
        ({"type": "receipt.issued"}, "ENV-1", "ce_type"),
        ({"schemaversion": 99}, "ENV-2", "ce_schemaversion"),
        ({"data": None}, "GW-2", "data"),
        ({"data": [1]}, "GW-2", "data"),
        ({"data": {}}, "V18", "idType"),
        ({"data": {"idType": "X", "idValue": "1", "entryDate": "2025-06-02"}}, "V4", "idType"),
        ({"data": {"idType": "CITIZEN_ID", "idValue": "1", "entryDate": "2025-02-30"}}, "V13", "entryDate"),
        ({"data": {"idType": "CITIZEN_ID", "idValue": 1, "entryDate": "2025-02-03"}}, "SCHEMA-1", "idValue"),
        (
            {"data": {"idType": "CITIZEN_ID", "idValue": "1", "entryDate": "2025-02-03", "note": "n" * 11_000}},
            "WIRE-9",
            "",
        ),
        ({"data": None, "data_base64": "@@", "datacontenttype": "application/avro"}, "GW-2", "data_base64"),
    ],
)
async def test_an_event_that_is_not_well_formed_is_invalid_with_code_path_and_both_languages(
    house: Any, sound: Sound, change: dict[str, Any], code: str, path: str
) -> None:
    answer = await post(house, sound(**change))
    assert answer.status_code == 422
    (result,) = answer.json()["results"]
    assert (result["verdict"], result["code"], result["path"]) == ("invalid", code, path)
    assert all(result[part][language] for part in ("message", "hint") for language in ("th", "en"))
    assert house.log.records("outbox.gateway") == []
    assert "9900007680665" not in orjson.dumps(result["message"] | result["hint"]).decode()


@pytest.mark.parametrize(
    ("body", "code", "status"),
    [
        (b"", "WIRE-1", 422),
        (b"\x01\x00\x00\x00\x07", "WIRE-1", 422),
        (b"\x00\x00\x00\x01\x00\x02", "WIRE-2", 422),
        (b"\x00\x00\x00\x00\x08\x02", "ENV-2", 422),
        (b"\x00\x00\x00\x00\x09\x02", "GW-7", 503),
        (b"\x00\x00\x00\x00\x07\x02", "WIRE-3", 422),
        (b"\x00\x00\x00\x00\x07\x01\x02a\x02\x00", "WIRE-5", 422),
        (b"\x00\x00\x00\x00\x07\x02\x02\xff\x02\x00", "WIRE-7", 422),
        (b"\x00\x00\x00\x00\x07\x02\x02a\x02\x00\x00", "WIRE-4", 422),
    ],
)
async def test_avro_that_is_not_sound_is_told_from_avro_that_cannot_be_judged_now(
    house: Any, body: bytes, code: str, status: int
) -> None:
    headers = {
        "Content-Type": "application/avro",
        "ce-specversion": "1.0",
        "ce-id": "e-1",
        "ce-type": "student.enrolled",
        "ce-time": "2025-06-02T09:22:07Z",
    }
    answer = await post(house, body, headers)
    assert (answer.status_code, answer.json()["results"][0]["code"]) == (status, code)
    assert house.log.records("outbox.gateway") == []


async def test_an_event_type_whose_schema_is_not_registered_yet_is_retryable(house: Any, sound: Sound) -> None:
    answer = await post(house, sound(type="student.unregistered"))
    assert (answer.status_code, answer.json()["results"][0]["code"]) == (503, "GW-7")


async def test_one_bad_event_does_not_hold_back_the_others(house: Any, sound: Sound) -> None:
    batch = [sound("e-1"), {"id": "odd"}, 17, sound("e-2"), sound("e-3", source="school-b")]
    answer = await post(house, batch, BATCH)
    assert answer.status_code == 207
    results = answer.json()["results"]
    assert [r["id"] for r in results] == ["e-1", "odd", None, "e-2", "e-3"]
    assert [r["verdict"] for r in results] == ["accepted", "invalid", "invalid", "accepted", "invalid"]
    assert [r.get("code") for r in results] == [None, "GW-2", "GW-2", None, "GW-4"]
    assert len(house.log.records("outbox.gateway")) == 2


async def test_a_rehearsal_says_what_every_rule_would_say_and_stores_nothing(house: Any, sound: Sound) -> None:
    answer = await post(house, [sound("good-1"), sound("bad-1"), sound(None)], BATCH, dry_run="true")
    assert answer.status_code == 207
    assert answer.json()["dry_run"] is True
    good, bad, malformed = answer.json()["results"]
    assert (good["verdict"], good["warnings"][0]["code"]) == ("accepted", "V7")
    assert (bad["verdict"], bad["code"], malformed["code"]) == ("invalid", "V1", "ENV-7")
    assert (await post(house, sound("good-1"), dry_run="true")).status_code == 200
    assert house.log.records("outbox.gateway") == []
    assert (await post(house, sound("good-1"))).json()["results"][0]["verdict"] == "accepted"


@pytest.mark.parametrize(
    ("content", "media", "status", "code"),
    [
        (b"{", "application/cloudevents+json", 400, "GW-1"),
        (b'{"id": "\xe0"}', "application/cloudevents+json", 400, "GW-1"),
        (b"[" * 2000, "application/cloudevents-batch+json", 400, "GW-1"),
        (b"NaN", "application/cloudevents+json", 400, "GW-1"),
        (b"[]", "application/cloudevents+json", 400, "GW-2"),
        (b"{}", "application/cloudevents-batch+json", 400, "GW-2"),
        (b"[]", "application/cloudevents-batch+json", 400, "GW-2"),
        (b"{}", "application/json", 400, "GW-2"),
        (b"<a/>", "application/xml", 415, "GW-5"),
        (b"{}", "", 415, "GW-5"),
        (b" " * 100_001, "application/cloudevents+json", 413, "GW-3"),
        (b"[" + b",".join([b"{}"] * 21) + b"]", "application/cloudevents-batch+json", 413, "GW-3"),
    ],
)
async def test_a_request_that_cannot_be_read_as_a_whole_gets_one_coded_answer(
    house: Any, content: bytes, media: str, status: int, code: str
) -> None:
    answer = await post(house, content, {"Content-Type": media})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert all(answer.json()[part][language] for part in ("message", "hint") for language in ("th", "en"))


async def test_somebody_elses_name_gets_the_same_answer_as_a_token_that_nobody_knows(house: Any, sound: Sound) -> None:
    foreign = await post(house, sound(source="school-b"))
    answers = [foreign]
    for token in (None, "saan_token-of-nobody", ""):
        async with house.client(token) as client:
            answers.append(await client.post("/v1/events", content=orjson.dumps(sound()), headers=STRUCTURED))
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert house.log.records("outbox.gateway") == []
