"""A learner known as two until a link is told has one history in a running exchange, over kills of both stations."""

import os
import signal
from typing import Any

from .conftest import SCHOOL, Running, event, eventually, example, header

G_CODE, CITIZEN = "G689699000777", "9900007680959"
OWN = {name: example("student.enrolled")[name] for name in ("schoolUid", "schoolCode10", "provinceCode")}


def told(type: str, learner: str, **more: Any) -> dict[str, Any]:
    kind = "G_CODE" if learner == G_CODE else "CITIZEN_ID"
    return event(type, SCHOOL, example(type) | OWN | {"idType": kind, "idValue": learner} | more)


def subjects(exchange: Running, *ids: str) -> list[str]:
    """The pseudonyms under which these events stand in the canonical log."""
    there = {header(one, "ce_id"): header(one, "ce_subject") for one in exchange.read("record.student")}
    return [there[id] for id in ids if id in there]


def merged(exchange: Running, domain: str) -> set[str]:
    """The pseudonyms in whose logs it stands that histories became one."""
    there = exchange.read(f"record.{domain}")
    return {header(one, "ce_subject") for one in there if header(one, "ce_type") == "learner.merged"}


def test_both_identities_lead_to_one_history_after_the_link_and_after_a_restart(exchange: Running) -> None:
    came = told("student.enrolled", G_CODE, entryDate="2025-05-16")
    twin = told("student.enrolled", CITIZEN, entryDate="2025-05-16")
    assert exchange.publish(SCHOOL, came, twin) == ["accepted", "accepted"]
    eventually(lambda: len(set(subjects(exchange, came["id"], twin["id"]))) == 2)
    identities = {"fromIdType": "G_CODE", "fromId": G_CODE, "toIdType": "CITIZEN_ID", "toId": CITIZEN}
    link = event("student.identity-linked", "peo-96", example("student.identity-linked") | OWN | identities)
    assert exchange.publish("peo-96", link) == ["accepted"]
    eventually(lambda: exchange.arrived(SCHOOL)[link["id"]] == 1)
    eventually(lambda: len(exchange.read("links")) == 1)
    both = set(subjects(exchange, came["id"], twin["id"]))
    for domain in ("student", "learning", "wellbeing"):
        eventually(lambda domain=domain: merged(exchange, domain) == both)
    (told_of,) = (one for one in exchange.read(f"inbox.{SCHOOL}") if header(one, "ce_id") == link["id"])
    (before,) = subjects(exchange, came["id"])
    assert header(told_of, "ce_subject") == before
    assert header(told_of, "ce_linkedsubject") not in ("", before)

    for station in ("validator", "router"):
        os.kill(exchange.endpoints.pids[station], signal.SIGKILL)
    after = told("student.profile-changed", CITIZEN)
    assert exchange.publish(SCHOOL, after) == ["accepted"]
    eventually(lambda: subjects(exchange, after["id"]) == [before])
