"""The account of one block: what came in, what became of it, for whom. Pure bookkeeping."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from saan.core.learner import mark
from saan.core.outcome import Finding

UNKNOWN = "unknown"
"""Stands for a publisher or an event type that a broken record does not tell."""

SHOWN = 20
"""Refusals of one block that its ledger entry shows to people; quarantine has them all."""

_MODULUS = 2**64


@dataclass(slots=True)
class _Papers:
    """What one publisher is to be told."""

    accepted: list[dict[str, str]] = field(default_factory=list)
    duplicates: list[str] = field(default_factory=list)
    refused: list[dict[str, str]] = field(default_factory=list)
    warnings: list[dict[str, str]] = field(default_factory=list)


class Account:
    """Collects the outcomes of one block; then says them as a ledger entry and as receipts, ready to be encoded.

    ``outcomes`` may be negative, where what was parked before is so no longer; ``happened`` counts what was done.
    """

    def __init__(self, station: str) -> None:
        self.station = station
        self.outcomes: Counter[str] = Counter()
        self.happened: Counter[str] = Counter()
        self._by: dict[str, Counter[str]] = defaultdict(Counter)
        self._papers: dict[str, _Papers] = defaultdict(_Papers)
        self._shown: list[dict[str, str]] = []
        self._in = self._out = 0

    def accepted(self, source: str, type: str, id: str, subject: str, warnings: Iterable[Finding] = ()) -> None:
        self._out = (self._out + self._note("accepted", source, type, id)) % _MODULUS
        papers = self._papers[source]
        papers.accepted.append({"eventId": id, "subject": subject})
        for finding in warnings:
            self._by["rules"][finding.code] += 1
            papers.warnings.append(_said(finding, type, id))

    def duplicate(self, source: str, type: str, id: str) -> None:
        self._note("duplicate", source, type, id)
        self._papers[source].duplicates.append(id)

    def refused(self, outcome: str, source: str, type: str, id: str, findings: Iterable[Finding]) -> None:
        """``outcome`` is ``rejected`` or ``parked``."""
        self._note(outcome, source, type, id)
        for finding in findings:
            self._by["rules"][finding.code] += 1
            said = _said(finding, type, id)
            self._papers[source].refused.append({"verdict": outcome.upper(), **said})
            if len(self._shown) < SHOWN:
                self._shown.append({"participant": source, **said})

    def waited(self, source: str, type: str, id: str) -> None:
        """What was just accepted or refused had been counted before, as parked: it is parked no longer.

        So all outcomes of a block still add up to its records, and those of all blocks to what was published.
        """
        self.outcomes["parked"] -= 1
        self._by["parked"][source] -= 1
        self._by["published"][source] -= 1
        self._by["types"][type] -= 1
        self._in = (self._in - _digest(source, id)) % _MODULUS
        self.happened["released"] += 1

    def moved(self) -> None:
        """A record was sent on, to where its learner is kept, or told where that is: it is counted where it is decided.

        What it says of a publication is no part of this account.
        """
        self.outcomes["moved"] += 1
        self.happened["moved"] += 1

    def delivered(self, recipient: str) -> None:
        self._by["delivered"][recipient] += 1

    def _note(self, outcome: str, source: str, type: str, id: str) -> int:
        """Count one publication; returns its digest."""
        digest = _digest(source, id)
        self.outcomes[outcome] += 1
        self.happened[outcome] += 1
        self._by["published"][source] += 1
        self._by["types"][type] += 1
        self._by["duplicates" if outcome == "duplicate" else outcome][source] += 1
        self._in = (self._in + digest) % _MODULUS
        return digest

    def entry(self) -> dict[str, Any]:
        """The fields of a ledger entry that this account knows; see ``schemas/avro/ledger.posted.avsc``."""
        names = ("published", "accepted", "rejected", "parked", "duplicates", "delivered", "types", "rules")
        return {
            "station": self.station,
            "outcomes": dict(self.outcomes),
            **{name: dict(self._by[name]) for name in names},
            "refusals": self._shown,
            "sketchIn": self._in.to_bytes(8, "big"),
            "sketchOut": self._out.to_bytes(8, "big"),
        }

    def receipts(self, *, final: bool, limit: int = 500) -> Iterable[tuple[str, Mapping[str, Any]]]:
        """``(publisher, fields of a receipt)``, split so that no receipt tells more than ``limit`` things of a kind.

        With ``final`` false an acceptance is left out: a later station decides about it.
        """
        names = ("accepted", "duplicates", "refused", "warnings")
        for source, papers in self._papers.items():
            lists = {name: getattr(papers, name) if final or name != "accepted" else [] for name in names}
            for start in range(0, max(map(len, lists.values())), limit):
                parts = {name: values[start : start + limit] for name, values in lists.items()}
                yield source, {"participant": source, "station": self.station, **parts}


def _digest(source: str, id: str) -> int:
    return int.from_bytes(mark(source, id), "big")


def _said(finding: Finding, type: str, id: str) -> dict[str, str]:
    return {
        "eventId": id,
        "eventType": type,
        "code": finding.code,
        "path": finding.path,
        "th": finding.th,
        "en": finding.en,
        "fixTh": finding.fix_th,
        "fixEn": finding.fix_en,
    }
