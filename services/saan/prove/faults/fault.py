"""One stroke against the exchange, and the kind that it is of."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from saan.prove.processes import Processes


@dataclass(frozen=True, slots=True)
class Fault:
    """``targets`` by process name, ``lasts`` seconds where it has a length, ``pause`` seconds before it strikes."""

    kind: str
    targets: tuple[str, ...] = ()
    lasts: float = 0.0
    pause: float = 2.0

    @property
    def named(self) -> str:
        """The kind, with the station where it makes a difference."""
        if self.kind.endswith("-station"):
            return f"{self.kind.removesuffix('station')}{self.targets[0]}"
        return self.kind


Drawn = tuple[tuple[str, ...], float]
"""Targets, and seconds."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fault. The word before the dash is the act, the rest whom it strikes.

    ``draw`` chooses targets and length; ``act`` does it, returns when it is over however the exchange took it, and
    tells the moment (seconds since the epoch) from which recovery counts. ``times`` is how often it comes in a round.
    """

    name: str
    draw: Callable[[Random], Drawn]
    act: Callable[[Processes, Fault], float]
    times: int = 1


def lasting(least: float, most: float, *targets: str) -> Callable[[Random], Drawn]:
    """Always these targets, for a length between the two."""
    return lambda draw: (targets, round(draw.uniform(least, most), 2))


def one_of(*targets: str) -> Callable[[Random], Drawn]:
    """One of these targets, without a length."""
    return lambda draw: ((draw.choice(targets),), 0.0)


def one_lasting(least: float, most: float, *targets: str) -> Callable[[Random], Drawn]:
    """One of these targets, for a length between the two."""
    return lambda draw: ((draw.choice(targets),), round(draw.uniform(least, most), 2))
