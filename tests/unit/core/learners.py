"""Event types that move learners, and one learner's chain, for tests of the history."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from saan.core.catalogue import EventType, Marking, RuleSpec, Step
from saan.core.chain import Judge, Place, released, sequence
from saan.core.codes import Crosswalk
from saan.core.duplicates import Case, Ending, Notice, end, ending, follow
from saan.core.learner import Learner
from saan.core.message import Envelope
from saan.core.organisations import Organisations
from saan.core.outcome import Finding, Fits, Judgement, Refused, Waits
from saan.core.world import World

PLAIN = EventType(
    name="told",
    record="th.saan.x.Told",
    schema={},
    domain="x",
    title={},
    data_class="C1",
    publishers=frozenset(),
    subject_kind="learner",
    subject=("idType", "idValue"),
    school=None,
    concerns=(),
    follows_learner=False,
    history=(),
    rules=(RuleSpec("V10", "alive", "", {"on": "on"}),),
    roles=frozenset(),
    retention="x",
)
ALIVE = RuleSpec("V10", "alive", "", {"on": "on"})
ENROLLED = replace(
    PLAIN,
    name="enrolled",
    history=(Step("enter", "school", "on"), Step("note", None, "on", note="grade", value="grade")),
    rules=(ALIVE, RuleSpec("V9", "one_enrolment", "", {"school": "school", "on": "on"})),
)
TRANSFERRED = replace(
    PLAIN,
    name="transferred",
    history=(Step("leave", "from", "on", "transferred"), Step("enter", "school", "on")),
    rules=(ALIVE, RuleSpec("V9", "one_enrolment", "", {"school": "school", "on": "on", "leaving": "from"})),
)


def _turning(name: str, move: str, *statuses: str) -> EventType:
    params: dict[str, Any] = {"school": "school", "on": "on", "becomes": name}
    if statuses:
        params["from"] = list(statuses)
    return replace(
        PLAIN, name=name, history=(Step(move, "school", "on", name),), rules=(RuleSpec("V10", "step", "", params),)
    )


WITHDRAWN = _turning("withdrawn", "leave")
GRADUATED = _turning("graduated", "leave", "enrolled")
DECEASED = _turning("deceased", "leave")
SUSPENDED = _turning("suspended", "turn", "enrolled")
TRACKED = _turning("tracked", "turn", "enrolled")
GRADED = replace(PLAIN, name="graded", marks=Marking("year", "semester", "subject", "grade", "credit"))
MENDED = replace(PLAIN, name="mended", marks=Marking("year", "semester", "subject", "grade"))
TYPES = {
    event.name: event
    for event in (
        PLAIN,
        ENROLLED,
        TRANSFERRED,
        WITHDRAWN,
        GRADUATED,
        DECEASED,
        SUSPENDED,
        TRACKED,
        GRADED,
        MENDED,
    )
}
WORLD = World(TYPES, {}, Crosswalk({}), Organisations([]), {})


@dataclass(frozen=True)
class Told:
    """One publication; its id follows from what it says, so the same said twice is the same publication."""

    type: str
    source: str
    data: Mapping[str, Any] = field(default_factory=dict, hash=False)
    sequence: int | None = None

    @property
    def id(self) -> str:
        return f"{self.type} {sorted(self.data.items())} {self.sequence}"

    @property
    def envelope(self) -> Envelope:
        extensions = {} if self.sequence is None else {"sequence": str(self.sequence)}
        return Envelope(self.id, self.type, self.source, 0, "st-1", extensions)


def told(type: str, school: str, on: int, *, sequence: int | None = None, **more: Any) -> Told:
    """What the system of ``school`` says."""
    return Told(type, school, {"school": school, "on": on, **more}, sequence)


class Chain:
    """One learner's chain, as a router keeps it: what is accepted goes to the log, what waits waits.

    ``told`` is what was told of second enrolments, each with the event that claims it.
    """

    def __init__(self, world: World = WORLD, received: int = 0) -> None:
        self.received = received
        self.waited = 0
        self.learner = Learner()
        self.log: list[Told] = []
        self.waiting: list[Told] = []
        self.refused: dict[Told, tuple[Finding, ...]] = {}
        self.told: list[tuple[Told, Notice]] = []
        self.cases: dict[Told, Case | None] = {}
        self._judge = Judge(world.events.values(), world)

    def take(self, *events: Told) -> "Chain":
        for event in events:
            if not self.learner.seen(event.source, event.id) and event not in self.waiting:
                self._take(event)
        return self

    def _take(self, event: Told) -> None:
        judged = self.judge(event, self.waiting)
        if not isinstance(judged, Fits):
            self._say(event, follow(None, judged.second))
        if isinstance(judged, Waits):
            self.waiting.append(event)
        else:
            self._settle(event, judged)
        self._go_on()

    def expire(self, event: Told) -> "Chain":
        """Set a waiting event aside; it has waited too long."""
        judged = self.judge(event, self.waiting[: self.waiting.index(event)])
        assert isinstance(judged, Waits)
        self.waiting.remove(event)
        self.refused[event] = judged.findings
        self._say(event, end(self.cases.get(event), Ending.EXPIRED))
        self._go_on()
        return self

    def _go_on(self) -> None:
        for one, decided in released(self.waiting, self.judge):
            self._settle(one, decided)
        for n, one in enumerate(self.waiting):
            judged = self.judge(one, self.waiting[:n])
            assert isinstance(judged, Waits)
            self._say(one, follow(self.cases.get(one), judged.second))

    def _say(self, event: Told, said: tuple[Case | None, Iterable[Notice]]) -> None:
        self.cases[event], notices = said
        self.told += [(event, notice) for notice in notices]

    def judge(self, event: Told, ahead: Any) -> Judgement:
        places = [Place(one.source, one.sequence) for one in ahead]
        known = self.learner
        return self._judge.judge(
            TYPES[event.type],
            event.envelope,
            event.data,
            own=known,
            learner=known,
            ahead=places,
            received=self.received,
            waited=self.waited,
        )

    def wait(self, waited: int) -> None:
        """Decide again what waits, so much later."""
        self.waited = waited
        for one, decided in released(self.waiting, self.judge):
            self._settle(one, decided)

    def _settle(self, event: Told, judged: Fits | Refused) -> None:
        self._say(event, end(self.cases.get(event), ending(judged)))
        if isinstance(judged, Fits):
            self.log.append(event)
            self.learner = after(self.learner, event)
        else:
            self.refused[event] = judged.findings


def after(learner: Learner, event: Told) -> Learner:
    return learner.after(TYPES[event.type], event.source, event.id, event.data, sequence(event.envelope))
