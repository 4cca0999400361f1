"""Apache Kafka on this machine: one node, or three that replicate, each broker and controller at once.

A node listens three times on the loopback address:

- PLAINTEXT for the stations, which are trusted because they run here (`User:ANONYMOUS` is a super user);
- PARTICIPANTS for everybody else: SASL with SCRAM-SHA-512, and nothing allowed that no ACL allows;
- CONTROLLER for the nodes among themselves.
"""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from saan.embedded import java, probe
from saan.embedded.errors import EngineError
from saan.embedded.ports import HOST

HEAP_MB = 192
LISTENERS = ("PLAINTEXT", "PARTICIPANTS", "CONTROLLER")

# What a broker needs to know and never changes between folders, nodes or sizes.
_FIXED = {
    "process.roles": "broker,controller",
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,PARTICIPANTS:SASL_PLAINTEXT",
    "controller.listener.names": "CONTROLLER",
    "inter.broker.listener.name": "PLAINTEXT",
    "listener.name.participants.sasl.enabled.mechanisms": "SCRAM-SHA-512",
    # Without its JAAS line the listener, and with it the broker, does not start.
    "listener.name.participants.scram-sha-512.sasl.jaas.config": (
        "org.apache.kafka.common.security.scram.ScramLoginModule required;"
    ),
    "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
    "super.users": "User:ANONYMOUS",
    "allow.everyone.if.no.acl.found": "false",
    "auto.create.topics.enable": "false",
    "unclean.leader.election.enable": "false",
    "group.initial.rebalance.delay.ms": "0",
    "num.partitions": "4",
    "offsets.topic.num.partitions": "8",
    "transaction.state.log.num.partitions": "8",
    "share.coordinator.state.topic.num.partitions": "1",
    # A coordinator reads these logs whole when it begins, and what is compacted is short. A broker that comes back
    # alone begins twice within half a second; a second reading that finds the first under way ends in a wrong state.
    "offsets.topic.segment.bytes": "1048576",
    "transaction.state.log.segment.bytes": "1048576",
    # Kafka's default, and no less: a broker that comes back looks for the first time after this long. One that looked
    # before it leads its partitions again called transactions aborted without writing their markers; the next
    # transaction of the same producer then made what they had left behind visible, and readers had it twice.
    "transaction.abort.timed.out.transaction.cleanup.interval.ms": "10000",
    # A school holiday must not make a consumer group forget where it was.
    "offsets.retention.minutes": "86400",
    "log.retention.hours": "168",
    "log.segment.bytes": "134217728",
    # After a crash a node may come back only when its old session is over.
    "broker.session.timeout.ms": "3000",
    "broker.heartbeat.interval.ms": "500",
    # The sizes of a small machine: the defaults ask for 128 MB for cleaning and admit a request of 100 MB.
    "num.network.threads": "2",
    "num.io.threads": "4",
    "log.cleaner.dedupe.buffer.size": "16777216",
    "socket.request.max.bytes": "33554432",
}

_LOGGING = """\
status = error
name = broker
appender.file.type = RollingFile
appender.file.name = file
appender.file.fileName = {log}
appender.file.filePattern = {log}.%i
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = %d %p %m (%c)%n
appender.file.policies.type = SizeBasedTriggeringPolicy
appender.file.policies.size = 10MB
appender.file.strategy.type = DefaultRolloverStrategy
appender.file.strategy.max = 3
rootLogger.level = info
rootLogger.appenderRef.file.ref = file
# These write a page per start, or lines per partition or per transaction.
logger.config.name = org.apache.kafka.common.config
logger.config.level = warn
logger.broker.name = kafka.server.KafkaConfig
logger.broker.level = warn
logger.transactions.name = kafka.coordinator.transaction
logger.transactions.level = warn
logger.states.name = state.change.logger
logger.states.level = warn
logger.partitions.name = kafka.cluster
logger.partitions.level = warn
logger.logs.name = org.apache.kafka.storage.internals.log
logger.logs.level = warn
"""


@dataclass(frozen=True, slots=True)
class Node:
    """One broker: its number from 1, its name as a child, its folder, and its port per listener.

    ``advertised`` are the ports by which others find a listener that has something in front of it.
    """

    number: int
    name: str
    folder: Path
    ports: dict[str, int]
    advertised: Mapping[str, int] = field(default_factory=dict)

    def found_at(self, listener: str) -> str:
        """Host and port by which others reach a listener."""
        return f"{HOST}:{self.advertised.get(listener, self.ports[listener])}"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "broker.log"

    @property
    def output(self) -> Path:
        """What Java itself says: the reason when a broker does not come up."""
        return self.folder / "output.log"

    @property
    def settings(self) -> Path:
        return self.folder / "server.properties"


def names(brokers: int) -> list[str]:
    """The names of the nodes: ``kafka`` when there is one, ``kafka-1`` … when there are more."""
    return ["kafka"] if brokers == 1 else [f"kafka-{number}" for number in range(1, brokers + 1)]


