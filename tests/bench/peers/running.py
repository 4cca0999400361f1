"""The peers as processes: how each is started, timed while it works, and held against what must come out."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import confluent_kafka
import psutil
from tests.bench.peers import work

from saan.embedded import java
from saan.embedded.child import Child

ROOT: Final = Path(__file__).parents[3]
PROJECT: Final = Path(__file__).parent / "java"
JAVA: Final = {"kafka-streams": "peers.Streams", "java": "peers.Plain"}
SAAN: Final = ("reference", "compiled")
PATIENCE: Final = 300.0
"""Seconds that a peer is given for the whole input."""
_WARM: Final = 1 / 3
"""The share of the input before the clock starts: compilers and joins of groups are over by then."""
_LOOK: Final = 0.1


class Lacking(Exception):
    """A peer cannot be had here; the text says what is missing."""


@dataclass(frozen=True, slots=True)
class Timed:
    """One run of one peer. Times are in seconds; processor time is that of all threads, compilers included."""

    peer: str
    records: int
    seconds: float
    cpu: float
    broker_cpu: float
    rss_mb: int
    verified: bool


def prepare_java() -> None:
    """Build the Java peers, unless they are built from these sources. Raises ``Lacking``."""
    jar, sources = PROJECT / "target" / "peers-1.jar", [PROJECT / "pom.xml", *PROJECT.rglob("*.java")]
    if jar.exists() and jar.stat().st_mtime > max(one.stat().st_mtime for one in sources):
        return
    if shutil.which("mvn") is None:
        raise Lacking("the Java peers are built with Maven; install it (`mvn`) and a JDK of 17 or newer")
    command = ["mvn", "-q", "-B", "package", "dependency:copy-dependencies", "-DoutputDirectory=target/lib"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=900, check=False)
    if done.returncode != 0:
        raise Lacking(f"Maven could not build the Java peers: {done.stdout[-400:]}{done.stderr[-400:]}")


def command(peer: str, bootstrap: str, group: str, folder: Path, schema: Path) -> list[str]:
    """The command line of a peer."""
    if peer in JAVA:
        target = PROJECT / "target"
        limits = ["-Xmx1g", "-Xms1g", "-XX:+UseSerialGC", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"]
        program = ["-cp", f"{target / 'peers-1.jar'}:{target / 'lib'}/*", JAVA[peer]]
        return [str(java.binary()), *limits, *program, bootstrap, group, str(folder), str(schema)]
    return [sys.executable, "-m", "tests.bench.peers.hop", peer, bootstrap, group, str(folder)]


class Bench:
    """One preloaded topic on one broker, and what must come out of it."""

    def __init__(self, bootstrap: str, broker: int, folder: Path, schema: Path, truth: work.Outcome) -> None:
        """`broker` is the process of the broker; each peer gets a folder of its own in `folder`."""
        self._bootstrap, self._broker, self._folder, self._schema = bootstrap, psutil.Process(broker), folder, schema
        self._truth, self._records, self._runs = truth, sum(truth.records.values()), 0

    def run(self, peer: str) -> Timed:
        """Let a peer work off the whole input, timed after its first third; then read what it wrote."""
        self._runs += 1
        group = f"{peer}-{self._runs}"
        folder = self._folder / group
        folder.mkdir()
        reader = _reader(self._bootstrap)
        marks = _ends(reader, work.OUTPUTS)
        child = Child(
            group,
            command(peer, self._bootstrap, group, folder, self._schema),
            log=self._folder / f"{group}.log",
            environment={**os.environ, "PYTHONPATH": str(ROOT), "MALLOC_ARENA_MAX": "2"},
        )
        try:
            own = psutil.Process(child.pid)
            own.cpu_affinity(sorted(os.sched_getaffinity(0) if os.cpu_count() == 1 else {(os.cpu_count() or 1) - 1}))
            timed = self._time(peer, group, child, own)
        finally:
            child.stop(20)
        found = _outcome(reader, marks, self._records)
        reader.close()
        shutil.rmtree(folder, ignore_errors=True)
        return Timed(*timed, verified=found == self._truth)

    def _time(
        self, peer: str, group: str, child: Child, own: psutil.Process
    ) -> tuple[str, int, float, float, float, int]:
        asking = confluent_kafka.Consumer({"bootstrap.servers": self._bootstrap, "group.id": group})
        places = [confluent_kafka.TopicPartition(work.INPUT, number) for number in range(work.PARTITIONS)]

        def done() -> int:
            return sum(max(place.offset, 0) for place in asking.committed(places, timeout=30))

        def spent() -> tuple[float, float, float]:
            return time.monotonic(), sum(own.cpu_times()[:2]), sum(self._broker.cpu_times()[:2])

        deadline = time.monotonic() + PATIENCE
        begun: tuple[int, tuple[float, float, float]] | None = None
        ends = sum(_ends(asking, (work.INPUT,)).values())
        while (now := done()) < ends:
            if child.exit_code is not None or time.monotonic() > deadline:
                said = child.log.read_text(errors="replace")[-1500:]
                raise RuntimeError(f"{peer} ended, or was not done in {PATIENCE:.0f} s: {said}")
            if begun is None and now >= self._records * _WARM:
                begun = now, spent()
            time.sleep(_LOOK)
        assert begun is not None, "the whole input was committed at once: give more records"
        last, rss = spent(), own.memory_info().rss >> 20
        asking.close()
        seconds, cpu, broker = (after - before for after, before in zip(last, begun[1], strict=True))
        return peer, now - begun[0], seconds, cpu, broker, rss


def _reader(bootstrap: str) -> confluent_kafka.Consumer:
    return confluent_kafka.Consumer(
        {
            "bootstrap.servers": bootstrap,
            "group.id": "bench-verify",
            "enable.auto.commit": False,
            "isolation.level": "read_committed",
            "auto.offset.reset": "earliest",
        }
    )


def _ends(consumer: confluent_kafka.Consumer, topics: Sequence[str]) -> dict[tuple[str, int], int]:
    places = [confluent_kafka.TopicPartition(topic, number) for topic in topics for number in range(work.PARTITIONS)]
    return {(one.topic, one.partition): consumer.get_watermark_offsets(one, timeout=30)[1] for one in places}


def _outcome(reader: confluent_kafka.Consumer, marks: Mapping[tuple[str, int], int], most: int) -> work.Outcome:
    """What was committed behind the marks; records beyond those that must be there are waited for a little."""
    reader.assign([confluent_kafka.TopicPartition(topic, number, at) for (topic, number), at in marks.items()])
    found, read, quiet = work.Outcome(), 0, 0
    while quiet < (2 if read >= most else 10):
        messages = reader.consume(20_000, 1.0)
        quiet = 0 if messages else quiet + 1
        for one in messages:
            if one.error():
                raise RuntimeError(str(one.error()))
            reason = dict(one.headers() or ()).get(work.REASON)
            found.add(one.topic(), one.key(), one.value(), None if reason is None else reason.decode())
        read += len(messages)
    return found
