"""A school that an event closes takes nobody in a running exchange, also after a kill of the validator, until an event
opens it."""

import os
import signal

from saan.core.identity import citizen_id_ok

from .conftest import Running, event, eventually, example

SYSTEM = "sis-96022010"
OWN = {"schoolUid": "SC-a08c0a6b15af", "schoolCode10": "1096240366", "provinceCode": "96"}
LEARNERS = [f"{number:013d}" for number in range(9900000000000, 9900000009999) if citizen_id_ok(f"{number:013d}")]


def enrol(exchange: Running) -> str:
    """Publish an enrolment of another learner at the school from June 2025 on; its id."""
    identity = {"idType": "CITIZEN_ID", "idValue": LEARNERS.pop()}
    days = {"entryDate": "2025-06-02", "effectiveDate": "2025-06-02"}
    one = event("student.enrolled", SYSTEM, example("student.enrolled") | OWN | identity | days)
    assert exchange.publish(SYSTEM, one) == ["accepted"]
    return str(one["id"])


def say(exchange: Running, **said: str) -> None:
    """Publish what became of the school."""
    one = event("school.status-changed", "peo-96", example("school.status-changed") | OWN | said)
    assert exchange.publish("peo-96", one) == ["accepted"]


def taken(exchange: Running, id: str) -> bool:
    """Whether an enrolment was delivered; otherwise it was refused, because the school is closed."""
    eventually(lambda: id in {*exchange.refusals(), *exchange.arrived("peo-96")})
    refusal = exchange.refusals().get(id)
    assert refusal is None or refusal["saan_code"] == "V8"
    return refusal is None


def test_a_closed_school_takes_nobody_until_it_opens_again_also_after_the_validator_was_killed(
    exchange: Running,
) -> None:
    assert taken(exchange, enrol(exchange))

    say(exchange, statusCode="02", effectiveDate="2025-05-17", successorSchoolUid="SC-f2fc5b4e6a70")
    eventually(lambda: not taken(exchange, enrol(exchange)))
    os.kill(exchange.endpoints.pids["validator"], signal.SIGKILL)
    assert not taken(exchange, enrol(exchange))

    say(exchange, statusCode="01", effectiveDate="2025-05-18")
    eventually(lambda: taken(exchange, enrol(exchange)))