def bootstrap(nodes: Sequence[Node], listener: str) -> str:
    """The bootstrap servers of a listener, as every Kafka client takes them."""
    return ",".join(node.found_at(listener) for node in nodes)


def properties(node: Node, nodes: Sequence[Node]) -> dict[str, str]:
    """The broker's settings. With three nodes every topic has three copies, of which two must be written."""
    copies, needed = (3, 2) if len(nodes) >= 3 else (1, 1)
    listeners = [f"{name}://{HOST}:{node.ports[name]}" for name in LISTENERS]
    return _FIXED | {
        "node.id": str(node.number),
        "controller.quorum.voters": ",".join(f"{one.number}@{HOST}:{one.ports['CONTROLLER']}" for one in nodes),
        "listeners": ",".join(listeners),
        "advertised.listeners": ",".join(f"{name}://{node.found_at(name)}" for name in LISTENERS[:2]),
        "log.dirs": str(node.data),
        "default.replication.factor": str(copies),
        "min.insync.replicas": str(needed),
        "offsets.topic.replication.factor": str(copies),
        "transaction.state.log.replication.factor": str(copies),
        "transaction.state.log.min.isr": str(needed),
        "share.coordinator.state.topic.replication.factor": str(copies),
        "share.coordinator.state.topic.min.isr": str(needed),
    }


def configure(node: Node, nodes: Sequence[Node]) -> None:
    """Write the node's settings and logging; done at every start, since ports may have changed."""
    node.folder.mkdir(parents=True, exist_ok=True)
    lines = (f"{key}={_escape(value)}\n" for key, value in properties(node, nodes).items())
    node.settings.write_text("".join(lines), encoding="ascii")
    _logging(node).write_text(_LOGGING.format(log=_escape(node.log.as_posix())), encoding="ascii")


def cluster_id(state: Path, brokers: int, folder: Path) -> str:
    """The id of the cluster that lives here, made at the first start and kept in the file `state`.

    Raises EngineError when the data was made for another number of brokers, or `state` cannot be read.
    """
    if not state.exists():
        made = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        state.write_text(json.dumps({"cluster": made, "brokers": brokers}), encoding="ascii")
    try:
        content = json.loads(state.read_bytes())
        known, had = str(content["cluster"]), int(content["brokers"])
    except (ValueError, KeyError, TypeError) as error:
        raise EngineError("engine.unreadable-state", path=state) from error
    if had != brokers:
        raise EngineError("engine.other-size", path=folder, had=had, wanted=brokers)
    return known


def format_arguments(cluster: str, settings: Path) -> list[str]:
    """Kafka's own tool that formats storage. The id is joined to its option: it may begin with a dash."""
    return ["kafka.tools.StorageTool", "format", f"--cluster-id={cluster}", "--config", str(settings)]


def format_storage(nodes: Sequence[Node], cluster: str, class_path: str, temporary: Path) -> None:
    """Format the storage of the nodes that have none yet, side by side. Raises EngineError.

    A stamp is written after each success: storage without one was never used by a broker and is made anew.
    """
    running: list[tuple[Node, subprocess.Popen[bytes]]] = []
    for node in nodes:
        if _formatted(node).exists():
            continue
        shutil.rmtree(node.data, ignore_errors=True)
        tool = ["-cp", class_path, *format_arguments(cluster, node.settings)]
        with node.output.open("wb") as output:
            command = java.command(tool, heap_mb=64, temporary=temporary, properties=_logging_property(node))
            tool_run = subprocess.Popen(command, stdout=output, stderr=output, env=java.ENVIRONMENT)
        running.append((node, tool_run))
    for node, tool_run in running:
        if tool_run.wait() != 0:
            raise EngineError("engine.format-failed", name=node.name, folder=node.folder)
        _formatted(node).write_text(cluster, encoding="ascii")


def command(node: Node, class_path: str, temporary: Path) -> list[str]:
    """The command line of the broker."""
    program = ["-cp", class_path, "kafka.Kafka", str(node.settings)]
    return java.command(program, heap_mb=HEAP_MB, temporary=temporary, properties=_logging_property(node))


def is_ready(node: Node, brokers: int) -> bool:
    """True when the node answers and sees itself and, counting itself, `brokers` brokers at work.

    A node is at work once an elected controller has let it in.
    """
    seen = probe.brokers_seen(node.ports["PLAINTEXT"])
    return node.number in seen and len(seen) >= brokers


def _formatted(node: Node) -> Path:
    return node.folder / "formatted"


def _logging(node: Node) -> Path:
    return node.folder / "log4j2.properties"


def _logging_property(node: Node) -> list[str]:
    return [f"-Dlog4j2.configurationFile={_logging(node)}"]


def _escape(value: str) -> str:
    """A value for a Java properties file, which is Latin-1 with escapes: folders may have Thai names."""
    units = value.replace("\\", "\\\\").encode("utf-16-be")
    pairs = (int.from_bytes(units[at : at + 2], "big") for at in range(0, len(units), 2))
    return "".join(chr(unit) if unit < 0x7F else f"\\u{unit:04x}" for unit in pairs)
