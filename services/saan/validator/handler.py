"""Hold every record of a block against schema, mandate and rules; send it on or aside."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from aiokafka import ConsumerRecord

from saan.core.account import UNKNOWN, Account
from saan.core.envelope import repeatable
from saan.core.outcome import Accepted, Finding, Parked, Rejected
from saan.core.said import finding
from saan.core.world import World
from saan.wire.linked import HEADER
from saan.wire.papers import Papers, Span
from saan.wire.record import schema_id, text, travelling
from saan.wire.reference import Checked, Submitted
from saan.wire.transport import Lane, Outputs, OversizedRecord

STATION = "validator"
SHARED_OUTBOX = "outbox.gateway"
_OUTBOX = "outbox."


class Engine(Protocol):
    """Decides records without side effects; see ``saan.wire.reference`` for the clear one."""

    def check(self, records: Sequence[Submitted]) -> Sequence[Checked]: ...


class Schemas(Protocol):
    """Fetches schemas by id before a block is decided."""

    async def ensure(self, ids: set[int]) -> None: ...


class Desk(Protocol):
    """What depends on the state of governance: renewed by the composition root whenever that changes."""

    @property
    def world(self) -> World: ...

    @property
    def engine(self) -> Engine: ...

    @property
    def papers(self) -> Papers: ...


class Handler:
    """Decides blocks of outbox records. ``clock`` gives microseconds since the epoch, UTC."""

    def __init__(
        self, desk: Callable[[], Desk], schemas: Schemas, clock: Callable[[], int], *, max_record: int = 512 * 1024
    ) -> None:
        self._desk, self._schemas, self._clock, self._max_record = desk, schemas, clock, max_record

    async def __call__(self, lane: Lane, records: Sequence[ConsumerRecord]) -> Outputs:
        await self._schemas.ensure({id for r in records if isinstance(id := schema_id(r.value), int)})
        desk, now, outputs, account = self._desk(), self._clock(), lane.outputs(), Account(STATION)
        fitting = [record for record in records if _size(record) <= self._max_record]
        submitted = [_submitted(record) for record in fitting]
        decided = iter(zip(submitted, desk.engine.check(submitted), strict=True))
        for record in records:
            if _size(record) > self._max_record:
                given = _submitted(record)
                _refuse(outputs, account, desk.papers, record, given, "rejected", (finding("WIRE-9"),), now)
            else:
                self._write(outputs, account, desk.papers, record, *next(decided), now)
        _close(outputs, account, desk.papers, records, now)
        return outputs

    def poison(self, lane: Lane, record: ConsumerRecord, error: Exception) -> Outputs:
        """Set aside a record that makes the decision itself fail."""
        desk, now, outputs, account = self._desk(), self._clock(), lane.outputs(), Account(STATION)
        code = "WIRE-9" if isinstance(error, OversizedRecord) else "POISON-1"
        given = _submitted(record)
        _refuse(outputs, account, desk.papers, record, given, "rejected", (finding(code),), now)
        _close(outputs, account, desk.papers, (record,), now)
        return outputs

    def _write(
        self,
        outputs: Outputs,
        account: Account,
        papers: Papers,
        record: ConsumerRecord,
        given: Submitted,
        checked: Checked,
        now: int,
    ) -> None:
        match checked.verdict:
            case Accepted(subject, warnings, alias):
                if checked.type is None:  # never silently lost: the transport sets the record aside
                    raise ValueError("a record was accepted without an event type")
                changed = {"ce_subject": subject, "ce_source": given.publisher, HEADER: alias}
                if warnings:
                    changed["ce_dataquality"] = ",".join(dict.fromkeys(w.code for w in warnings))
                headers = travelling(record.headers, changed)
                topic = f"checked.{checked.type.domain}"
                outputs.put(topic, None, subject.encode(), record.value, headers, record.timestamp)
                type, id = _named(given)
                account.accepted(given.publisher, type, id, subject, warnings)
            case Rejected(findings):
                _refuse(outputs, account, papers, record, given, "rejected", findings, now)
            case Parked(findings):
                _refuse(outputs, account, papers, record, given, "parked", findings, now)


def _size(record: ConsumerRecord) -> int:
    """Bytes of value and headers."""
    return len(record.value or b"") + sum(len(name) + len(value or b"") for name, value in record.headers)


def _submitted(record: ConsumerRecord) -> Submitted:
    """The record as the engine sees it. The topic proves who speaks; on the shared outbox the gateway's header does."""
    headers = text(record.headers)
    if record.topic == SHARED_OUTBOX:
        publisher = headers.get("ce_source", UNKNOWN) if isinstance(headers, Mapping) else UNKNOWN
    else:
        publisher = str(record.topic).removeprefix(_OUTBOX)
    return Submitted(headers, record.value or b"", publisher, record.timestamp * 1000)


def _named(given: Submitted) -> tuple[str, str]:
    """Event type and id as far as the headers tell them and ledger and receipts may repeat them."""
    headers = given.headers if isinstance(given.headers, Mapping) else {}
    return repeatable(headers, "ce_type") or UNKNOWN, repeatable(headers, "ce_id") or UNKNOWN


def _refuse(
    outputs: Outputs,
    account: Account,
    papers: Papers,
    record: ConsumerRecord,
    given: Submitted,
    outcome: str,
    findings: Sequence[Finding],
    now: int,
) -> None:
    papers.quarantine(outputs, record, outcome, given.publisher, findings, now)
    type, id = _named(given)
    account.refused(outcome, given.publisher, type, id, findings)


def _close(outputs: Outputs, account: Account, papers: Papers, records: Sequence[ConsumerRecord], now: int) -> None:
    """Receipts of what is final here, the ledger entry, and the counts for the metrics."""
    span = Span.of(records)
    papers.receipts(outputs, account, span, now, final=False)
    papers.ledger(outputs, account, span, now)
    for outcome, n in account.outcomes.items():
        outputs.count(outcome, n)
