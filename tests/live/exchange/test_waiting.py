"""What comes before its cause waits in a running exchange, over a kill of the router, and is set aside in the end."""

import os
import signal
from typing import Any

from saan.core.identity import citizen_id_ok

from .conftest import SCHOOL, Running, event, eventually, example, header

STAYS, LEAVES_UNKNOWN = "9900007680681", "9900007680835"
assert citizen_id_ok(STAYS)
assert citizen_id_ok(LEAVES_UNKNOWN)


def told(type: str, learner: str, **more: Any) -> dict[str, Any]:
    own = {name: example("student.enrolled")[name] for name in ("schoolUid", "schoolCode10", "provinceCode")}
    return event(type, SCHOOL, example(type) | own | {"idType": "CITIZEN_ID", "idValue": learner} | more)


def said(exchange: Running, learner: str) -> dict[str, Any]:
    return told("student.withdrawn", learner, exitDate="2025-06-02")


def test_what_waits_goes_on_in_order_after_the_router_was_killed_and_what_waits_too_long_is_set_aside(
    exchange: Running,
) -> None:
    lone, left = said(exchange, LEAVES_UNKNOWN), said(exchange, STAYS)
    behind = told("student.profile-changed", STAYS)
    assert exchange.publish(SCHOOL, lone, left, behind) == ["accepted"] * 3
    parked = {one["id"] for one in (lone, left, behind)}
    eventually(lambda: parked <= {header(m, "ce_id") for m in exchange.read("parked.student")})

    os.kill(exchange.endpoints.pids["router"], signal.SIGKILL)
    came = told("student.enrolled", STAYS, entryDate="2025-05-16")
    assert exchange.publish(SCHOOL, came) == ["accepted"]

    ids = [came["id"], left["id"], behind["id"]]
    eventually(lambda: [id for id in exchange.arrived("peo-96") if id in ids] == ids)
    assert all(exchange.arrived("peo-96")[id] == 1 for id in ids)
    assert exchange.refusals().keys().isdisjoint(ids)

    eventually(lambda: lone["id"] in exchange.refusals(), 120)
    assert exchange.refusals()[lone["id"]]["saan_code"] == "V10"
    assert exchange.refusals()[lone["id"]]["saan_verdict"] == "rejected"
