"""Events per second through the router with all rules about the learner's history, beside the same without them.

    python tests/bench/bench_history.py [learners] [rounds]

Each round does both, one after the other and in turns first, on an engine of its own: the validator works off eight
events of every learner (an enrolment, a changed profile, a requested transfer, the transfer, a profile at the new
school, and three more changes), then one router process on one core works off the `student` domain, which is measured.
Without: the rules of kind `history` (V9, V10) are taken out of the catalogue; state, routing and everything else stay.
The last line is the median of the rounds.
"""

import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import confluent_kafka
from bench_stations import citizen_id, measure

from saan.core.rules import KINDS
from saan.core.rules.kind import Form
from saan.embedded.engine import Endpoints, Engine
from saan.exchange.applying import applying
from saan.wire import files, world
from saan.wire.avro import Codec
from saan.wire.record import frame
from saan.wire.registrar import Registrar
from saan.wire.settings import Settings

Entities = dict[str, dict[str, Any]]

OLD, NEW = ("sis-96012007", "SC-ce35ce724f35", "1096240356"), ("sis-96022001", "SC-73ac495accea", "1096240352")
"""System, key and code of the school that is left and of the one that is entered; both publish by the gateway here."""
ENROLLED, CHANGED = "student.enrolled", "student.profile-changed"
ASKED, MOVED = "student.transfer-requested", "student.transferred"
LEAVES = "2025-09-01"


def without_history(entities: Entities) -> Entities:
    """The same governance, but no rule looks at the learner's history."""
    bare = deepcopy(entities)
    for name, entity in bare.items():
        if name.startswith("event/") and "rules" in entity:
            entity["rules"] = [rule for rule in entity["rules"] if KINDS[rule["kind"]].form is not Form.HISTORY]
    return bare


def story(number: int) -> Iterator[tuple[str, tuple[str, str, str], Mapping[str, Any]]]:
    """What one learner's schools say: event type, who says it, and what differs from the catalogue's example."""
    who = {"idType": "CITIZEN_ID", "idValue": citizen_id(number)}
    route = {**who, "fromSchoolUid": OLD[1], "toSchoolUid": NEW[1], "effectiveDate": LEAVES}
    yield ENROLLED, OLD, who
    yield CHANGED, OLD, who
    yield ASKED, OLD, {**route, "requestedDate": LEAVES}
    yield MOVED, NEW, {**route, "leaveDate": LEAVES, "entryDate": LEAVES}
    for _ in range(4):
        yield CHANGED, NEW, {**who, "effectiveDate": LEAVES}


def preload(engine: Endpoints, entities: Entities, learners: int) -> int:
    """Write the stories into `outbox.gateway`, each in its order; the number of events."""
    events = world.build(entities).events
    codecs, data, ids = {}, {}, {}
    with Registrar(engine.registry) as registrar:
        for type in (ENROLLED, CHANGED, ASKED, MOVED):
            codecs[type] = Codec(events[type].schema)
            data[type] = events[type].examples["accepted"][0]["data"]
            ids[type] = registrar.versions(events[type].record)[-1].id
    producer = confluent_kafka.Producer(
        {"bootstrap.servers": engine.bootstrap, "linger.ms": 50, "compression.type": "zstd", "batch.size": 1 << 20}
    )
    now, written = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), 0
    for step in zip(*(list(story(number)) for number in range(learners)), strict=True):
        for number, (type, (system, school, code), told) in enumerate(step):
            said = codecs[type].from_json({**data[type], "schoolUid": school, "schoolCode10": code, **told})
            assert isinstance(said, dict), said
            attributes = {"specversion": "1.0", "id": str(uuid.uuid4()), "type": type, "source": system, "time": now}
            headers = [(f"ce_{name}", value.encode()) for name, value in attributes.items()]
            value = frame(ids[type], codecs[type].encode(said))
            while True:
                try:
                    producer.produce("outbox.gateway", value, str(number).encode(), headers=headers)
                    break
                except BufferError:
                    producer.poll(0.1)
            written += 1
    producer.flush(120)
    return written


def once(entities: Entities, learners: int) -> float:
    """Events per second of the router's processor time."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(dir=Path(folder))
        with Engine(settings.dir, settings.cache) as running:
            applying(entities, settings)(running.endpoints)
            events = preload(running.endpoints, entities, learners)
            measure("validator", settings, running.endpoints, events, ["outbox.gateway"])
            return measure("router", settings, running.endpoints, events, ["checked.student"])


def main() -> None:
    learners = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    shipped: Entities = files.read(files.default_folder()).entities()
    kinds = {"with history rules": shipped, "without": without_history(shipped)}
    found: dict[str, list[float]] = {name: [] for name in kinds}
    for number in range(rounds):
        for name in list(kinds)[:: 1 if number % 2 == 0 else -1]:
            print(f"round {number + 1}, {name}", flush=True)
            found[name].append(once(kinds[name], learners))
    middle = {name: statistics.median(rates) for name, rates in found.items()}
    said = "  ".join(f"{name} {rate:,.0f}" for name, rate in middle.items())
    print(f"router, events per CPU second: {said}  ratio {middle['with history rules'] / middle['without']:.2f}")


if __name__ == "__main__":
    main()
