"""How soon records flow again after a station was asked to stop, or killed: seconds, by station and signal.

    python tests/bench/bench_restart.py [rounds] [station …]

Starts a whole exchange. One school publishes into its own outbox and another one posts to the gateway, twenty events a
second each; a consumer of another client library reads the canonical log with `read_committed`. For every strike:
`gone` until the process has ended, `next` until its successor is named in `endpoints.json`, `flows` until both schools
had something in the log that they handed in after the signal, and what that took just before the signal (`usual`). A
strike waits until the station has a successor that stands ready; the load of the machine is printed with the figures.
"""

import asyncio
import os
import signal
import statistics
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import confluent_kafka
import httpx
import psutil

from saan.exchange import endpoints as places
from saan.exchange.applying import applying
from saan.exchange.endpoints import Endpoints
from saan.exchange.run import Exchange
from saan.wire import files, world
from saan.wire.avro import Codec
from saan.wire.credentials import Vault
from saan.wire.record import frame
from saan.wire.registrar import Registrar
from saan.wire.settings import Settings

EVENT = "student.enrolled"
BY_KAFKA, BY_HTTP = "sis-96022001", "sis-96012007"
SCHOOLS = {BY_KAFKA: ("SC-73ac495accea", "1096240352"), BY_HTTP: ("SC-ce35ce724f35", "1096240356")}
EVERY = 0.05
STEADY = 6.0
"""Seconds of undisturbed flow before each strike."""
PATIENCE = 60.0

Send = Callable[[dict[str, Any]], None]


class Flow:
    """When each event was handed in first and when it was seen in the log, by publisher."""

    def __init__(self) -> None:
        self.sent: dict[str, dict[str, float]] = {source: {} for source in SCHOOLS}
        self.seen: dict[str, float] = {}

    def since(self, moment: float) -> float | None:
        """Seconds until every publisher's first arrival of something handed in after ``moment``."""
        firsts = []
        for sent in self.sent.values():
            came = [self.seen[id] for id, at in list(sent.items()) if at >= moment and id in self.seen]
            firsts.append(min(came, default=None))
        return None if None in firsts else max(one for one in firsts if one is not None) - moment


def publishing(source: str, data: dict[str, Any], send: Send, flow: Flow, stop: threading.Event) -> None:
    school, code = SCHOOLS[source]
    while not stop.is_set():
        id = str(uuid.uuid4())
        stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        event = {"specversion": "1.0", "id": id, "type": EVENT, "source": source, "time": stamp}
        flow.sent[source][id] = time.time()
        send({**event, "data": {**data, "schoolUid": school, "schoolCode10": code, "curriculumId": None}})
        stop.wait(EVERY)


def by_kafka(endpoints: Endpoints, vault: Vault, codec: Codec, id: int) -> Send:
    held = vault.read(BY_KAFKA)
    producer = confluent_kafka.Producer(
        {
            "bootstrap.servers": endpoints.bootstrap_sasl,
            "security.protocol": "SASL_PLAINTEXT",
            "sasl.mechanism": "SCRAM-SHA-512",
            "sasl.username": held.user,
            "sasl.password": held.password,
            "linger.ms": 1,
        }
    )

    def send(event: dict[str, Any]) -> None:
        data = codec.from_json(event["data"])
        assert isinstance(data, dict)
        headers = [(f"ce_{k}", v.encode()) for k, v in event.items() if k != "data"]
        producer.produce(f"outbox.{BY_KAFKA}", frame(id, codec.encode(data)), event["id"].encode(), headers=headers)
        producer.poll(0)

    return send


def by_http(endpoints: Endpoints, vault: Vault, stop: threading.Event) -> Send:
    token = {"Authorization": f"Bearer {vault.read(BY_HTTP).token}", "Content-Type": "application/cloudevents+json"}
    http = httpx.Client(base_url=endpoints.gateway, headers=token, timeout=3.0)

    def send(event: dict[str, Any]) -> None:
        while not stop.is_set():
            try:
                if http.post("/v1/events", json=event).status_code == 202:
                    return
            except httpx.TransportError:
                pass  # the gateway is what is being restarted
            stop.wait(EVERY)

    return send


