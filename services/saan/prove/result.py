"""What came of a run: one JSON object."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any, Final

from saan.prove.check import Found

SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Struck:
    """One fault as it struck. Times are seconds after the load began; ``recovery`` is ``None`` if it never came."""

    kind: str
    targets: tuple[str, ...]
    began: float
    over: float
    recovery: float | None


@dataclass(frozen=True, slots=True)
class Result:
    """``per_second`` counts what came out of the router, by second after the load began.

    ``planted`` tells for every kind of fault whether its checker named it when it was planted into the same evidence.
    ``lacking`` are kinds of fault that the machine did not allow, with the reason.
    ``unacknowledged`` were given up by their publisher at the end without an answer: they may be there or not.
    """

    run: str
    seed: int
    minutes: float
    intents: Mapping[str, int]
    unacknowledged: int
    deliveries: int
    refused: int
    struck: Sequence[Struck]
    found: Mapping[str, Sequence[Found]]
    supervisor_ended: Sequence[int]
    per_second: Mapping[int, int]
    schedule: str
    drained: float | None
    planted: Mapping[str, bool]
    brokers: int = 1
    lacking: Mapping[str, str] = field(default_factory=dict)

    @property
    def clean(self) -> bool:
        """Nothing found, everything came back."""
        nothing = not any(self.found.values()) and not self.supervisor_ended and self.drained is not None
        returned = all(one.recovery is not None for one in self.struck)
        return nothing and returned and all(self.planted.values())

    def recovery(self) -> dict[str, dict[str, float | int]]:
        """Seconds by kind of fault, median and worst, and how often it never came."""
        times: dict[str, list[float | None]] = defaultdict(list)
        for one in self.struck:
            times[one.kind].append(one.recovery)
        told: dict[str, dict[str, float | int]] = {}
        for kind, all_times in sorted(times.items()):
            known = [time for time in all_times if time is not None]
            figures: dict[str, float | int] = {"times": len(all_times), "never": len(all_times) - len(known)}
            if known:
                figures |= {"median_s": round(median(known), 2), "worst_s": round(max(known), 2)}
            told[kind] = figures
        return told

    def as_json(self) -> dict[str, Any]:
        counts = {name: len(found) for name, found in self.found.items()}
        return {
            "run": self.run,
            "seed": self.seed,
            "brokers": self.brokers,
            "minutes": round(self.minutes, 2),
            "events": sum(self.intents.values()),
            "intents": dict(self.intents),
            "unacknowledged": self.unacknowledged,
            "deliveries": self.deliveries,
            "refused": self.refused,
            "faults": dict(sorted(Counter(one.kind for one in self.struck).items())),
            "lacking": dict(self.lacking),
            **counts,
            "supervisor_ended": list(self.supervisor_ended),
            "unrecovered": sum(one.recovery is None for one in self.struck),
            "drained_s": None if self.drained is None else round(self.drained, 2),
            "planted": dict(self.planted),
            "clean": self.clean,
            "recovery": self.recovery(),
            "schedule": self.schedule,
            "examples": {name: [asdict(one) for one in found[:SHOWN]] for name, found in self.found.items() if found},
        }
