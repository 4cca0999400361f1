"""Which fault strikes next, from a seed: the same seed gives the same faults, targets and pauses in the same order."""

import hashlib
from collections.abc import Iterator, Sequence
from itertools import islice
from random import Random

from saan.prove.faults import Fault, Kind


def schedule(seed: int, kinds: Sequence[Kind]) -> Iterator[Fault]:
    """Faults without end: rounds in which every kind comes at least once, shuffled. Needs at least one kind."""
    draw = Random(f"{seed}/nemesis")
    while True:
        round_ = [kind for kind in kinds for _ in range(kind.times)]
        draw.shuffle(round_)
        for kind in round_:
            pause = round(draw.uniform(0.5, 4.0), 2)
            yield Fault(kind.name, *kind.draw(draw), pause)


def fingerprint(seed: int, kinds: Sequence[Kind]) -> str:
    """Tells schedules apart: two runs with the same one were struck in the same order."""
    faults = "\n".join(map(repr, islice(schedule(seed, kinds), 200)))
    return hashlib.sha256(faults.encode()).hexdigest()[:16]
