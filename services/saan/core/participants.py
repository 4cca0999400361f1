"""Who takes part: mandates and agreements. Values only; ``wire.world`` reads them from governed records."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Agreement:
    """What one participant may receive, why, and how much of it.

    ``events`` are event types; ``purposes`` are purpose codes; ``basis`` is the legal basis (``s24(4)``). ``ceiling``
    is the highest privacy class handed over, ``withheld`` lists field names never handed over whatever their class,
    ``granted`` lists field names handed over although their class is above the ceiling. ``view`` names the projection
    (``[a-z][a-z0-9_]*``); it is used for an event type only when the projection leaves something out. ``scope`` lists
    organisations; an event is covered when one of its schools is such an organisation or lies below it. ``valid_from``
    and ``valid_to`` (exclusive, ``None``: open) are microseconds since the epoch. ``where`` maps field name to the set
    of values (as text) that pass. With ``looks_back`` it also covers what lies before a learner came to one of its
    schools by a transfer.
    """

    id: str
    events: frozenset[str]
    purposes: frozenset[str]
    basis: str
    ceiling: str
    view: str
    scope: frozenset[str]
    valid_from: int
    valid_to: int | None
    withheld: frozenset[str] = frozenset()
    granted: frozenset[str] = frozenset()
    where: Mapping[str, frozenset[str]] = field(default_factory=dict)
    paused: bool = False
    looks_back: bool = False


@dataclass(frozen=True, slots=True)
class Participant:
    """One system that publishes or subscribes.

    ``kind`` is its role (``school``, ``area-office``, ``provincial-office``, ``head-office``, ``ministry``, ``fund``,
    ``test-body``, ``health``). ``speaks_for`` lists organisations: the participant may publish for them and for every
    organisation below them. ``publishes`` lists event types, ``purposes`` the purpose codes it may name when it
    publishes. ``kafka`` is true when it has an outbox of its own.
    """

    id: str
    kind: str
    name: Mapping[str, str]
    speaks_for: frozenset[str]
    publishes: frozenset[str]
    agreements: tuple[Agreement, ...]
    kafka: bool = False
    purposes: frozenset[str] = frozenset()
