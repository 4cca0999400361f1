"""Figures of a run: how much flowed when, how soon it flowed again, and whether what was promised was kept."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median
from typing import Final

from saan.exchange.stations import STATIONS

PROMISES: Final[Mapping[str, float]] = {
    **{f"kill-{station}": 10.0 for station in STATIONS},
    **{f"term-{station}": 2.0 for station in STATIONS},
    "lose-broker": 15.0,
}
"""Seconds by kind of fault within which everything is to flow again."""

FLOWS_ON: Final[Mapping[str, float]] = {"registry-away": 5.0, "kill-registry": 5.0}
"""Kinds of fault that stop nothing: seconds that may pass without an event while they strike."""


@dataclass(frozen=True, slots=True)
class Struck:
    """One fault as it struck. Times are seconds after the load began; ``recovery`` is ``None`` if it never came."""

    kind: str
    targets: tuple[str, ...]
    began: float
    over: float
    recovery: float | None

    @property
    def back(self) -> float:
        """When everything flowed again; when it was given up if it never did."""
        return self.over + (self.recovery or 0.0)


def recovery(struck: Sequence[Struck]) -> dict[str, dict[str, float | int]]:
    """Seconds by kind of fault, median and worst, and how often it never came."""
    times: dict[str, list[float | None]] = defaultdict(list)
    for one in struck:
        times[one.kind].append(one.recovery)
    told: dict[str, dict[str, float | int]] = {}
    for kind, all_times in sorted(times.items()):
        known = [time for time in all_times if time is not None]
        figures: dict[str, float | int] = {"times": len(all_times), "never": len(all_times) - len(known)}
        if known:
            figures |= {"median_s": round(median(known), 2), "worst_s": round(max(known), 2)}
        told[kind] = figures
    return told


def promises(
    struck: Sequence[Struck], per_second: Mapping[int, int] | None = None
) -> dict[str, dict[str, float | bool | None]]:
    """For every kind that struck and for which there is a promise: the limit, the worst case, whether it was kept.

    ``worst_s`` is ``None`` when it never flowed again. For ``FLOWS_ON`` it is the longest silence in the seconds of
    ``per_second``, from the beginning of the fault until everything flowed.
    """
    told: dict[str, dict[str, float | bool | None]] = {}
    for kind, limit in FLOWS_ON.items():
        silences = [_silence(one, per_second or {}) for one in struck if one.kind == kind]
        if silences:
            told[kind] = {"limit_s": limit, "worst_s": float(max(silences)), "kept": max(silences) <= limit}
    for kind, limit in PROMISES.items():
        times = [one.recovery for one in struck if one.kind == kind]
        known = [time for time in times if time is not None]
        if times:
            worst = round(max(known), 2) if len(known) == len(times) else None
            told[kind] = {"limit_s": limit, "worst_s": worst, "kept": worst is not None and worst <= limit}
    return told


def _silence(one: Struck, per_second: Mapping[int, int]) -> int:
    """The most whole seconds in a row without an event, from when the fault began until all was well again."""
    longest = current = 0
    for second in range(ceil(one.began), int(one.back)):
        current = 0 if per_second.get(second) else current + 1
        longest = max(longest, current)
    return longest


def throughput(
    per_second: Mapping[int, int], struck: Sequence[Struck], flowing: float, ended: float
) -> dict[str, float | None]:
    """Events per second out of the router: before the first fault, while one strikes or is recovered from, between
    such times, and after the last one; ``None`` where a run had no such second.

    ``flowing`` and ``ended`` bound the time that counts, in seconds after the load began. A second belongs to a fault
    when any part of it does.
    """
    first = min((one.began for one in struck), default=ended)
    last = max((one.back for one in struck), default=ended)
    counts: dict[str, list[int]] = {"before": [], "during": [], "between": [], "after": []}
    for second in range(ceil(flowing), int(ended)):
        if second + 1 <= first:
            when = "before"
        elif any(one.began < second + 1 and second < one.back for one in struck):
            when = "during"
        else:
            when = "after" if second >= last else "between"
        counts[when].append(per_second.get(second, 0))
    return {when: round(sum(n) / len(n), 1) if n else None for when, n in counts.items()}
