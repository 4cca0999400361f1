"""How fast a router that lost its local state has it again: the log of one million learners, one process, one core.

    python tests/bench/bench_rebuild.py [learners]

Starts the embedded engine, applies `schemas/`, writes one `student.enrolled` of that many learners to
`record.student` (all partitions, as the router leaves them), then makes the stores of all partitions anew in this
process, held to one core, and prints: records, seconds, records per second of wall clock and of processor time, what
lies on disk, and resident memory. At the end it opens the stores once more, which replays nothing, and counts them.
"""

import asyncio
import hashlib
import os
import sys
import tempfile
import time
import uuid
from itertools import cycle
from pathlib import Path

import confluent_kafka
import psutil

from saan.embedded.engine import Endpoints, Engine
from saan.exchange.applying import applying
from saan.router.app import desk_for
from saan.router.desk import Desk
from saan.router.handler import fold
from saan.wire import composing, files, world
from saan.wire.avro import Codec
from saan.wire.connection import connection
from saan.wire.governed import Governed
from saan.wire.partition import partition
from saan.wire.record import cloud_event, frame
from saan.wire.registrar import Registrar
from saan.wire.registry import Registry
from saan.wire.replay import catch_up
from saan.wire.settings import Settings
from saan.wire.store import Stores
from saan.wire.transport import TransportSettings

EVENT = "student.enrolled"
DOMAIN, LOG = "student", "record.student"
PARTITIONS = 4
FORMS = 500
"""Different contents: learners of a class have nearly the same record, so compression is as with real ones."""


def preload(engine: Endpoints, entities: dict[str, dict[str, object]], learners: int) -> None:
    """One enrolment of every learner, under headers and key as the router leaves them."""
    event = world.build(entities).events[EVENT]
    codec = Codec(event.schema)
    data = codec.from_json(event.examples["accepted"][0]["data"])
    assert isinstance(data, dict)
    with Registrar(engine.registry) as registrar:
        id = registrar.versions(event.record)[-1].id
    bodies = cycle([frame(id, codec.encode({**data, "idValue": f"{n:013d}"})) for n in range(FORMS)])
    producer = confluent_kafka.Producer(
        {"bootstrap.servers": engine.bootstrap, "linger.ms": 50, "compression.type": "zstd", "batch.size": 1 << 20}
    )
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    for n, value in zip(range(learners), bodies, strict=False):
        subject = f"st-{hashlib.blake2b(n.to_bytes(4), digest_size=16).hexdigest()}"
        told = {"id": str(uuid.UUID(int=n)), "type": EVENT, "source": "sis-96012007", "time": now, "subject": subject}
        key, headers = subject.encode(), list(cloud_event(told))
        while True:
            try:
                producer.produce(LOG, value, key, partition(key, PARTITIONS), headers=headers)
                break
            except BufferError:
                producer.poll(0.1)
    producer.flush(120)


async def rebuild(folder: Path, desk: Desk, kafka: TransportSettings) -> int:
    """Bring the stores of all partitions up to the log, side by side as the router does; the records replayed."""
    stores = Stores(folder)

    async def one(number: int) -> int:
        store = await stores.open(number, DOMAIN)
        replayed = await catch_up(store, DOMAIN, LOG, number, settings=kafka, fold=fold(desk))
        stores.close(number, DOMAIN)
        return replayed

    return sum(await asyncio.gather(*(one(number) for number in range(PARTITIONS))))


async def measure(settings: Settings, learners: int) -> None:
    own, folder = psutil.Process(), settings.state / "learners"
    kafka = composing.transport(settings, "router", settings.state)
    governed = Governed(connection(settings, "bench"), settings.environment)
    async with Registry(settings.registry, settings.schema_cache) as registry:
        await governed.start()
        try:
            await registry.ensure(composing.schema_ids(governed))
            desk = desk_for(governed.world, governed, registry)
            begun, base = time.monotonic(), sum(own.cpu_times()[:2])
            replayed = await rebuild(folder, desk, kafka)
            seconds, cpu = time.monotonic() - begun, sum(own.cpu_times()[:2]) - base
            on_disk = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20
            print(
                f"{replayed:,} records  {seconds:.1f} s  {replayed / seconds:,.0f} records/s  "
                f"{replayed / cpu:,.0f} per CPU second  {on_disk:.0f} MiB on disk  "
                f"{own.memory_info().rss / 2**20:.0f} MiB resident",
                flush=True,
            )
            begun = time.monotonic()
            again = await rebuild(folder, desk, kafka)
            print(f"opened again: {again} replayed in {time.monotonic() - begun:.1f} s", flush=True)
            if replayed != learners or again:
                raise SystemExit(f"{learners:,} learners were written: the figures are worth nothing")
        finally:
            await governed.stop()


def main() -> None:
    learners = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    entities = files.read(files.default_folder()).entities()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(dir=Path(folder))
        with Engine(settings.dir, settings.cache) as running:
            engine = running.endpoints
            settings = settings.model_copy(update={"bootstrap": engine.bootstrap, "registry": engine.registry})
            applying(entities, settings)(engine)
            begun = time.monotonic()
            preload(engine, entities, learners)
            print(f"{learners:,} enrolments written in {time.monotonic() - begun:.0f} s", flush=True)
            # Before any thread or store is made: all of them then stay on this core, and the broker on any.
            os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
            asyncio.run(measure(settings, learners))


if __name__ == "__main__":
    main()
