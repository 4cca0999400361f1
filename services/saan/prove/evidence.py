"""What lies in the topics when a run is over, as plain values: the other side of the intents."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from saan.prove.intent import Key


@dataclass(frozen=True, slots=True)
class Record:
    """One committed record. ``key`` is the Kafka key, ``subject`` the pseudonym in the headers.

    ``type`` and ``id`` are empty where headers do not tell them; ``source`` is the publisher as the topic proves it.
    ``fields`` are the content by field name as plain JSON values, empty where it was not decoded.
    """

    topic: str
    partition: int
    offset: int
    key: bytes
    source: str
    id: str
    type: str
    subject: str
    value: bytes
    body: str = ""
    fields: Mapping[str, object] = field(default_factory=dict)
    origin: str = ""
    code: str = ""
    verdict: str = ""
    sequence: int | None = None

    @property
    def publication(self) -> Key:
        return self.source, self.id

    @property
    def digest(self) -> str:
        return sha256(self.value).hexdigest()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What one receipt told one publisher: event ids by what became of them."""

    participant: str
    station: str
    accepted: tuple[str, ...] = ()
    duplicates: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


REJECTED: Final = "record.rejected"
"""Event type of the notices about refused records."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What one notice told one office: how many records of a publisher were refused, or accepted with a warning."""

    participant: str
    type: str
    publisher: str
    records: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One ledger entry: the account of one block of an input partition, offsets inclusive."""

    station: str
    topic: str
    partition: int
    first: int
    last: int
    records: int
    outcomes: Mapping[str, int]
    delivered: Mapping[str, int]


@dataclass(slots=True)
class Evidence:
    """Everything committed, in log order per partition. ``inboxes`` holds events by participant, without receipts and
    without notices about the work of publishers.

    Of ``parked``, a record with a value says that an event waits, and one without that it waits no longer. Both name
    the event's place in ``checked.*``; that it waits may be said more than once.
    """

    outbox: list[Record] = field(default_factory=list)
    checked: list[Record] = field(default_factory=list)
    log: list[Record] = field(default_factory=list)
    inboxes: dict[str, list[Record]] = field(default_factory=dict)
    quarantine: list[Record] = field(default_factory=list)
    parked: list[Record] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    ledger: list[Entry] = field(default_factory=list)

    @property
    def waiting(self) -> int:
        """How many events wait in the end."""
        left = {record.origin for record in self.parked if not record.value}
        return len({record.origin for record in self.parked} - left)
