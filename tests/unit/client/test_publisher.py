"""The publisher's kit against a gateway that answers as it is told."""

from collections.abc import Callable, Mapping
from typing import Any

import httpx
import orjson
import pytest

from saan.client import Publisher, Refused, Unavailable

Answer = Callable[[list[Mapping[str, Any]]], httpx.Response]


class Station:
    """Answers one request after the other as listed, the last one for ever, and keeps what it was sent."""

    def __init__(self, *answers: Answer) -> None:
        self._answers = list(answers)
        self.requests: list[list[Mapping[str, Any]]] = []
        self.waits: list[float] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        events = orjson.loads(request.content)
        self.requests.append(events)
        assert request.headers["Authorization"] == "Bearer t"
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return answer(events)

    def publisher(self, **options: Any) -> Publisher:
        transport = httpx.MockTransport(self)
        return Publisher("http://gateway", "t", transport=transport, sleep=self.waits.append, **options)


def says(*words: str, status: int = 202, headers: Mapping[str, str] | None = None) -> Answer:
    """One of these words per event, the last one for all further ones."""

    def answer(events: list[Mapping[str, Any]]) -> httpx.Response:
        rows = []
        for number, event in enumerate(events):
            word = words[min(number, len(words) - 1)]
            row: dict[str, Any] = {"id": event["id"], "verdict": word}
            if word == "invalid":
                row |= {"code": "V1", "path": "idValue", "message": {"th": "ผิด", "en": "Wrong"}, "hint": {}}
            if word == "retryable":
                row |= {"code": "GW-6", "path": "", "message": {"th": "รอ", "en": "Wait"}, "hint": {}}
            rows.append(row)
        return httpx.Response(status, json={"results": rows}, headers=headers)

    return answer


def silent(events: list[Mapping[str, Any]]) -> httpx.Response:
    raise httpx.ConnectError("nobody there")


def events(count: int) -> list[dict[str, Any]]:
    return [{"id": f"e-{n}", "type": "student.enrolled", "data": {}} for n in range(count)]


def test_events_are_sent_in_batches_and_every_one_gets_its_verdict_in_order() -> None:
    station = Station(says("accepted"))
    with station.publisher(batch=4) as publisher:
        verdicts = list(publisher.publish(iter(events(10))))
    assert [v.id for v in verdicts] == [f"e-{n}" for n in range(10)]
    assert [len(request) for request in station.requests] == [4, 4, 2]
    assert station.requests[0][0]["specversion"] == "1.0"


def test_a_batch_stays_below_what_a_gateway_takes_at_once() -> None:
    station = Station(says("accepted"))
    with station.publisher() as publisher:
        list(publisher.publish({**event, "data": {"note": "n" * 1_000_000}} for event in events(9)))
    assert [len(request) for request in station.requests] == [4, 4, 1]


def test_what_is_retryable_is_sent_again_with_the_same_ids_before_anything_later() -> None:
    station = Station(
        says("accepted", "retryable", "invalid", "retryable", status=207, headers={"Retry-After": "5"}),
        says("accepted", "retryable", status=207),
        says("accepted"),
    )
    with station.publisher(batch=4) as publisher:
        verdicts = list(publisher.publish(events(5)))
    assert [[event["id"] for event in request] for request in station.requests] == [
        ["e-0", "e-1", "e-2", "e-3"],
        ["e-1", "e-3"],
        ["e-3"],
        ["e-4"],
    ]
    assert [v.word for v in verdicts] == ["accepted", "accepted", "invalid", "accepted", "accepted"]
    assert (verdicts[2].code, verdicts[2].path, verdicts[2].message["th"]) == ("V1", "idValue", "ผิด")
    assert station.waits[0] == 5


def test_an_event_without_an_id_gets_one_that_every_try_keeps() -> None:
    station = Station(silent, says("accepted"))
    with station.publisher() as publisher:
        (verdict,) = publisher.publish([{"type": "student.enrolled", "data": {}}])
    first, second = station.requests
    assert verdict.id == first[0]["id"] == second[0]["id"]


def test_tries_are_bounded_and_what_is_still_open_says_so() -> None:
    station = Station(says("retryable", status=503))
    with station.publisher(tries=3) as publisher:
        assert [v.word for v in publisher.publish(events(2))] == ["retryable", "retryable"]
    assert (len(station.requests), len(station.waits)) == (3, 2)


def test_a_gateway_that_nobody_reaches_is_an_error_with_a_code() -> None:
    station = Station(silent)
    with station.publisher(tries=2) as publisher, pytest.raises(Unavailable, match="CL-1"):
        list(publisher.publish(events(1)))


def test_a_refusal_of_the_whole_request_is_raised_at_once_in_both_languages() -> None:
    body = {"code": "GW-4", "message": {"th": "ไม่มีสิทธิ์", "en": "No right."}, "hint": {"th": "ตรวจ", "en": "Check."}}
    station = Station(lambda events: httpx.Response(401, json=body))
    with station.publisher() as publisher, pytest.raises(Refused, match="GW-4: No right") as refused:
        list(publisher.publish(events(1)))
    assert refused.value.message["th"] == "ไม่มีสิทธิ์"
    assert len(station.requests) == 1


def test_an_answer_that_is_not_the_gateways_is_tried_again() -> None:
    station = Station(lambda events: httpx.Response(502, text="<html>proxy</html>"), says("accepted"))
    with station.publisher() as publisher:
        assert [v.word for v in publisher.publish(events(1))] == ["accepted"]
