"""One record travels from a publisher to exactly those who are entitled to it."""

import httpx

from .conftest import SCHOOL, Running, event, eventually, example


def test_an_enrolment_reaches_the_entitled_offices_and_nobody_else(exchange: Running) -> None:
    sent = event("student.enrolled", SCHOOL, example("student.enrolled"))

    assert exchange.publish(SCHOOL, sent) == ["accepted"]

    eventually(lambda: exchange.arrived("peo-96")[sent["id"]] == 1)
    for entitled in ("sesa-nwt", "obec-dmc", "eef"):
        assert exchange.arrived(entitled)[sent["id"]] == 1
    for stranger in ("opec-psis", "dla-lec", "moph-school-health", "sis-96012001", "pesa-96010000", SCHOOL):
        assert exchange.arrived(stranger)[sent["id"]] == 0


def test_the_same_event_twice_is_delivered_once_and_said_so_in_a_receipt(exchange: Running) -> None:
    first = event("student.enrolled", SCHOOL, example("student.enrolled"))
    again = {**first, "data": {**first["data"], "classroom": "9"}}  # other bytes: past the gateway's memory

    exchange.publish(SCHOOL, first)
    eventually(lambda: exchange.arrived("peo-96")[first["id"]] == 1)
    exchange.publish(SCHOOL, again)

    eventually(lambda: first["id"] in _receipts(exchange, "duplicates"))
    assert exchange.arrived("peo-96")[first["id"]] == 1


def test_a_view_holds_nothing_that_its_agreement_withholds(exchange: Running) -> None:
    sent = event("student.enrolled", SCHOOL, example("student.enrolled") | {"guardianPersonalId": "9900007680827"})
    exchange.publish(SCHOOL, sent)
    eventually(lambda: exchange.arrived("eef")[sent["id"]] == 1)

    (seen,) = [e for e in _pull(exchange, "eef") if e["id"] == sent["id"]]

    assert {"idValue", "nameThai", "guardianPersonalId"}.isdisjoint(seen["data"])
    assert seen["data"]["gradeLevelCode"] == sent["data"]["gradeLevelCode"]


def _receipts(exchange: Running, part: str) -> list[str]:
    return [id for e in _pull(exchange, SCHOOL) if e["type"] == "receipt.issued" for id in e["data"][part]]


def _pull(exchange: Running, participant: str) -> list[dict[str, object]]:
    """The whole inbox over HTTP, from the beginning: nothing here acknowledges."""
    token = {"Authorization": f"Bearer {exchange.credentials(participant).token}"}
    with httpx.Client(base_url=exchange.endpoints.deliverer, headers=token, timeout=30) as http:
        events: list[dict[str, object]] = []
        page = http.get("/v1/inbox", params={"max": 1000}).raise_for_status().json()
        while page["events"]:
            events += page["events"]
            page = http.get("/v1/inbox", params={"max": 1000, "cursor": page["cursor"]}).raise_for_status().json()
    return events
