"""What came of a run: one JSON object."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from saan.prove import figures
from saan.prove.check import Found
from saan.prove.figures import Struck

SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Course:
    """How a run went, whatever the checkers say. Times are seconds after the load began.

    ``per_second`` counts what came out of the router. It flowed from ``flowing`` on, and the load ended at ``ended``.
    ``lacking`` are kinds of fault that the machine did not allow, with the reason.
    """

    run: str
    seed: int
    schedule: str
    struck: Sequence[Struck]
    per_second: Mapping[int, int]
    flowing: float
    ended: float
    brokers: int = 1
    lacking: Mapping[str, str] = field(default_factory=dict)

    @property
    def promises(self) -> dict[str, dict[str, float | bool | None]]:
        """What was promised for the kinds that struck, and whether it was kept."""
        return figures.promises(self.struck, self.per_second)

    def as_json(self) -> dict[str, Any]:
        return {
            "run": self.run,
            "seed": self.seed,
            "schedule": self.schedule,
            "brokers": self.brokers,
            "minutes": round(self.ended / 60, 2),
            "faults": dict(sorted(Counter(one.kind for one in self.struck).items())),
            "lacking": dict(self.lacking),
            "unrecovered": sum(one.recovery is None for one in self.struck),
            "recovery": figures.recovery(self.struck),
            "promises": self.promises,
            "throughput": figures.throughput(self.per_second, self.struck, self.flowing, self.ended),
        }


@dataclass(frozen=True, slots=True)
class Result:
    """``planted`` tells for every kind of fault whether its checker named it when planted into the same evidence.

    ``unacknowledged`` were given up by their publisher at the end without an answer: they may be there or not.
    ``drained`` is how many seconds it took after the load until all was at rest, ``None`` if it never was.
    """

    course: Course
    intents: Mapping[str, int]
    unacknowledged: int
    deliveries: int
    refused: int
    found: Mapping[str, Sequence[Found]]
    supervisor_ended: Sequence[int]
    drained: float | None
    planted: Mapping[str, bool]

    @property
    def clean(self) -> bool:
        """Nothing found, everything came back."""
        nothing = not any(self.found.values()) and not self.supervisor_ended and self.drained is not None
        returned = all(one.recovery is not None for one in self.course.struck)
        return nothing and returned and all(self.planted.values())

    @property
    def late(self) -> list[str]:
        """Kinds of fault after which it flowed again later than promised."""
        return [kind for kind, one in self.course.promises.items() if not one["kept"]]

    def as_json(self) -> dict[str, Any]:
        counts = {name: len(found) for name, found in self.found.items()}
        return {
            **self.course.as_json(),
            "events": sum(self.intents.values()),
            "intents": dict(self.intents),
            "unacknowledged": self.unacknowledged,
            "deliveries": self.deliveries,
            "refused": self.refused,
            **counts,
            "supervisor_ended": list(self.supervisor_ended),
            "drained_s": None if self.drained is None else round(self.drained, 2),
            "planted": dict(self.planted),
            "clean": self.clean,
            "examples": {name: [asdict(one) for one in found[:SHOWN]] for name, found in self.found.items() if found},
        }
