"""Hold every record of a block against schema, mandate and rules; send it on or aside."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from aiokafka import ConsumerRecord

from saan.core.account import UNKNOWN, Account
from saan.core.envelope import repeatable
from saan.core.outcome import Accepted, Finding, Parked, Rejected
from saan.core.remarks import About, Remarks
from saan.core.said import finding
from saan.core.world import World
from saan.wire.linked import HEADER
from saan.wire.notices import Notices
from saan.wire.papers import Papers, Span
from saan.wire.record import schema_id, text, travelling
from saan.wire.reference import Checked, Submitted
from saan.wire.transport import Lane, Outputs, OversizedRecord

STATION = "validator"
SHARED_OUTBOX = "outbox.gateway"
_OUTBOX = "outbox."


class Engine(Protocol):
    """Decides records without side effects: ``saan.wire.reference`` clearly, ``saan.wire.compiled`` fast."""

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

    @property
    def notices(self) -> Notices: ...


class Handler:
    """Decides blocks of outbox records. ``clock`` gives microseconds since the epoch, UTC."""

    def __init__(
        self, desk: Callable[[], Desk], schemas: Schemas, clock: Callable[[], int], *, max_record: int = 512 * 1024
    ) -> None:
        self._desk, self._schemas, self._clock, self._max_record = desk, schemas, clock, max_record

    async def __call__(self, lane: Lane, records: Sequence[ConsumerRecord]) -> Outputs:
        await self._schemas.ensure({id for r in records if isinstance(id := schema_id(r.value), int)})
        block = _Block(self._desk(), lane.outputs(), self._clock())
        fitting = [_size(record) <= self._max_record for record in records]
        submitted = [_submitted(record) for record, fits in zip(records, fitting, strict=True) if fits]
        decided = iter(zip(submitted, block.desk.engine.check(submitted), strict=True))
        for record, fits in zip(records, fitting, strict=True):
            if fits:
                block.write(record, *next(decided))
            else:
                block.refuse(record, _submitted(record), "rejected", (finding("WIRE-9"),))
        return block.close(records)

    def poison(self, lane: Lane, record: ConsumerRecord, error: Exception) -> Outputs:
        """Set aside a record that makes the decision itself fail."""
        block = _Block(self._desk(), lane.outputs(), self._clock())
        code = "WIRE-9" if isinstance(error, OversizedRecord) else "POISON-1"
        block.refuse(record, _submitted(record), "rejected", (finding(code),))
        return block.close((record,))


class _Block:
    """One block while it is written. ``now`` is in microseconds since the epoch, UTC."""

    def __init__(self, desk: Desk, outputs: Outputs, now: int) -> None:
        self.desk, self._outputs, self._now = desk, outputs, now
        self._account, self._remarks = Account(STATION), Remarks(desk.world)

    def write(self, record: ConsumerRecord, given: Submitted, checked: Checked) -> None:
        """Send a decided record on, or aside."""
        match checked.verdict:
            case Accepted(subject, warnings, alias):
                if checked.type is None:  # never silently lost: the transport sets the record aside
                    raise ValueError("a record was accepted without an event type")
                flags = ",".join(dict.fromkeys(warning.code for warning in warnings))
                changed = {
                    "ce_subject": subject,
                    "ce_source": given.publisher,
                    HEADER: alias,
                    "ce_dataquality": flags or None,
                }
                headers = travelling(record.headers, changed)
                topic = f"checked.{checked.type.domain}"
                self._outputs.put(topic, None, subject.encode(), record.value, headers, record.timestamp)
                type, id = _named(given)
                self._account.accepted(given.publisher, type, id, subject, warnings)
            case Rejected(findings):
                self.refuse(record, given, "rejected", findings, checked)
            case Parked(findings):
                self.refuse(record, given, "parked", findings, checked)

    def refuse(
        self,
        record: ConsumerRecord,
        given: Submitted,
        outcome: str,
        findings: Sequence[Finding],
        checked: Checked | None = None,
    ) -> None:
        """Set a record aside in quarantine."""
        self.desk.papers.quarantine(self._outputs, record, outcome, given.publisher, findings, self._now)
        type, id = _named(given)
        self._account.refused(outcome, given.publisher, type, id, findings)
        if outcome == "rejected":
            about = About(given.publisher, type, id)
            if checked is not None:
                about = about._replace(envelope=checked.envelope, event=checked.type, data=checked.data)
            self._remarks.rejected(about, findings[0].code, findings[0].path)

    def close(self, records: Sequence[ConsumerRecord]) -> Outputs:
        """Notices, receipts of what is final here, the ledger entry, and the counts for the metrics."""
        span = Span.of(records)
        self.desk.notices.remark(self._outputs, self._account, self._remarks, span, self._now)
        self.desk.papers.receipts(self._outputs, self._account, span, self._now, final=False)
        self.desk.papers.ledger(self._outputs, self._account, span, self._now)
        for outcome, n in self._account.outcomes.items():
            self._outputs.count(outcome, n)
        return self._outputs


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
