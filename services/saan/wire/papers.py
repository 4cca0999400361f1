"""What a station writes beside the record itself: quarantine, receipts and its ledger entry.

All of it goes into the same transaction as the block's outputs, so it can never disagree with them.
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from aiokafka import ConsumerRecord

from saan.core.account import Account
from saan.core.calendar import rfc3339
from saan.core.outcome import Finding
from saan.wire.avro import Codec
from saan.wire.record import cloud_event, frame
from saan.wire.transport import Outputs, OversizedRecord

RECEIPT = "receipt.issued"
LEDGER = "ledger.posted"

_LONGEST_NAME = 256
_MOST_HEADERS = 50
_HEAD = 64 * 1024
"""Bytes kept of a value that is too large for quarantine."""


@dataclass(frozen=True, slots=True)
class Span:
    """Which records of an input partition a block decides: offsets inclusive, ``oldest`` in microseconds.

    A block may hold no record, when only what waited is decided: then ``last`` is the offset before ``first``.
    """

    topic: str
    partition: int
    first: int
    last: int
    records: int
    oldest: int

    @classmethod
    def of(cls, records: Sequence[ConsumerRecord]) -> "Span":
        """The span of one block of records, which holds at least one."""
        first, last = records[0], records[-1]
        oldest = min(r.timestamp for r in records) * 1000
        return cls(first.topic, first.partition, first.offset, last.offset, len(records), oldest)

    def named(self, station: str, kind: str, now: int) -> str:
        """The id of what a station says of this block. It follows from the block, so a block decided again says the
        same."""
        at = self.first if self.records else f"{self.first}:{now}"
        return f"{station}:{self.topic}:{self.partition}:{at}:{kind}"


class Papers:
    """Writes for one station. ``codecs`` maps the two control types to their codec and registered schema id."""

    def __init__(
        self, station: str, codecs: Mapping[str, tuple[Codec, int]], participants: Mapping[str, object]
    ) -> None:
        self.station = station
        self._codecs = codecs
        self._participants = participants

    def quarantine(
        self,
        outputs: Outputs,
        record: ConsumerRecord,
        outcome: str,
        participant: str,
        findings: Sequence[Finding],
        now: int,
    ) -> None:
        """Keep a refused record whole: original bytes and headers, reasons in further headers, the publisher as key."""
        first = findings[0]
        reasons = {
            "saan_verdict": outcome,
            "saan_code": first.code,
            "saan_path": first.path,
            "saan_findings": orjson.dumps([_plain(f) for f in findings]).decode(),
            "saan_station": self.station,
            "saan_origin": f"{record.topic}/{record.partition}/{record.offset}",
            "saan_key": base64.b64encode((record.key or b"")[:_LONGEST_NAME]).decode(),
            "saan_attempts": "1",
            "saan_at": rfc3339(now),
        }
        added = tuple((name, value.encode()) for name, value in reasons.items())
        key = participant.encode()[:_LONGEST_NAME]
        try:
            outputs.put("quarantine", None, key, record.value, (*record.headers, *added), record.timestamp)
        except OversizedRecord:
            # The whole record stays where `saan_origin` says; what fits tells what it was.
            size = ("saan_size", str(len(record.value or b"")).encode())
            kept = tuple((n, v) for n, v in record.headers if n.startswith("ce_") and len(v or b"") <= _LONGEST_NAME)
            head = (record.value or b"")[:_HEAD]
            outputs.put("quarantine", None, key, head, (*kept[:_MOST_HEADERS], *added, size), record.timestamp)

    def receipts(self, outputs: Outputs, account: Account, span: Span, now: int, *, final: bool) -> None:
        """Tell every known publisher of the block what became of its events, in its own inbox."""
        codec, id = self._codecs[RECEIPT]
        for number, (publisher, fields) in enumerate(account.receipts(final=final)):
            if publisher in self._participants:
                value = frame(id, codec.encode({**fields, "issuedAt": now}))
                event = self._event(RECEIPT, span, f"r{number}", publisher, now)
                outputs.put(f"inbox.{publisher}", None, publisher.encode(), value, event)

    def ledger(self, outputs: Outputs, account: Account, span: Span, now: int) -> None:
        """Post the account of the block."""
        codec, id = self._codecs[LEDGER]
        entry = {
            **account.entry(),
            "topic": span.topic,
            "partition": span.partition,
            "firstOffset": span.first,
            "lastOffset": span.last,
            "records": span.records,
            "postedAt": now,
            "oldest": span.oldest,
        }
        event = self._event(LEDGER, span, "l", self.station, now)
        outputs.put("ledger", None, self.station.encode(), frame(id, codec.encode(entry)), event)

    def _event(self, type: str, span: Span, kind: str, subject: str, now: int) -> Any:
        """Headers of a control event."""
        return cloud_event(
            {
                "id": span.named(self.station, kind, now),
                "type": type,
                "source": self.station,
                "subject": subject,
                "time": rfc3339(now),
            }
        )


def _plain(finding: Finding) -> dict[str, str]:
    return {
        "code": finding.code,
        "path": finding.path,
        "severity": str(finding.severity),
        "th": finding.th,
        "en": finding.en,
        "fix_th": finding.fix_th,
        "fix_en": finding.fix_en,
    }
