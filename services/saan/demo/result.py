"""What came of a demo."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from saan.demo.balance import Account
from saan.demo.owed import Key


@dataclass(frozen=True, slots=True)
class Surprise:
    """A publication or a row of a roster that came out otherwise than planted; codes where it was refused."""

    where: str
    publication: Key
    planted: str
    found: str


@dataclass(slots=True)
class Tally:
    """What was handed in and what the exchange said to it, collected while the demo plays.

    ``copies`` counts how often each publication was taken in by the exchange, ``refused_at_once`` are those that were
    refused when they were handed in, with the code. ``repeats`` counts what was answered as a repeat at once.
    """

    handed_in: set[Key] = field(default_factory=set)
    copies: Counter[Key] = field(default_factory=Counter)
    refused_at_once: dict[Key, str] = field(default_factory=dict)
    repeats: int = 0
    rows: int = 0
    rows_refused: Counter[str] = field(default_factory=Counter)
    surprises: list[Surprise] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Result:
    """The demo's figures. ``published`` counts different events: ``published == accepted + rejected``.

    An event handed in again under its id adds to ``repeated`` and to nothing else. ``rejected_by_rule`` counts refused
    events by the first rule that refused them, ``rows_by_rule`` rows of rosters that were refused before anything was
    published. ``balanced`` holds when every inbox has exactly what its owner is owed and every publication came out as
    planted. Durations are in seconds.
    """

    run: str
    pupils: int
    published: int
    accepted: int
    rejected: int
    repeated: int
    warned: int
    rows: int
    rows_refused: int
    rejected_by_rule: Counter[str]
    rows_by_rule: Counter[str]
    accounts: Sequence[Account]
    surprises: Sequence[Surprise]
    first_delivery_s: float | None
    duration_s: float
    kafka: str
    registry: str
    console: str

    @property
    def balanced(self) -> bool:
        return not self.surprises and all(account.balanced for account in self.accounts)

    def as_json(self) -> dict[str, Any]:
        """The figures as JSON values; ids only where something does not balance."""
        return {
            "run": self.run,
            "pupils": self.pupils,
            "published": self.published,
            "accepted": self.accepted,
            "rejected": self.rejected,
            "repeated": self.repeated,
            "warned": self.warned,
            "rows": self.rows,
            "rows_refused": self.rows_refused,
            "rejected_by_rule": dict(sorted(self.rejected_by_rule.items())),
            "rows_by_rule": dict(sorted(self.rows_by_rule.items())),
            "delivered": {account.participant: account.got for account in self.accounts},
            "owed": {account.participant: account.owed for account in self.accounts},
            "balanced": self.balanced,
            "missing": {a.participant: [id for _, id in a.missing] for a in self.accounts if a.missing},
            "surplus": {a.participant: [id for _, id in a.surplus] for a in self.accounts if a.surplus},
            "surprises": [
                {
                    "where": s.where,
                    "source": s.publication[0],
                    "id": s.publication[1],
                    "planted": s.planted,
                    "found": s.found,
                }
                for s in self.surprises
            ],
            "first_delivery_s": None if self.first_delivery_s is None else round(self.first_delivery_s, 2),
            "duration_s": round(self.duration_s, 2),
            "kafka": self.kafka,
            "registry": self.registry,
            "console": self.console,
        }
