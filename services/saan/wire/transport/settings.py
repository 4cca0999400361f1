"""What the transport must be told; where the values come from is the station's business."""

from dataclasses import dataclass
from pathlib import Path
from ssl import SSLContext
from typing import Any

LONGEST_TRANSACTION = 900.0
"""Seconds; Kafka's default transaction.max.timeout.ms. A producer that asks for more cannot start."""


@dataclass(frozen=True, slots=True)
class Sasl:
    """Who this process is at the broker. `mechanism` is a SASL name such as `SCRAM-SHA-512`."""

    username: str
    password: str
    mechanism: str = "SCRAM-SHA-512"
    protocol: str = "SASL_PLAINTEXT"

    def __repr__(self) -> str:
        return f"Sasl({self.username!r}, mechanism={self.mechanism!r})"


@dataclass(frozen=True, slots=True)
class TransportSettings:
    """How one station process talks to Kafka. Times are seconds, sizes are bytes."""

    bootstrap: str  # "host:port,host:port"
    group: str  # f"saan-{station}": consumer group, and first part of every transactional id
    data: Path  # folder of this process, for Faust's own files
    client_id: str = "saan"
    positions: Path | None = None  # folder of all processes of the station on this machine: notes of what was committed
    session_timeout: float = 6.0  # below the broker's group.min.session.timeout.ms (6 s) the join fails for ever
    revocation_timeout: float = 4.0  # a running block must end in this time; less than the session timeout
    opening_timeout: float = 20.0  # fencing all partitions of one assignment
    decision_timeout: float = 30.0  # deciding one block
    # Sending and committing one block. A cold broker takes up to 8 s, and so does a cluster that lost one broker of
    # three, controller and all: whoever left before that would only lose the time of a new start on top.
    transaction_timeout: float = 15.0
    stuck_after: float = 30.0  # no progress for so long although the log goes on: the process leaves
    max_block: int = 10_000  # records in one transaction, before what one more fetch adds
    fetch_bytes: int = 65_536  # per partition and fetch, compressed
    batch_bytes: int = 900_000  # one record batch; below the broker's message.max.bytes (1,048,588)
    request_bytes: int = 8 << 20
    compression: str = "zstd"
    idle_after: float = 10.0  # without a record for so long, a lane asks what falls due by itself
    poison_limit: int = 100  # records set aside per minute and partition; beyond it, the process stops
    sasl: Sasl | None = None
    tls: SSLContext | None = None  # with it, `sasl.protocol` must be SASL_SSL

    def __post_init__(self) -> None:
        if self.session_timeout < 6.0:
            raise ValueError("session_timeout below 6 s is refused by Kafka's default group.min.session.timeout.ms")
        if self.revocation_timeout >= self.session_timeout:
            raise ValueError("revocation_timeout must be less than session_timeout")
        if not 0 < self.abandoned_after <= LONGEST_TRANSACTION:
            raise ValueError(
                "transaction_timeout must be above 0 and at most 600 s: half as long again is the limit that Kafka's "
                "default transaction.max.timeout.ms allows"
            )
        if self.sasl is not None and (self.sasl.protocol == "SASL_SSL") != (self.tls is not None):
            raise ValueError("sasl.protocol must be SASL_SSL with tls, and only then")

    @property
    def servers(self) -> list[str]:
        return [server.strip() for server in self.bootstrap.split(",") if server.strip()]

    @property
    def request_timeout(self) -> float:
        return max(10.0, self.session_timeout + 1.0)

    @property
    def abandoned_after(self) -> float:
        """After so many seconds the broker aborts a transaction whose process is gone; until then readers wait.

        Longer than a living process waits, so that it is never the broker that gives up first.
        """
        return self.transaction_timeout * 1.5

    def connection(self) -> dict[str, Any]:
        """Arguments that every aiokafka client of this process shares."""
        arguments: dict[str, Any] = {
            "bootstrap_servers": self.servers,
            "client_id": self.client_id,
            "request_timeout_ms": int(self.request_timeout * 1000),
        }
        if self.tls is not None:
            arguments |= {"security_protocol": "SSL", "ssl_context": self.tls}
        if self.sasl is not None:
            arguments |= {
                "security_protocol": self.sasl.protocol,
                "sasl_mechanism": self.sasl.mechanism,
                "sasl_plain_username": self.sasl.username,
                "sasl_plain_password": self.sasl.password,
            }
        return arguments
