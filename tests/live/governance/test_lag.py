"""Lag is told in time, and is nothing once all records are read, whatever markers follow."""

import json
import os
import subprocess
import sys
import time
import uuid
from pathlib import Path
from typing import Any

from confluent_kafka import Consumer, Producer

from saan.embedded import Engine
from saan.wire.cluster import Cluster, Topic
from saan.wire.lag import LagMeter


def publish(bootstrap: str, topic: str, count: int) -> None:
    """One record per transaction, so that every record has a marker behind it."""
    producer = Producer({"bootstrap.servers": bootstrap, "transactional.id": uuid.uuid4().hex, "log_level": 0})
    producer.init_transactions(30)
    for number in range(count):
        producer.begin_transaction()
        producer.produce(topic, str(number).encode(), b"key")
        producer.commit_transaction(10)


def read(consumer: Any, count: int) -> None:
    """Read and commit so many records."""
    deadline = time.monotonic() + 20
    while count:
        assert time.monotonic() < deadline
        record = consumer.poll(0.2)
        if record is not None and record.error() is None:
            consumer.commit(record, asynchronous=False)
            count -= 1


def test_lag_is_the_age_of_the_first_unread_record(kafka: str) -> None:
    tag = uuid.uuid4().hex[:8]
    topic, group = f"{tag}.lag", f"{tag}-readers"
    Cluster(kafka).create([Topic(topic, 1)])
    publish(kafka, topic, 3)
    meter = LagMeter(kafka)
    settings = {"bootstrap.servers": kafka, "group.id": group, "auto.offset.reset": "earliest", "log_level": 0}
    consumer = Consumer({**settings, "isolation.level": "read_committed", "enable.auto.commit": False})
    consumer.subscribe([topic])
    try:
        assert meter.of(group) == []

        read(consumer, 1)
        (one,) = meter.of(group)
        assert one.since is not None
        assert 0 <= one.seconds(int(time.time() * 1000)) < 60
        assert one.seconds(one.since + 2500) == 2.5

        read(consumer, 2)
        (done,) = meter.of(group)
        assert done.committed < done.end  # a marker is left, which nobody reads
        assert done.since is None
        assert done.seconds(int(time.time() * 1000)) == 0.0
        assert group in meter.groups()
    finally:
        consumer.close()


def test_a_station_that_falls_too_far_behind_is_marked_and_makes_the_check_fail(kafka: str, tmp_path: Path) -> None:
    tag = uuid.uuid4().hex[:8]
    topic = f"{tag}.lag"
    Cluster(kafka).create([Topic(topic, 1)])
    publish(kafka, topic, 2)
    for group in (f"saan-{tag}", f"{tag}.reader"):
        settings = {"bootstrap.servers": kafka, "group.id": group, "auto.offset.reset": "earliest", "log_level": 0}
        consumer = Consumer({**settings, "enable.auto.commit": False})
        consumer.subscribe([topic])
        read(consumer, 1)
        consumer.close()

    def asked(*options: str, alarm: str) -> "subprocess.CompletedProcess[str]":
        command = [Path(sys.executable).parent / "saan", "lag", "--dir", tmp_path, *options]
        named = {"SAAN_BOOTSTRAP": kafka, "SAAN_LAG_ALARM_SECONDS": alarm}
        return subprocess.run(
            command, capture_output=True, text=True, timeout=60, check=False, env={**os.environ, **named}
        )

    patient = asked("--json", alarm="1000000")
    strict = asked("--check", "--json", alarm="0.001")

    assert patient.returncode == 0, patient.stderr
    assert not any(row["late"] for row in json.loads(patient.stdout))
    assert strict.returncode == 1, strict.stderr
    assert {row["group"]: row["late"] for row in json.loads(strict.stdout) if row["topic"] == topic} == {
        f"saan-{tag}": True,
        f"{tag}.reader": True,
    }
    shown = asked(alarm="0.001")
    assert (shown.returncode, "LATE" in shown.stdout) == (0, True)


def test_a_group_that_nobody_knows_has_no_lag(kafka: str) -> None:
    assert LagMeter(kafka).of(uuid.uuid4().hex) == []


def test_a_cluster_that_never_had_a_group_answers_that_nobody_read(tmp_path: Path, engine_cache: Path | None) -> None:
    # The client library's own call for this ends the whole process: so a process of its own asks.
    asks = "import sys; from saan.wire.lag import LagMeter; print(LagMeter(sys.argv[1]).committed('nobody'))"
    with Engine(tmp_path, engine_cache, registry=False) as fresh:
        command = [sys.executable, "-c", asks, fresh.endpoints.bootstrap]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert (done.returncode, done.stdout.strip()) == (0, "{}")
