"""The peers as processes: how each is started, timed while it works, and held against what must come out."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import confluent_kafka
import psutil
from tests.bench.peers import work

from saan.embedded import java
from saan.embedded.child import Child

ROOT: Final = Path(__file__).parents[3]
PROJECT: Final = Path(__file__).parent / "java"
JAVA: Final = {"kafka-streams": "peers.Streams", "java": "peers.Plain", "kafka-streams path": "peers.Path"}
PATIENCE: Final = 300.0
"""Seconds that a peer is given for the whole input."""
_WARM: Final = 1 / 3
"""The share of the input before the clock starts: compilers and joins of groups are over by then."""
_LOOK: Final = 0.1
_QUIET: Final = 1.0
"""Seconds without a commit after which all is done, if all was read. The clock ends with the last commit."""
_MARKERS: Final = 8
"""Offsets at the end of a partition that markers of transactions may take, which nobody commits."""
_APPOINTING: Final = (
    confluent_kafka.KafkaError.NOT_COORDINATOR,
    confluent_kafka.KafkaError.COORDINATOR_NOT_AVAILABLE,
    confluent_kafka.KafkaError.COORDINATOR_LOAD_IN_PROGRESS,
)


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


def command(peer: str, bootstrap: str, group: str, folder: Path, schema: tuple[Path, int]) -> list[str]:
    """The command line of a peer; `schema` is the file with the schema, and the id that records name it by."""
    if peer in JAVA:
        target = PROJECT / "target"
        limits = ["-Xmx1g", "-Xms1g", "-XX:+UseSerialGC", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"]
        program = ["-cp", f"{target / 'peers-1.jar'}:{target / 'lib'}/*", JAVA[peer]]
        return [str(java.binary()), *limits, *program, bootstrap, group, str(folder), *map(str, schema)]
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
        reading = reader(self._bootstrap)
        marks = _ends(reading, work.OUTPUTS)
        child = Child(
            group,
            command(peer, self._bootstrap, group, folder, (self._schema, work.SCHEMA_ID)),
            log=self._folder / f"{group}.log",
            environment={**os.environ, "PYTHONPATH": str(ROOT), "MALLOC_ARENA_MAX": "2"},
        )
        try:
            timed = watched(peer, child, self._bootstrap, group, (work.INPUT,), self._broker)
        finally:
            child.stop(20)
        found = _outcome(reading, marks, self._records)
        reading.close()
        shutil.rmtree(folder, ignore_errors=True)
        return replace(timed, verified=found == self._truth)


def pinned(child: Child) -> psutil.Process:
    """The process, held to the last core where there are several."""
    own = psutil.Process(child.pid)
    cores = os.cpu_count() or 1
    if cores > 1:
        own.cpu_affinity([cores - 1])
    return own


def watched(
    peer: str, child: Child, bootstrap: str, group: str, topics: Sequence[str], broker: psutil.Process
) -> Timed:
    """Time a process until its group has committed all there is in the topics; what it wrote is still to be verified.

    A topic may come into being meanwhile, and grow until those before it are worked off. What counts are the records of
    the first.
    """
    own = pinned(child)
    asking = confluent_kafka.Consumer({"bootstrap.servers": bootstrap, "group.id": group})

    def spent() -> tuple[float, float, float]:
        return time.monotonic(), sum(own.cpu_times()[:2]), sum(broker.cpu_times()[:2])

    deadline, there = time.monotonic() + PATIENCE, places(asking, topics)
    begun: tuple[int, tuple[float, float, float]] | None = None
    committed: dict[tuple[str, int], int] = {}
    last, now = spent(), 0
    first = sum(_ends(asking, topics[:1]).values())
    while True:
        if len({one.topic for one in there}) < len(topics):
            there = places(asking, topics)
        found = _committed(asking, there)
        if found != committed:
            committed, last = found, spent()
            now = sum(offset for (topic, _), offset in committed.items() if topic == topics[0])
        if begun is None and now >= first * _WARM:
            begun = now, last
        quiet = time.monotonic() - last[0] > _QUIET and len({one.topic for one in there}) == len(topics)
        if quiet and all(committed.get(place, 0) >= end - _MARKERS for place, end in _ends(asking, topics).items()):
            break
        if child.exit_code is not None or time.monotonic() > deadline:
            said = child.log.read_text(errors="replace")[-1500:]
            raise RuntimeError(f"{peer} ended, or was not done in {PATIENCE:.0f} s: {said}")
        time.sleep(_LOOK)
    rss = own.memory_info().rss >> 20
    asking.close()
    assert begun is not None, "the whole input was committed at once: give more records"
    seconds, cpu, used = (after - before for after, before in zip(last, begun[1], strict=True))
    return Timed(peer, now - begun[0], seconds, cpu, used, rss, verified=False)


def _committed(
    asking: confluent_kafka.Consumer, there: list[confluent_kafka.TopicPartition]
) -> dict[tuple[str, int], int]:
    """How far the group has come; nowhere while the broker still appoints who keeps its offsets."""
    try:
        return {(one.topic, one.partition): max(one.offset, 0) for one in asking.committed(there, timeout=30)}
    except confluent_kafka.KafkaException as error:
        if error.args[0].code() not in _APPOINTING:
            raise
        return {}


def reader(bootstrap: str) -> confluent_kafka.Consumer:
    return confluent_kafka.Consumer(
        {
            "bootstrap.servers": bootstrap,
            "group.id": "bench-verify",
            "enable.auto.commit": False,
            "isolation.level": "read_committed",
            "auto.offset.reset": "earliest",
        }
    )


def places(consumer: confluent_kafka.Consumer, topics: Sequence[str]) -> list[confluent_kafka.TopicPartition]:
    """The partitions of those topics that there are, each from its beginning."""
    known = consumer.list_topics(timeout=30).topics
    return [
        confluent_kafka.TopicPartition(name, n, 0) for name in topics if name in known for n in known[name].partitions
    ]


def _ends(consumer: confluent_kafka.Consumer, topics: Sequence[str]) -> dict[tuple[str, int], int]:
    there = places(consumer, topics)
    return {(one.topic, one.partition): consumer.get_watermark_offsets(one, timeout=30)[1] for one in there}


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
