"""The subscriber's kit against a deliverer that holds one list of events."""

from typing import Any

import httpx
import orjson
import pytest

from saan.client import Refused, Subscriber, Unavailable


class Inbox:
    """Events e-0 … e-(n-1); cursors are their numbers as text. ``failing`` answers 503 so many times first."""

    def __init__(self, count: int, failing: int = 0) -> None:
        self.count = count
        self.failing = failing
        self.acknowledged = 0
        self.waits: list[float] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if self.failing:
            self.failing -= 1
            return httpx.Response(503, json={"code": "DL-2"}, headers={"Retry-After": "5"})
        if request.url.path == "/v1/inbox/ack":
            self.acknowledged = int(orjson.loads(request.content)["cursor"])
            return httpx.Response(200, json={})
        start = int(request.url.params.get("cursor", self.acknowledged))
        end = min(self.count, start + int(request.url.params["max"]))
        return httpx.Response(200, json={"events": [{"id": f"e-{n}"} for n in range(start, end)], "cursor": str(end)})

    def subscriber(self, **options: Any) -> Subscriber:
        transport = httpx.MockTransport(self)
        return Subscriber("http://deliverer", "t", transport=transport, sleep=self.waits.append, **options)


def test_all_events_come_in_order_and_are_acknowledged() -> None:
    inbox = Inbox(5)
    with inbox.subscriber() as subscriber:
        assert [event["id"] for event in subscriber.events(max=2)] == [f"e-{n}" for n in range(5)]
    assert inbox.acknowledged == 5


def test_a_page_is_acknowledged_only_when_all_of_it_was_worked_on() -> None:
    inbox = Inbox(5)
    with inbox.subscriber() as subscriber:
        for event in subscriber.events(max=2):
            if event["id"] == "e-3":
                break
    assert inbox.acknowledged == 2


def test_a_deliverer_that_is_away_for_a_while_is_waited_for() -> None:
    inbox = Inbox(1, failing=2)
    with inbox.subscriber() as subscriber:
        assert len(subscriber.pull().events) == 1
    assert [wait >= 5 for wait in inbox.waits] == [True, True]


def test_a_deliverer_that_stays_away_is_an_error_with_a_code() -> None:
    with Inbox(1, failing=99).subscriber(tries=3) as subscriber, pytest.raises(Unavailable, match="CL-1"):
        subscriber.pull()


def test_a_refused_cursor_is_raised_with_the_stations_code() -> None:
    body = {"code": "DL-1", "message": {"th": "ผิด", "en": "Wrong cursor."}, "hint": {"th": "แก้", "en": "Mend."}}
    transport = httpx.MockTransport(lambda request: httpx.Response(400, json=body))
    with Subscriber("http://d", "t", transport=transport) as subscriber, pytest.raises(Refused, match="DL-1"):
        subscriber.ack("x")
