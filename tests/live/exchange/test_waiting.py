"""What comes before its cause waits in a running exchange, over a kill of the router, and is set aside in the end."""

import os
import signal
from functools import partial

from .conftest import SCHOOL, Running, Waiting, eventually, header
from .conftest import told as told_by

LEARNER = "9900007680681"
told = partial(told_by, school=SCHOOL, learner=LEARNER)


def test_what_waits_goes_on_in_order_after_the_router_was_killed_and_what_waits_too_long_is_set_aside(
    exchange: Running, waiting: Waiting
) -> None:
    left, behind = told("student.withdrawn", exitDate="2025-06-02"), told("student.profile-changed")
    assert exchange.publish(SCHOOL, left, behind) == ["accepted"] * 2
    parked = {one["id"] for one in (waiting.left, left, behind)}
    eventually(lambda: parked <= {header(m, "ce_id") for m in exchange.read("parked.student")})

    os.kill(exchange.endpoints.pids["router"], signal.SIGKILL)
    came = told("student.enrolled", entryDate="2025-05-16")
    assert exchange.publish(SCHOOL, came) == ["accepted"]

    ids = [came["id"], left["id"], behind["id"]]
    eventually(lambda: [id for id in exchange.arrived("peo-96") if id in ids] == ids)
    assert all(exchange.arrived("peo-96")[id] == 1 for id in ids)
    assert exchange.refusals().keys().isdisjoint(ids)

    eventually(lambda: waiting.left["id"] in exchange.refusals(), 120)
    assert exchange.refusals()[waiting.left["id"]]["saan_code"] == "V10"
    assert exchange.refusals()[waiting.left["id"]]["saan_verdict"] == "rejected"
