"""A school that an event closes takes nobody in a running exchange, also after a kill of the validator."""

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


def refused_soon(exchange: Running) -> None:
    """The next enrolments are refused, once the closing has come round."""
    tried: list[str] = []

    def one_is_refused() -> bool:
        tried.append(enrol(exchange))
        eventually(lambda: tried[-1] in {*exchange.refusals(), *exchange.arrived("peo-96")})
        return tried[-1] in exchange.refusals()

    eventually(one_is_refused)
    assert exchange.refusals()[tried[-1]]["saan_code"] == "V8"


def test_a_closed_school_takes_nobody_also_after_the_validator_was_killed(exchange: Running) -> None:
    before = enrol(exchange)
    eventually(lambda: exchange.arrived("peo-96")[before] == 1)

    closed = {
        "statusCode": "02",
        "effectiveDate": "2025-05-17",
        "successorSchoolUid": "SC-f2fc5b4e6a70",
    }
    closing = event("school.status-changed", "peo-96", example("school.status-changed") | OWN | closed)
    assert exchange.publish("peo-96", closing) == ["accepted"]
    refused_soon(exchange)

    os.kill(exchange.endpoints.pids["validator"], signal.SIGKILL)
    after = enrol(exchange)
    eventually(lambda: after in exchange.refusals())
    assert exchange.refusals()[after]["saan_code"] == "V8"
