"""Which fault strikes next, from a seed: the same seed gives the same faults, targets and pauses in the same order."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Final

STATIONS: Final = ("validator", "router", "gateway", "deliverer", "console")
_WORKERS: Final = ("validator", "router")


class Kind(StrEnum):
    """What can be done to the exchange. The word before the dash is the act, the rest whom it strikes."""

    KILL_STATION = "kill-station"
    TERM_STATION = "term-station"
    FREEZE_STATION = "freeze-station"
    KILL_SEVERAL = "kill-several"
    KILL_BROKER = "kill-broker"
    BROKER_AWAY = "broker-away"
    FREEZE_BROKER = "freeze-broker"
    KILL_REGISTRY = "kill-registry"
    KILL_SUPERVISOR = "kill-supervisor"
    JOIN_LEAVE = "join-leave"
    ZOMBIE = "zombie"


@dataclass(frozen=True, slots=True)
class Fault:
    """One stroke: ``targets`` by process name, ``lasts`` seconds where it has a length, ``pause`` seconds after it."""

    kind: Kind
    targets: tuple[str, ...]
    lasts: float = 0.0
    pause: float = 2.0

    @property
    def named(self) -> str:
        """The kind, with the station where it makes a difference."""
        if self.kind.endswith("-station"):
            return f"{self.kind.removesuffix('station')}{self.targets[0]}"
        return str(self.kind)


def schedule(seed: int) -> Iterator[Fault]:
    """Faults without end: rounds in which every kind comes once and the workers' kinds more often, shuffled."""
    draw = Random(f"{seed}/nemesis")
    while True:
        kinds = [*Kind, Kind.KILL_STATION, Kind.KILL_STATION, Kind.FREEZE_STATION, Kind.ZOMBIE]
        draw.shuffle(kinds)
        for kind in kinds:
            yield _fault(kind, draw)


def _fault(kind: Kind, draw: Random) -> Fault:
    pause = round(draw.uniform(0.5, 4.0), 2)
    match kind:
        case Kind.KILL_STATION | Kind.TERM_STATION:
            return Fault(kind, (draw.choices(STATIONS, (4, 4, 3, 1, 1))[0],), pause=pause)
        case Kind.FREEZE_STATION:
            target = draw.choice(("validator", "router", "gateway"))
            return Fault(kind, (target,), round(draw.uniform(7.0, 10.0), 2), pause)
        case Kind.KILL_SEVERAL:
            several = draw.sample((*STATIONS[:3], "kafka", "registry"), draw.choice((2, 3)))
            return Fault(kind, tuple(several), pause=pause)
        case Kind.BROKER_AWAY:
            return Fault(kind, ("kafka",), round(draw.uniform(13.0, 17.0), 2), pause)
        case Kind.FREEZE_BROKER:
            return Fault(kind, ("kafka",), round(draw.uniform(7.0, 15.0), 2), pause)
        case Kind.JOIN_LEAVE:
            return Fault(kind, (draw.choice(_WORKERS),), round(draw.uniform(6.0, 12.0), 2), pause)
        case Kind.ZOMBIE:
            return Fault(kind, (draw.choice(_WORKERS),), round(draw.uniform(8.0, 11.0), 2), pause)
        case Kind.KILL_BROKER:
            return Fault(kind, ("kafka",), pause=pause)
        case Kind.KILL_REGISTRY:
            return Fault(kind, ("registry",), pause=pause)
        case Kind.KILL_SUPERVISOR:
            return Fault(kind, ("supervisor",), pause=pause)
