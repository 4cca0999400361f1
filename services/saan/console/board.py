"""The balance of the whole exchange, summed up from the accounts that stations post. Pure; the clock is an argument.

Every event that the validator reads is published; each ends accepted, rejected, parked or as a duplicate, at the
validator or at the router, or is in flight between the two. The sheet adds up exactly when every account does.
"""

import operator
from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field
from typing import Final

from saan.console.entry import Entry, Refusal
from saan.console.window import Window

FIRST: Final = "validator"
LAST: Final = "router"
SHOWN: Final = 50
"""Refusals that are remembered; quarantine has them all."""

_MODULUS: Final = 2**64
_OUTCOMES: Final = ("accepted", "rejected", "parked", "duplicates")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The balance of one participant, or of all. ``delivered`` counts what was put into inboxes.

    ``difference`` is what the sheet does not explain: published less everything that became of it.
    """

    published: int
    accepted: int
    rejected: int
    parked: int
    duplicates: int
    in_flight: int
    delivered: int

    @property
    def difference(self) -> int:
        return self.published - self.accepted - self.rejected - self.parked - self.duplicates - self.in_flight


@dataclass(slots=True)
class Tally:
    """What one station has accounted for, by participant. ``waited`` holds the age of the oldest record of blocks."""

    entries: int = 0
    records: int = 0
    posted_at: int = 0
    counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    speed: Window = field(default_factory=lambda: Window(operator.add))
    waited: Window = field(default_factory=lambda: Window(max))
    sketch_in: int = 0
    sketch_out: int = 0

    def post(self, entry: Entry) -> None:
        self.entries += 1
        self.records += entry.records
        self.posted_at = max(self.posted_at, entry.posted_at)
        for name in ("published", *_OUTCOMES, "delivered"):
            self.counts[name].update(getattr(entry, name))
        self.speed.note(entry.posted_at, entry.records)
        self.waited.note(entry.posted_at, max(0, entry.posted_at - entry.oldest))
        self.sketch_in = (self.sketch_in + entry.sketch_in) % _MODULUS
        self.sketch_out = (self.sketch_out + entry.sketch_out) % _MODULUS

    def total(self, name: str) -> int:
        return self.counts[name].total()


class Board:
    """Takes every entry of the ledger once, in any order between stations."""

    def __init__(self) -> None:
        self.stations: dict[str, Tally] = {FIRST: Tally(), LAST: Tally()}
        self.rules: Counter[str] = Counter()
        self.said: dict[str, Refusal] = {}
        self.refusals: deque[Refusal] = deque(maxlen=SHOWN)
        self.unreadable = 0
        self._sent: dict[str, Window] = defaultdict(lambda: Window(operator.add))
        self._got: dict[str, Window] = defaultdict(lambda: Window(operator.add))

    def post(self, entry: Entry) -> None:
        self.stations.setdefault(entry.station, Tally()).post(entry)
        self.rules.update(entry.rules)
        for refusal in entry.refusals:
            self.said[refusal.code] = refusal
            self.refusals.append(refusal)
        if entry.station == FIRST:
            for participant, count in entry.published.items():
                self._sent[participant].note(entry.posted_at, count)
        for participant, count in entry.delivered.items():
            self._got[participant].note(entry.posted_at, count)

    @property
    def entries(self) -> int:
        return sum(tally.entries for tally in self.stations.values())

    @property
    def participants(self) -> set[str]:
        """Everybody who published or received anything."""
        first, last = self.stations[FIRST].counts, self.stations[LAST].counts
        return {*first["published"], *last["published"], *last["delivered"]}

    def sheet(self, participant: str) -> Sheet:
        first, last = self.stations[FIRST].counts, self.stations[LAST].counts

        def both(name: str) -> int:
            return first[name][participant] + last[name][participant]

        return Sheet(
            published=first["published"][participant],
            accepted=last["accepted"][participant],
            rejected=both("rejected"),
            parked=both("parked"),
            duplicates=both("duplicates"),
            in_flight=first["accepted"][participant] - last["published"][participant],
            delivered=last["delivered"][participant],
        )

    def whole(self) -> Sheet:
        first, last = self.stations[FIRST], self.stations[LAST]
        return Sheet(
            published=first.total("published"),
            accepted=last.total("accepted"),
            rejected=first.total("rejected") + last.total("rejected"),
            parked=first.total("parked") + last.total("parked"),
            duplicates=first.total("duplicates") + last.total("duplicates"),
            in_flight=first.total("accepted") - last.total("published"),
            delivered=last.total("delivered"),
        )

    def same_ids(self) -> bool | None:
        """Whether exactly the ids that the validator let through reached the router; ``None`` while some are on the
        way.

        Sums of digests tell it without a list of ids: a lost event hidden by a doubled one still shows.
        """
        first, last = self.stations[FIRST], self.stations[LAST]
        if first.total("accepted") != last.total("published"):
            return None
        return first.sketch_out == last.sketch_in

    def sent_per_second(self, participant: str, now: int, seconds: int) -> float:
        return self._sent[participant].rate(now, seconds) if participant in self._sent else 0.0

    def got_per_second(self, participant: str, now: int, seconds: int) -> float:
        return self._got[participant].rate(now, seconds) if participant in self._got else 0.0
