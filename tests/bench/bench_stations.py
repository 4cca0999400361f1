"""Events per second through the validator and through the router, one process and one core each.

    python tests/bench/bench_stations.py [events]

Starts the embedded engine, applies `schemas/`, puts that many `student.enrolled` events of different pupils into
`outbox.gateway`, then lets one validator and after it one router work them off, and prints for each: events, seconds,
events per second of wall clock and of the station's own processor time, and resident memory at the end.
"""

import os
import sys
import tempfile
import time
import uuid
from pathlib import Path

import confluent_kafka
import psutil

from saan.embedded.child import Child
from saan.embedded.engine import Endpoints, Engine
from saan.exchange.applying import applying
from saan.exchange.stations import Ports, command, environment, log_file
from saan.wire import files, world
from saan.wire.avro import Codec
from saan.wire.lag import LagMeter
from saan.wire.record import frame
from saan.wire.registrar import Registrar
from saan.wire.settings import Settings

EVENT = "student.enrolled"
SOURCE = "sis-96012007"
PARTITIONS = 4


def citizen_id(number: int) -> str:
    """A synthetic citizen ID with a right check digit."""
    digits = f"990000{number:06d}"
    total = sum(int(d) * (13 - i) for i, d in enumerate(digits))
    return f"{digits}{(11 - total % 11) % 10}"


def preload(engine: Endpoints, entities: dict[str, dict[str, object]], events: int) -> None:
    event = world.build(entities).events[EVENT]
    codec = Codec(event.schema)
    data = codec.from_json(event.examples["accepted"][0]["data"])
    assert isinstance(data, dict)
    with Registrar(engine.registry) as registrar:
        id = registrar.versions(event.record)[-1].id
    producer = confluent_kafka.Producer(
        {"bootstrap.servers": engine.bootstrap, "linger.ms": 50, "compression.type": "zstd", "batch.size": 1 << 20}
    )
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    for n in range(events):
        value = frame(id, codec.encode({**data, "idValue": citizen_id(n)}))
        attributes = {"specversion": "1.0", "id": str(uuid.uuid4()), "type": EVENT, "source": SOURCE, "time": now}
        headers = [(f"ce_{k}", v.encode()) for k, v in attributes.items()]
        while True:
            try:
                producer.produce("outbox.gateway", value, str(n).encode(), headers=headers)
                break
            except BufferError:
                producer.poll(0.1)
    producer.flush(120)


def measure(name: str, settings: Settings, engine: Endpoints, events: int, topics: list[str]) -> float:
    """Let one process work off ``topics``; the clock begins with its first commit and ends when nothing is unread.

    Prints the figures, and returns the events per second of processor time.
    """
    child = Child(
        name,
        command(name),
        log=log_file(settings.dir, name),
        environment=environment(os.environ, settings, Ports(0, 0), engine.bootstrap, engine.registry),
    )
    try:
        process, meter, group = psutil.Process(child.pid), LagMeter(engine.bootstrap), f"saan-{name}"
        process.cpu_affinity([len(os.sched_getaffinity(0)) - 1])
        ends = meter.ends({(topic, n): 0 for topic in topics for n in range(PARTITIONS)})
        full = {place for place, end in ends.items() if end}
        while not (first := meter.committed(group, topics)):
            time.sleep(0.02)
        begun, base = time.monotonic(), sum(process.cpu_times()[:2])
        while full - meter.committed(group, topics).keys() or any(one.since for one in meter.of(group, topics)):
            time.sleep(0.1)
        seconds, cpu = time.monotonic() - begun, sum(process.cpu_times()[:2]) - base
        share = events * (1 - sum(first.values()) / sum(ends.values()))
        print(
            f"{name:10} {share:9,.0f} events  {seconds:6.1f} s  {share / seconds:8,.0f} events/s  "
            f"{share / cpu:8,.0f} events per CPU second  {process.memory_info().rss / 2**20:5.0f} MiB",
            flush=True,
        )
        return share / cpu
    finally:
        child.stop(10)


def main() -> None:
    events = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    entities = files.read(files.default_folder()).entities()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(dir=Path(folder))
        with Engine(settings.dir, settings.cache) as running:
            engine = running.endpoints
            applying(entities, settings)(engine)
            preload(engine, entities, events)
            measure("validator", settings, engine, events, ["outbox.gateway"])
            measure("router", settings, engine, events, ["checked.student"])


if __name__ == "__main__":
    main()
