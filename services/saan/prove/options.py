"""What one run is asked for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

Tell = Callable[[str], None]
"""Takes one line for whoever watches."""


@dataclass(frozen=True, slots=True)
class Options:
    """``rate`` is events per second of each publisher; ``faults`` false runs the load alone.

    ``brokers`` is 1 or 3; ``only`` names kinds of faults to which the schedule is held, all of them when empty.
    """

    folder: Path
    minutes: float = 2.0
    seed: int = 1
    rate: float = 20.0
    faults: bool = True
    brokers: int = 1
    only: Sequence[str] = ()
