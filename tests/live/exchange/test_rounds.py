"""A reporting round on a running exchange: opened, reported to, certified, verified, and closed to what comes late."""

import datetime as dt
import json
import os
import signal
import subprocess
import sys
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from saan.wire.governance_log import GovernanceLog

from .conftest import Running, event, eventually, example, header

SAAN = Path(sys.executable).parent / "saan"
SCHOOL, OTHER = "SC-44f308996218", "SC-65e762332299"
SYSTEM, OTHER_SYSTEM, OFFICE = "sis-96012004", "sis-96012009", "sesa-nwt"
CODES = {SCHOOL: "1096240353", OTHER: "1096240358"}
TODAY = dt.datetime.now(dt.timezone(dt.timedelta(hours=7)))
YEAR = TODAY.year - 1 + 543
"""The academic year that began last calendar year: its counted day, 10 June, lies behind."""
ENTRY = dt.date(TODAY.year - 1, 6, 2).isoformat()


def saan(exchange: Running, *arguments: str) -> Any:
    """What a command about rounds prints as JSON."""
    command = [SAAN, "round", *arguments, "--json", "--dir", exchange.folder]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def opened(exchange: Running) -> Iterator[Running]:
    """The round of 10 June, by order still open until tomorrow; afterwards no round binds anybody."""
    closes = (TODAY + dt.timedelta(days=1)).isoformat(timespec="minutes")
    said = saan(exchange, "open", "JUN10", "--year", str(YEAR), "--closes", closes, "--as", OFFICE, "--order", "test")
    assert (said["state"], said["changed"]) == ("confirming", True)
    assert said["schools_told"] > 2
    yield exchange
    GovernanceLog(exchange.endpoints.bootstrap).write({f"round/{YEAR}/{name}": None for name in ("JUN10", "NOV10")})
    eventually(lambda: _travels(exchange))


@pytest.mark.timeout(900)
def test_what_a_school_certifies_is_what_the_log_says_and_stays_so(opened: Running) -> None:
    learners = [f"st-{uuid.uuid4().hex[:20]}" for _ in range(4)]
    enrolled = [_enrolment(learner, sex) for learner, sex in zip(learners, "1122", strict=True)]
    assert opened.publish(SYSTEM, *enrolled, enrolled[0]) == ["accepted"] * 4 + ["duplicate"]
    eventually(lambda: all(opened.arrived("peo-96")[one["id"]] for one in enrolled))
    assert opened.publish(OTHER_SYSTEM, _move(learners[3])) == ["accepted"]

    certified = saan(opened, "certify", "JUN10", "--school", SCHOOL, "--as", SYSTEM)

    assert [(c["genderCode"], c["learners"]) for c in certified["counts"]] == [("1", 2), ("2", 1)]
    eventually(lambda: _types(opened, "peo-96")["round.certified"] == 1)
    assert _types(opened, "sis-96012001")["round.opened"] == 1

    late = _enrolment(f"st-{uuid.uuid4().hex[:20]}", "1")
    opened.publish(SYSTEM, late)
    eventually(lambda: opened.arrived("peo-96")[late["id"]] == 1)
    verified = saan(opened, "verify", "JUN10", "--school", SCHOOL, "--learner", learners[0])
    assert [(row["school"], row["differs"], row["proof"]["size"]) for row in verified] == [(SCHOOL, [], 3)]

    _is_complete_as_told(opened)
    _late_facts_wait(opened)


def _is_complete_as_told(opened: Running) -> None:
    schools = {one["school"]: one for one in saan(opened, "status", "JUN10")["schools"]}
    assert (schools[SCHOOL]["progress"], schools[SCHOOL]["learners"]) == ("final", 4)
    assert (schools[OTHER]["progress"], schools[OTHER]["learners"]) == ("partial", 1)
    (told,) = saan(opened, "report", "JUN10", "--as", OFFICE)
    assert (told["officeUid"], told["final"], told["learners"]) == ("SESA-NWT", 1, 3)
    assert told["expected"] == told["final"] + told["partial"] + told["silent"]
    eventually(lambda: _types(opened, "obec-dmc")["round.completeness-reported"] == 1)


def _late_facts_wait(opened: Running) -> None:
    closes = (TODAY - dt.timedelta(minutes=1)).isoformat()
    assert saan(opened, "open", "JUN10", "--year", str(YEAR), "--closes", closes)["state"] == "closed"

    late: dict[str, Any] = {}

    def waits() -> bool:
        late.update(_enrolment(f"st-{uuid.uuid4().hex[:20]}", "1"))
        opened.publish(SYSTEM, late)
        eventually(lambda: bool(late["id"] in _parked(opened) or opened.arrived("peo-96")[late["id"]]))
        return late["id"] in _parked(opened)

    eventually(waits)
    _and_go_on_in_the_next_window(opened, late["id"])


def _and_go_on_in_the_next_window(opened: Running, late: str) -> None:
    os.kill(opened.endpoints.pids["router"], signal.SIGKILL)
    moments = [(TODAY + dt.timedelta(hours=hours)).isoformat(timespec="minutes") for hours in (-1, 1, 2)]
    times = (argument for pair in zip(("--opens", "--confirms", "--closes"), moments, strict=True) for argument in pair)
    assert saan(opened, "open", "NOV10", "--year", str(YEAR), *times)["state"] == "open"

    eventually(lambda: late not in _parked(opened), 120)

    assert opened.arrived("peo-96")[late] == 1
    assert late not in opened.refusals()


def _parked(exchange: Running) -> set[str]:
    """What waits: the events that entered ``parked.student`` and have not left it."""
    records = exchange.read("parked.student")
    entered = Counter(header(one, "ce_id") for one in records if one.value() is not None)
    entered.subtract(header(one, "ce_id") for one in records if one.value() is None)
    return {id for id, there in entered.items() if there > 0}


def _travels(exchange: Running) -> bool:
    probe = _enrolment(f"st-{uuid.uuid4().hex[:20]}", "1")
    exchange.publish(SYSTEM, probe)
    eventually(lambda: bool(probe["id"] in exchange.refusals() or exchange.arrived("peo-96")[probe["id"]]))
    return exchange.arrived("peo-96")[probe["id"]] == 1


def _enrolment(learner: str, sex: str) -> dict[str, Any]:
    day = {"entryDate": ENTRY, "effectiveDate": ENTRY, "academicYearBE": YEAR}
    school = {"schoolUid": SCHOOL, "schoolCode10": CODES[SCHOOL]}
    person = {
        "idType": "SUBJECT_UID",
        "idValue": learner,
        "genderCode": sex,
        "prefixCode": "001" if sex == "1" else "002",
    }
    return event("student.enrolled", SYSTEM, example("student.enrolled") | day | school | person)


def _move(learner: str) -> dict[str, Any]:
    days = dict.fromkeys(("effectiveDate", "leaveDate", "entryDate"), ENTRY[:-2] + "05") | {"academicYearBE": YEAR}
    schools = {"schoolUid": OTHER, "schoolCode10": CODES[OTHER], "fromSchoolUid": SCHOOL, "toSchoolUid": OTHER}
    person = {"idType": "SUBJECT_UID", "idValue": learner, "transferId": f"tr-{uuid.uuid4().hex[:20]}"}
    return event("student.transferred", OTHER_SYSTEM, example("student.transferred") | days | schools | person)


def _types(exchange: Running, participant: str) -> Counter[str]:
    return Counter(header(message, "ce_type") for message in exchange.read(f"inbox.{participant}"))
