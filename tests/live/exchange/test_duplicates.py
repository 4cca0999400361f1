"""A second enrolment in a running exchange: both sides hear of it and of its end, once, over kills of the router."""

import io
import json
import os
import signal
from typing import Any

import fastavro

from saan.wire import files

from .conftest import OTHER, PLACES, SCHOOL, Running, Waiting, eventually, header, told

MOVES = "9900007680941"
TOLD = (SCHOOL, OTHER, "sesa-nwt", "peo-96", "obec-dmc")


def notices(exchange: Running, participant: str, claim: str) -> list[tuple[str, dict[str, Any]]]:
    """What an inbox tells of the case of one claim, read with another Avro library: kind and data."""
    found = []
    for message in exchange.read(f"inbox.{participant}"):
        kind = header(message, "ce_type")
        if kind.startswith("duplicate-enrolment.") and header(message, "ce_causationid") == claim:
            schema = json.loads((files.default_folder() / "avro" / f"{kind}.avsc").read_text(encoding="utf-8"))
            data = fastavro.schemaless_reader(io.BytesIO(message.value()[5:]), schema, None)
            assert isinstance(data, dict)
            found.append((kind.rpartition(".")[2], data))
    return found


def kinds(exchange: Running, claim: str) -> list[list[str]]:
    return [[kind for kind, _ in notices(exchange, participant, claim)] for participant in TOLD]


def test_both_schools_and_their_offices_hear_of_a_second_enrolment_and_of_its_end_once(
    exchange: Running, waiting: Waiting
) -> None:
    held = told("student.enrolled", OTHER, MOVES, entryDate="2025-05-16")
    assert exchange.publish(OTHER, held) == ["accepted"]
    eventually(lambda: exchange.arrived("peo-96")[held["id"]] == 1)
    moves, stays = told("student.enrolled", SCHOOL, MOVES, entryDate="2025-06-02"), waiting.claim
    os.kill(exchange.endpoints.pids["router"], signal.SIGKILL)
    assert exchange.publish(SCHOOL, moves) == ["accepted"]
    eventually(lambda: kinds(exchange, moves["id"]) == [["detected"]] * len(TOLD))

    left = told("student.withdrawn", OTHER, MOVES, exitDate="2025-05-30", exitTypeCode="02")
    assert exchange.publish(OTHER, left) == ["accepted"]
    eventually(lambda: kinds(exchange, moves["id"]) == [["detected", "resolved"]] * len(TOLD))
    os.kill(exchange.endpoints.pids["router"], signal.SIGKILL)
    eventually(lambda: kinds(exchange, stays["id"]) == [["detected", "resolved"]] * len(TOLD), 120)

    for claim, ending in ((moves, "ENTERED"), (stays, "EXPIRED")):
        (_, detected), (_, resolved) = notices(exchange, OTHER, claim["id"])
        assert resolved["ending"] == ending
        assert detected["caseId"] == resolved["caseId"]
        assert (detected["holderSchoolUid"], detected["claimantSchoolUid"]) == (
            PLACES[OTHER]["schoolUid"],
            PLACES[SCHOOL]["schoolUid"],
        )
    arrived = exchange.arrived("peo-96")
    assert arrived[moves["id"]] == 1
    assert arrived[stays["id"]] == 0
