"""Decide whether an event fits what was accepted before: at once, later, or never.

The chain of a subject is its events in one domain. Within it

* a publisher's sequence numbers (``ce_sequence``, counted per publisher and subject) have no repeat and no gap (V16);
  the first one seen opens the count, and an event without a number is not counted;
* the rules about the history hold (``core.rules.history``: V9, V10);
* a fact that its reporting round can no longer count waits for the next window (``core.rules.windows``: V11);
* a publisher's events do not overtake each other: one waits behind a waiting one of the same publisher, unless it moves
  the learner, fits, and so may be what the waiting one lacks.

An event that waits holds up nothing but its own publisher's later events about the same subject.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from saan.core.catalogue import EventType
from saan.core.learner import Learner
from saan.core.message import Envelope
from saan.core.outcome import Finding, Fits, Judgement, Refused, Second, Severity, Waits
from saan.core.rules import Check, Facts, Form, Tables, build
from saan.core.rules.history import seconds
from saan.core.said import finding
from saan.core.world import World

WAITING: Final = 64
"""How many events of one subject may wait in one domain; more are refused."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Place:
    """A waiting event as those behind it see it."""

    source: str
    sequence: int | None


class Judge:
    """The decision for ``events`` in one ``World``. Raises ``ValueError`` for a rule that cannot be prepared."""

    def __init__(self, events: Iterable[EventType], world: World) -> None:
        tables = Tables(world.codes, world.organisations, rounds=world.rounds)
        events = tuple(events)
        self._checks = {event.name: build(event.rules, tables, {Form.HISTORY}) for event in events}
        self._windows = {event.name: build(event.rules, tables, {Form.WINDOW}) for event in events}
        self._seconds = {event.name: seconds(event.rules) for event in events}

    def judge(
        self,
        event: EventType,
        envelope: Envelope,
        data: Mapping[str, Any],
        *,
        own: Learner,
        learner: Learner | None,
        ahead: Sequence[Place],
        received: int,
        waited: int = 0,
    ) -> Judgement:
        """Whether the event may join the log now.

        ``own`` is the state of the subject in the event's own domain, ``learner`` the one with the learner's history
        (the same, where the event moves learners; ``None``: unknown, nothing is judged by it). ``ahead`` are the events
        of the subject that wait and came before. ``received`` is in microseconds since the epoch, ``waited`` how many
        have gone by since then.
        """
        number = sequence(envelope)
        counted = _counted(number, own.count(envelope.source))
        if counted:
            return Refused(counted) if counted[0].severity is Severity.REJECT else Waits(counted)
        facts = Facts(received, learner, waited)
        found = _by_history(_found(self._checks[event.name], data, facts))
        second = None if isinstance(found, Fits) else self._second(event, data, learner)
        late = () if isinstance(found, Refused) else _found(self._windows[event.name], data, facts)
        if late and len(ahead) < WAITING:
            return Waits(late, second, patient=True)
        before = [place for place in ahead if place.source == envelope.source]
        if before and (_overtakes(number, before, event) or not isinstance(found, Fits)):
            return Waits((finding("V16/behind"),), second)
        if late or (isinstance(found, Waits) and len(ahead) >= WAITING):
            waits = found.findings if isinstance(found, Waits) else ()
            return Refused((finding("WAIT-2"), *late, *waits), second)
        return found if isinstance(found, Fits) else replace(found, second=second)

    def _second(self, event: EventType, data: Mapping[str, Any], learner: Learner | None) -> Second | None:
        return next(filter(None, (find(data, learner) for find in self._seconds[event.name])), None)


def released(waiting: list[T], decide: Callable[[T, Sequence[T]], Judgement]) -> Iterator[tuple[T, Fits | Refused]]:
    """Take from ``waiting``, in order, what need not wait any longer.

    ``decide(one, ahead)`` judges one of them; whatever is yielded must have had its effect before the next is asked
    for, because it may be what others lack.
    """
    n = 0
    while n < len(waiting):
        judged = decide(waiting[n], waiting[:n])
        if isinstance(judged, Waits):
            n += 1
        else:
            yield waiting.pop(n), judged
            n = 0


def sequence(envelope: Envelope) -> int | None:
    """The publisher's number of this event among its events about the subject."""
    stated = envelope.extensions.get("sequence")
    return int(stated) if stated else None


def _counted(number: int | None, last: int | None) -> tuple[Finding, ...]:
    if number is None or last is None or number == last + 1:
        return ()
    return (finding("V16" if number <= last else "V16/gap", "ce_sequence"),)


def _found(checks: Iterable[Check], data: Mapping[str, Any], facts: Facts) -> tuple[Finding, ...]:
    return tuple(one for check in checks for one in check(data, facts))


def _by_history(found: tuple[Finding, ...]) -> Judgement:
    if any(one.severity is Severity.REJECT for one in found):
        return Refused(tuple(sorted(found, key=lambda one: one.severity is not Severity.REJECT)))
    waits = tuple(one for one in found if one.severity is Severity.PARK)
    return Waits(waits) if waits else Fits(found)


def _overtakes(number: int | None, before: Iterable[Place], event: EventType) -> bool:
    """Whether an event would overtake one of its publisher's that wait: by its number, or because it moves nobody."""
    lower = [place.sequence is not None and number is not None and place.sequence < number for place in before]
    unordered = [place.sequence is None or number is None for place in before]
    return any(lower) or (any(unordered) and not event.history)