def arrivals(endpoints: Endpoints, flow: Flow, stop: threading.Event) -> None:
    consumer = confluent_kafka.Consumer(
        {
            "bootstrap.servers": endpoints.bootstrap,
            "group.id": "bench-restart",
            "isolation.level": "read_committed",
            "enable.auto.commit": False,
            "fetch.wait.max.ms": 50,
        }
    )
    parts = consumer.list_topics("record.student").topics["record.student"].partitions
    consumer.assign([confluent_kafka.TopicPartition("record.student", n, confluent_kafka.OFFSET_END) for n in parts])
    while not stop.is_set():
        for message in consumer.consume(500, 0.01):
            if message.error() is None:
                flow.seen[dict(message.headers() or ())["ce_id"].decode()] = time.time()
    consumer.close()


def until(true: Callable[[], bool]) -> float | None:
    """When it became true; ``None`` when it did not in time."""
    deadline = time.time() + PATIENCE
    while time.time() < deadline:
        if true():
            return time.time()
        time.sleep(0.02)
    return None


def stands_ready(folder: Path, station: str) -> bool:
    """Whether the process that is to follow waits for nothing but its turn."""
    log = folder / "logs" / f"{station}.next.log"
    return f"{station}.next" in current(folder).pids and log.exists() and "turn.waits" in log.read_text("utf-8")


def strike(folder: Path, flow: Flow, station: str, number: signal.Signals) -> dict[str, float | None]:
    until(lambda: stands_ready(folder, station) and flow.since(time.time() - STEADY / 2) is not None)
    time.sleep(STEADY)
    usual = flow.since(time.time() - STEADY / 2)
    pid = current(folder).pids[station]
    struck = time.time()
    os.kill(pid, number)
    gone = until(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    following = until(lambda: current(folder).pids.get(station, pid) != pid)
    until(lambda: flow.since(struck) is not None)
    after = {"gone": gone, "next": following}
    return {
        **{name: None if at is None else at - struck for name, at in after.items()},
        "flows": flow.since(struck),
        "usual": usual,
    }


def current(folder: Path) -> Endpoints:
    found = places.read(folder)
    assert found is not None
    return found


def measure(folder: Path, flow: Flow, rounds: int, stations: list[str]) -> None:
    for station in stations:
        for number in (signal.SIGTERM, signal.SIGKILL):
            told = [strike(folder, flow, station, number) for _ in range(rounds)]
            figures = []
            for name in told[0]:
                values = [one if one is not None else float("inf") for one in (line[name] for line in told)]
                figures.append(f"{name} {statistics.median(values):5.2f} (worst {max(values):5.2f})")
            print(f"{station:10} {number.name:8} {'  '.join(figures)}  load {os.getloadavg()[0]:.0f}", flush=True)


@contextmanager
def at_work(endpoints: Endpoints, vault: Vault) -> Iterator[Flow]:
    event = world.build(files.read(files.default_folder()).entities()).events[EVENT]
    codec, data = Codec(event.schema), event.examples["accepted"][0]["data"]
    with Registrar(endpoints.registry) as registrar:
        id = registrar.versions(event.record)[-1].id
    stop, flow = threading.Event(), Flow()
    ways = {BY_KAFKA: by_kafka(endpoints, vault, codec, id), BY_HTTP: by_http(endpoints, vault, stop)}
    threads = [threading.Thread(target=arrivals, args=(endpoints, flow, stop))]
    threads += [threading.Thread(target=publishing, args=(s, data, send, flow, stop)) for s, send in ways.items()]
    for thread in threads:
        thread.start()
    try:
        yield flow
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def memory() -> str:
    """What all processes below this one hold, shared pages counted in every one of them."""
    below = psutil.Process().children(recursive=True)
    return f"{sum(one.memory_info().rss for one in below) / 2**20:,.0f} MiB in {len(below)} processes"


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    stations = sys.argv[2:] or ["validator", "router", "gateway"]
    entities = files.read(files.default_folder()).entities()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = Settings(dir=folder)
        exchange = Exchange(settings, applying(entities, settings))
        endpoints = exchange.start()
        loop, stop = asyncio.new_event_loop(), asyncio.Event()
        watching = threading.Thread(target=loop.run_until_complete, args=(exchange.watch(stop),))
        watching.start()
        try:
            with at_work(endpoints, Vault(folder / "credentials")) as flow:
                measure(folder, flow, rounds, stations)
                print(f"resident   {memory()}", flush=True)
        finally:
            loop.call_soon_threadsafe(stop.set)
            watching.join()
            exchange.stop()


if __name__ == "__main__":
    os.environ["SAAN_LOG_LEVEL"] = "INFO"  # a successor says in its log that it stands ready
    main()
