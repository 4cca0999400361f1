"""One whole exchange for the tests of this folder: engine, governance applied, five stations under supervision."""

import asyncio
import os
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import confluent_kafka
import pytest
import yaml
from tests.live.reading import Reader

from saan.client import Publisher
from saan.core.identity import citizen_id_ok
from saan.exchange.applying import applying
from saan.exchange.endpoints import Endpoints, read
from saan.exchange.run import Exchange
from saan.wire import files
from saan.wire.credentials import Credentials, Vault
from saan.wire.settings import Settings

CATALOGUE = files.default_folder() / "catalogue"
SCHOOL = "sis-96012007"
"""A school that publishes over HTTP; the accepted example of `student.enrolled` is its own."""
OTHER = "sis-96022001"
"""Another such school."""


@dataclass(frozen=True)
class Running:
    """A running exchange as its participants and its operator see it."""

    folder: Path
    reader: Reader

    @property
    def endpoints(self) -> Endpoints:
        found = read(self.folder)
        assert found is not None
        return found

    def credentials(self, participant: str) -> Credentials:
        return Vault(self.folder / "credentials").read(participant)

    def publish(self, participant: str, *events: Mapping[str, Any]) -> list[str]:
        with Publisher(self.endpoints.gateway, self.credentials(participant).token) as publisher:
            return [verdict.word for verdict in publisher.publish(events)]

    def producer(self, participant: str) -> confluent_kafka.Producer:
        return confluent_kafka.Producer({**self.sasl(participant), "enable.idempotence": True, "linger.ms": 5})

    def saan(self, *arguments: str | Path) -> str:
        """What a command prints that ends well."""
        command = [Path(sys.executable).parent / "saan", *arguments, "--dir", self.folder]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def sasl(self, participant: str) -> dict[str, Any]:
        """librdkafka's settings of a participant's own client."""
        held = self.credentials(participant)
        return {
            "bootstrap.servers": self.endpoints.bootstrap_sasl,
            "security.protocol": "SASL_PLAINTEXT",
            "sasl.mechanism": "SCRAM-SHA-512",
            "sasl.username": held.user,
            "sasl.password": held.password,
        }

    def read(self, *topics: str) -> list[confluent_kafka.Message]:
        """Everything committed in these topics now, read by a client that shares no code with Saan."""
        return self.reader.read(*topics)

    def read_as(self, participant: str, topic: str) -> list[confluent_kafka.Message]:
        """Everything committed in a topic now, read with a participant's own access."""
        with closing(Reader(self.sasl(participant), f"{participant}.test-{uuid.uuid4().hex[:8]}")) as reader:
            return reader.read(topic)

    def arrived(self, participant: str) -> Counter[str]:
        """Event ids in an inbox, receipts left out."""
        return Counter(
            header(m, "ce_id") for m in self.read(f"inbox.{participant}") if header(m, "ce_type") != "receipt.issued"
        )

    def refusals(self) -> dict[str, dict[str, str]]:
        """Headers of quarantine by event id."""
        return {
            header(m, "ce_id"): {name: value.decode(errors="replace") for name, value in m.headers() or ()}
            for m in self.read("quarantine")
        }


def header(message: confluent_kafka.Message, name: str) -> str:
    return dict(message.headers() or ()).get(name, b"").decode(errors="replace")


def eventually(holds: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait until ``holds``; fail when it does not in time."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.2)


def event(type: str, source: str, data: Mapping[str, Any], **attributes: str) -> dict[str, Any]:
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return {
        "specversion": "1.0",
        "id": str(uuid.uuid4()),
        "type": type,
        "source": source,
        "time": now,
        "data": dict(data),
        **attributes,
    }


def example(type: str, number: int = 0) -> dict[str, Any]:
    """The data of an accepted example of the catalogue, dates as text."""
    entry = yaml.load((CATALOGUE / f"{type}.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    plain: dict[str, Any] = yaml.safe_load((CATALOGUE / f"{type}.yaml").read_text(encoding="utf-8"))
    data = plain["examples"]["accepted"][number]["data"]
    text = entry["examples"]["accepted"][number]["data"]
    return {name: text[name] if hasattr(value, "isoformat") else value for name, value in data.items()}


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, engine_cache: Path | None) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("exchange")
    os.environ["SAAN_PATIENCE_HOURS"] = "0.012"  # the stations inherit it
    entities = files.read(files.default_folder()).entities()
    settings = Settings(dir=folder, cache=engine_cache)
    whole = Exchange(settings, applying(entities, settings))
    bootstrap = whole.start().bootstrap
    loop, stop = asyncio.new_event_loop(), asyncio.Event()
    watching = threading.Thread(target=loop.run_until_complete, args=(whole.watch(stop),))
    watching.start()
    with closing(Reader({"bootstrap.servers": bootstrap})) as reader:
        yield Running(folder, reader)
    loop.call_soon_threadsafe(stop.set)
    watching.join()
    loop.close()
    whole.stop()


@pytest.fixture(scope="session")
def exchange(shared: Running) -> Running:
    """The one exchange; a file may put one of its own, or a view of this one, in its place."""
    return shared


PLACES = {
    SCHOOL: {name: example("student.enrolled")[name] for name in ("schoolUid", "schoolCode10", "provinceCode")},
    OTHER: {"schoolUid": "SC-73ac495accea", "schoolCode10": "1096240352", "provinceCode": "96"},
}


def told(type: str, school: str, learner: str, **more: Any) -> dict[str, Any]:
    """The example of a type, told by a school of its own learner with that citizen ID."""
    assert citizen_id_ok(learner)
    return event(type, school, example(type) | PLACES[school] | {"idType": "CITIZEN_ID", "idValue": learner} | more)


@dataclass(frozen=True)
class Waiting:
    """What waits in vain from before the first test on: one test after another need not wait for its time to run out.

    ``left`` is a withdrawal of a learner whom nobody ever enrols, ``claim`` the enrolment of a learner whom ``OTHER``
    never lets go.
    """

    left: dict[str, Any]
    claim: dict[str, Any]


@pytest.fixture(scope="session", autouse=True)
def waiting(shared: Running) -> Waiting:
    held = told("student.enrolled", OTHER, "9900007681025", entryDate="2025-05-16")
    claim = told("student.enrolled", SCHOOL, "9900007681025", entryDate="2025-06-02")
    left = told("student.withdrawn", SCHOOL, "9900007680835", exitDate="2025-06-02")
    assert shared.publish(OTHER, held) == ["accepted"]
    eventually(lambda: held["id"] in {header(one, "ce_id") for one in shared.read("record.student")})
    assert shared.publish(SCHOOL, claim, left) == ["accepted"] * 2
    return Waiting(left, claim)
