"""From publishing to lying in an inbox, at a fixed rate: p50, p95, p99 in milliseconds, by Kafka and by HTTP.

    python tests/bench/bench_latency.py [events per second] [seconds]

Starts a whole exchange. One school publishes `student.enrolled` into its own outbox, another one posts single events to
the gateway; a consumer of another client library reads the provincial office's inbox with `read_committed`. Both
clocks are this machine's.
"""

import asyncio
import os
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import confluent_kafka
import httpx

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
LEARNERS = {BY_KAFKA: "9900007680673", BY_HTTP: "9900007680665"}
"""One each: nobody is enrolled at two schools."""
WARM_UP = 10.0

Send = Callable[[dict[str, Any]], None]


def paced(send: Send, source: str, data: dict[str, Any], rate: int, seconds: float) -> dict[str, float]:
    """Send that many events a second for so long; when each was handed over, by id. The first ones warm up."""
    school, code = SCHOOLS[source]
    sent: dict[str, float] = {}
    begun, n = time.monotonic(), 0
    while (now := time.monotonic()) < begun + WARM_UP + seconds:
        while n < (now - begun) * rate:
            id, n = str(uuid.uuid4()), n + 1
            if now > begun + WARM_UP:
                sent[id] = time.time()
            stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
            event = {"specversion": "1.0", "id": id, "type": EVENT, "source": source, "time": stamp}
            own = {"schoolUid": school, "schoolCode10": code, "idValue": LEARNERS[source], "curriculumId": None}
            send({**event, "data": {**data, **own}})
        time.sleep(0.001)
    return sent


def by_kafka(endpoints: Endpoints, vault: Vault, codec: Codec, id: int) -> tuple[Send, Callable[[], object]]:
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

    return send, lambda: producer.flush(30)


def by_http(endpoints: Endpoints, vault: Vault) -> tuple[Send, Callable[[], object]]:
    token = {"Authorization": f"Bearer {vault.read(BY_HTTP).token}", "Content-Type": "application/cloudevents+json"}
    http = httpx.Client(base_url=endpoints.gateway, headers=token)
    turns = threading.Semaphore(16)
    workers: list[threading.Thread] = []

    def post(event: dict[str, Any]) -> None:
        with turns:
            assert http.post("/v1/events", json=event).status_code == 202

    def send(event: dict[str, Any]) -> None:
        workers.append(threading.Thread(target=post, args=(event,)))
        workers[-1].start()

    def finish() -> None:
        for worker in workers:
            worker.join()
        http.close()

    return send, finish


def arrivals(endpoints: Endpoints, seen: dict[str, float], stop: threading.Event) -> None:
    consumer = confluent_kafka.Consumer(
        {
            "bootstrap.servers": endpoints.bootstrap,
            "group.id": "bench-latency",
            "isolation.level": "read_committed",
            "enable.auto.commit": False,
            "fetch.wait.max.ms": 50,
        }
    )
    consumer.assign([confluent_kafka.TopicPartition("inbox.peo-96", 0, confluent_kafka.OFFSET_END)])
    while not stop.is_set():
        for message in consumer.consume(500, 0.01):
            if message.error() is None:
                seen[dict(message.headers() or ())["ce_id"].decode()] = time.time()
    consumer.close()


def report(name: str, rate: int, sent: dict[str, float], seen: dict[str, float]) -> None:
    taken = sorted((seen[id] - at) * 1000 for id, at in sent.items() if id in seen)
    p = [taken[min(len(taken) - 1, int(len(taken) * q))] for q in (0.5, 0.95, 0.99)]
    print(
        f"{name:6} {rate:5} events/s  {len(taken):,} of {len(sent):,} arrived  "
        f"p50 {p[0]:.0f} ms  p95 {p[1]:.0f} ms  p99 {p[2]:.0f} ms",
        flush=True,
    )


def measure(endpoints: Endpoints, vault: Vault, rate: int, seconds: float) -> None:
    event = world.build(files.read(files.default_folder()).entities()).events[EVENT]
    codec = Codec(event.schema)
    data = event.examples["accepted"][0]["data"]
    with Registrar(endpoints.registry) as registrar:
        id = registrar.versions(event.record)[-1].id
    ways = {BY_KAFKA: by_kafka(endpoints, vault, codec, id), BY_HTTP: by_http(endpoints, vault)}
    for source, (send, finish) in ways.items():
        seen: dict[str, float] = {}
        stop = threading.Event()
        reader = threading.Thread(target=arrivals, args=(endpoints, seen, stop))
        reader.start()
        sent = paced(send, source, data, rate, seconds)
        finish()
        deadline = time.monotonic() + 20
        while not sent.keys() <= seen.keys() and time.monotonic() < deadline:
            time.sleep(0.1)
        stop.set()
        reader.join()
        report("Kafka" if source == BY_KAFKA else "HTTP", rate, sent, seen)


def main() -> None:
    rate = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 20.0
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
            measure(endpoints, Vault(folder / "credentials"), rate, seconds)
        finally:
            loop.call_soon_threadsafe(stop.set)
            watching.join()
            exchange.stop()


if __name__ == "__main__":
    os.environ.setdefault("SAAN_LOG_LEVEL", "WARNING")
    main()
