"""Board, health and governance at one moment, as plain values: what ``/api/board`` says and what the page shows."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from saan.console.board import Board, Sheet, Tally
from saan.console.entry import Refusal
from saan.console.health import Health, Unread
from saan.core.calendar import rfc3339
from saan.core.participants import Participant

_RULES: Final = 20
_EVENT_ID: Final = re.compile(r"(?!\d{13}$)[A-Za-z0-9._:-]{1,64}")


@dataclass(frozen=True, slots=True)
class Account:
    """The sheet of one participant and its events per second: what it sent and what it was sent.

    ``unread_s`` is the age in seconds of the oldest event that its slowest reader has not acknowledged; ``None`` when
    none ever did.
    """

    id: str
    kind: str
    name: Mapping[str, str]
    sheet: Sheet
    sent_10s: float
    sent_60s: float
    got_10s: float
    got_60s: float
    unread_s: float | None


@dataclass(frozen=True, slots=True)
class Station:
    """One station. Of the ``records`` it read, ``accepted`` went on and ``refused`` went to quarantine.

    ``lag_s`` is the age of the first record it has not read, ``None`` when that is not known.

    ``waited_s`` is the greatest age of a record when it was decided, over the last minute; ``None`` without one.
    """

    name: str
    records: int
    accepted: int
    refused: int
    entries: int
    rate_10s: float
    rate_60s: float
    lag_s: float | None
    waited_s: float | None
    posted_at: int | None


@dataclass(frozen=True, slots=True)
class Rule:
    """How often a code was said, and a sentence of its last refusal (empty when it only ever warned)."""

    code: str
    count: int
    th: str
    en: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything an operator sees. ``same_ids``: see ``Board.same_ids``. Instants are microseconds since the epoch.

    A station is late, which is an alarm, when it is ``lag_alarm_s`` seconds behind or more.
    """

    at: int
    caught_up: bool
    entries: int
    unreadable: int
    whole: Sheet
    same_ids: bool | None
    broker: bool | None
    registry: bool | None
    governed: bool
    lag_alarm_s: float
    stations: tuple[Station, ...]
    accounts: tuple[Account, ...]
    rules: tuple[Rule, ...]
    refusals: tuple[Refusal, ...]

    @property
    def late(self) -> tuple[Station, ...]:
        return tuple(one for one in self.stations if one.lag_s is not None and one.lag_s >= self.lag_alarm_s)

    def plain(self) -> dict[str, Any]:
        """The same for JSON, instants as RFC 3339 in UTC."""
        said = asdict(self)
        said["at"] = rfc3339(self.at)
        said["late"] = [station.name for station in self.late]
        said["refusals"] = [{**one, "at": rfc3339(one["at"])} for one in said["refusals"]]
        for station in said["stations"]:
            station["posted_at"] = None if station["posted_at"] is None else rfc3339(station["posted_at"])
        said["whole"]["difference"] = self.whole.difference
        for line, account in zip(said["accounts"], self.accounts, strict=True):
            line["sheet"]["difference"] = account.sheet.difference
        return said


def picture(
    board: Board,
    health: Health,
    participants: Mapping[str, Participant],
    now: int,
    *,
    caught_up: bool,
    lag_alarm_s: float = 60.0,
) -> Picture:
    """What there is to see at ``now`` (microseconds since the epoch); ``participants`` are those governed."""
    known = sorted(participants.keys() | board.participants)
    return Picture(
        at=now,
        caught_up=caught_up,
        entries=board.entries,
        unreadable=board.unreadable,
        whole=board.whole(),
        same_ids=board.same_ids(),
        broker=health.broker,
        registry=health.registry,
        governed=bool(participants),
        lag_alarm_s=lag_alarm_s,
        stations=tuple(_station(name, tally, health.stations.get(name), now) for name, tally in board.stations.items()),
        accounts=tuple(_account(id, participants.get(id), board, health.readers.get(id), now) for id in known),
        rules=tuple(_rule(code, count, board.said.get(code)) for code, count in board.rules.most_common(_RULES)),
        refusals=tuple(_shown(refusal) for refusal in sorted(board.refusals, key=lambda r: r.at, reverse=True)),
    )


def _station(name: str, tally: Tally, unread: Unread | None, now: int) -> Station:
    waited = max(tally.waited.last(now, 60), default=None)
    return Station(
        name=name,
        records=tally.records,
        accepted=tally.total("accepted"),
        refused=tally.total("rejected") + tally.total("parked"),
        entries=tally.entries,
        rate_10s=tally.speed.rate(now, 10),
        rate_60s=tally.speed.rate(now, 60),
        lag_s=None if unread is None else unread.seconds(now),
        waited_s=None if waited is None else waited / 1_000_000,
        posted_at=tally.posted_at or None,
    )


def _account(id: str, participant: Participant | None, board: Board, unread: Unread | None, now: int) -> Account:
    return Account(
        id=id,
        kind="" if participant is None else participant.kind,
        name={} if participant is None else participant.name,
        sheet=board.sheet(id),
        sent_10s=board.sent_per_second(id, now, 10),
        sent_60s=board.sent_per_second(id, now, 60),
        got_10s=board.got_per_second(id, now, 10),
        got_60s=board.got_per_second(id, now, 60),
        unread_s=None if unread is None else unread.seconds(now),
    )


def _rule(code: str, count: int, example: Refusal | None) -> Rule:
    return Rule(code, count, example.th if example else "", example.en if example else "")


def _shown(refusal: Refusal) -> Refusal:
    """The refusal for people. A malformed event id may be an identity that somebody put there; it is not shown."""
    if _EVENT_ID.fullmatch(refusal.event_id):
        return refusal
    return replace(refusal, event_id="")
