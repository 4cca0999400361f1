"""The oracle by itself on a world of four files, and against the router's decision on a whole day."""

from collections import Counter
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import yaml

from saan.core.calendar import day_of
from saan.core.chain import Judge
from saan.core.envelope import instant
from saan.core.follow import concerned
from saan.core.hand_over import HandOvers
from saan.core.learner import Learner
from saan.core.message import Envelope, Message
from saan.core.outcome import Fits
from saan.core.route import Routes
from saan.core.world import World
from saan.demo import day, roster
from saan.demo.owed import Owed
from saan.demo.planted import Fate, Planted
from saan.demo.province import Province

CATALOGUE: dict[str, dict[str, Any]] = {
    "pupil.came": {"concerns": ["school"], "roles": ["office", "school"], "history": [("enter", "school", "day")]},
    "pupil.moved": {
        "concerns": ["old", "new"],
        "roles": ["office", "school"],
        "history": [("leave", "old", "day"), ("enter", "new", "day")],
    },
    "pupil.tested": {"concerns": ["school"], "follows_learner": True, "roles": ["office", "school"]},
}
AGREEMENT = {"events": ["pupil.came", "pupil.moved", "pupil.tested"], "valid_from": "2025-01-01"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Schools A and B below OFFICE; HQ above it, from 2025-06-01 on; nothing has an agreement yet."""
    for name in ("catalogue", "participants", "organisations"):
        (tmp_path / name).mkdir()
    for event, entry in CATALOGUE.items():
        steps = [dict(zip(("move", "school", "on"), step, strict=True)) for step in entry.get("history", ())]
        text = yaml.safe_dump({"event": event, **entry, "history": steps}).replace("'on':", "on:")
        (tmp_path / "catalogue" / f"{event}.yaml").write_text(text, "utf-8")
    ties = ["organisation,parent,valid_from,valid_to", "A,OFFICE,,", "B,OFFICE,,", "OFFICE,HQ,2025-06-01,"]
    (tmp_path / "organisations" / "ties.csv").write_text("\n".join(ties), "utf-8")
    return tmp_path


def joins(folder: Path, id: str, kind: str, **agreement: Any) -> None:
    agreements = [{**AGREEMENT, **agreement}] if agreement else []
    system = {"id": id, "kind": kind, "agreements": agreements}
    (folder / "participants" / f"{id}.yaml").write_text(yaml.safe_dump(system), "utf-8")


def said(
    type: str,
    publisher: str = "someone",
    fate: Fate = Fate.ACCEPTED,
    *,
    time: str = "2025-06-10T02:00:00Z",
    **data: Any,
) -> Planted:
    event = {"id": f"{type}-{time}", "type": type, "source": publisher, "time": time, "data": data}
    return Planted(publisher, event, 1, fate, "V1" if fate is Fate.REFUSED else "")


CAME = said("pupil.came", school="A", day="2025-05-16")
MOVED = said("pupil.moved", old="A", new="B", day="2025-06-10")
TESTED = said("pupil.tested", school="A")


def inboxes(folder: Path, *planted: Planted) -> dict[str, list[str]]:
    owed = Owed(folder)
    for one in planted:
        owed.add(one)
    return {name: [id for _, id in inbox] for name, inbox in owed.inboxes.items()}


def test_without_an_agreement_nothing_is_owed(folder: Path) -> None:
    joins(folder, "p", "office")
    assert inboxes(folder, CAME) == {"p": []}


def test_an_agreement_over_the_school_or_an_office_above_it_is_owed_the_event(folder: Path) -> None:
    joins(folder, "school", "school", scope=["A"])
    joins(folder, "office", "office", scope=["OFFICE"])
    joins(folder, "elsewhere", "school", scope=["B"])
    assert inboxes(folder, CAME) == {"school": [CAME.id], "office": [CAME.id], "elsewhere": []}


def test_ties_and_agreements_hold_from_their_first_day_to_before_their_last(folder: Path) -> None:
    joins(folder, "hq", "office", scope=["HQ"])
    joins(folder, "ended", "office", scope=["OFFICE"], valid_to="2025-06-10")
    joins(folder, "later", "office", scope=["OFFICE"], valid_from="2025-06-11")
    before = said("pupil.came", time="2025-05-31T16:59:59Z", school="A", day="2025-05-16")
    after = said("pupil.came", time="2025-05-31T17:00:00Z", school="A", day="2025-05-16")
    found = inboxes(folder, before, after, CAME)
    assert found["hq"] == [after.id, CAME.id]
    assert found["ended"] == [before.id, after.id]
    assert found["later"] == []


def test_a_kind_without_a_role_in_the_event_is_owed_nothing(folder: Path) -> None:
    joins(folder, "fund", "fund", scope=["HQ"])
    assert inboxes(folder, CAME)["fund"] == []


def test_the_publisher_is_not_owed_its_own_event(folder: Path) -> None:
    joins(folder, "someone", "school", scope=["A"])
    assert inboxes(folder, CAME)["someone"] == []


def test_a_paused_agreement_and_one_for_other_data_grant_nothing(folder: Path) -> None:
    joins(folder, "paused", "office", scope=["OFFICE"], paused=True)
    joins(folder, "other", "office", scope=["OFFICE"], where={"school": ["B", "C"]})
    joins(folder, "same", "office", scope=["OFFICE"], where={"school": ["A"]})
    assert inboxes(folder, CAME) == {"paused": [], "other": [], "same": [CAME.id]}


def test_a_refused_event_is_owed_to_nobody_and_a_repeated_one_once(folder: Path) -> None:
    joins(folder, "office", "office", scope=["OFFICE"])
    refused = said("pupil.came", fate=Fate.REFUSED, school="A", day="2025-05-16")
    assert inboxes(folder, refused)["office"] == []
    again = Planted(CAME.publisher, CAME.event, 1, Fate.REPEATED)
    assert inboxes(folder, CAME, again)["office"] == [CAME.id]


def test_what_follows_the_learner_is_owed_to_the_school_of_the_learner_at_that_time(folder: Path) -> None:
    joins(folder, "a", "school", scope=["A"])
    joins(folder, "b", "school", scope=["B"])
    earlier = said("pupil.tested", time="2025-06-09T02:00:00Z", school="A")
    found = inboxes(folder, CAME, MOVED, TESTED, earlier)
    assert found["b"] == [MOVED.id, TESTED.id]
    assert found["a"] == [CAME.id, MOVED.id, earlier.id]


def test_a_refused_move_moves_nobody(folder: Path) -> None:
    joins(folder, "b", "school", scope=["B"])
    refused = said("pupil.moved", fate=Fate.REFUSED, old="A", new="B", day="2025-06-10")
    assert inboxes(folder, CAME, refused, TESTED)["b"] == []


def test_the_oracle_and_the_routers_decision_agree_on_a_whole_day(
    schemas: Path, province: Province, world: World, tmp_path: Path
) -> None:
    enrolments = [r.event for one in roster.write(province, "a", tmp_path) for r in one.rows if r.event]
    phases = day.plan(province, "a", {one.learner for one in enrolments}, {})
    owed = Owed(schemas)
    routed: dict[str, Counter[tuple[str, str]]] = {name: Counter() for name in world.participants}
    router = _Router(world)
    for planted in [*enrolments, *chain(*phases)]:
        owed.add(planted)
        if planted.fate is Fate.ACCEPTED:
            for recipient, key in router.recipients(planted):
                routed[recipient][key] += 1
    assert owed.inboxes == routed
    assert sum(inbox.total() for inbox in routed.values()) > 5_000
    assert owed.handed_over


class _Router:
    """The router's pure decision with its memory of learners in a dict."""

    def __init__(self, world: World) -> None:
        self._world, self._routes = world, Routes(world, {})
        self._judge = Judge(world.events.values(), world)
        self._hand_overs = HandOvers(world.events.values())
        self._learners: dict[int, Learner] = {}

    def recipients(self, planted: Planted) -> list[tuple[str, tuple[str, str]]]:
        """Who gets what: the event itself, and what the router says because of it."""
        said = planted.event
        event = self._world.events[said["type"]]
        time = instant(said["time"])
        assert isinstance(time, int)
        data = {name: _decoded(value) for name, value in said["data"].items()}
        learner = self._learners.get(planted.learner or -1, Learner())
        envelope = Envelope(planted.id, event.name, planted.publisher, time, None, {})
        judged = self._judge.judge(event, envelope, data, own=learner, learner=learner, ahead=(), received=time)
        assert judged == Fits(), (event.name, judged)
        message = Message(envelope, data)
        told = [(event, message, learner)]
        if planted.learner is not None:
            now = self._learners[planted.learner] = learner.after(event, planted.publisher, planted.id, data)
            told += [(paper, one, now) for paper, one in self._hand_overs.after(message, learner, now)]
        return [
            (delivery.recipient, (one.envelope.source, one.envelope.id))
            for type, one, known in told
            for delivery in self._routes.route(one, concerned(type, one.data, known, day_of(time)))
        ]


def _decoded(value: Any) -> Any:
    """Dates as days since 1970-01-01, everything else as it is."""
    midnight = instant(f"{value}T00:00:00Z") if isinstance(value, str) else None
    return value if midnight is None else day_of(midnight)
