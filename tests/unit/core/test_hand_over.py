"""What is handed over tells what is known of the old stay, once, and nothing where nothing is known."""

from dataclasses import replace
from typing import Any

import pytest

from saan.core.catalogue import HandsOver
from saan.core.envelope import attributes
from saan.core.hand_over import HandOvers
from saan.core.learner import Learner
from saan.core.message import Envelope, Message

from .learners import PLAIN, TRANSFERRED, TYPES, Told, after, told

PAPER = replace(
    PLAIN,
    name="handed-over",
    hands_over=HandsOver(
        "transferred", ("from", "school"), {"since": "entered", "was": "status", "grade": "note:grade"}
    ),
)
MOVE = told("transferred", "B", 150, **{"from": "A"})


def handed(known: Learner, move: Told = MOVE, paper: Any = PAPER) -> list[Message]:
    event = TYPES[move.type]
    message = Message(Envelope("t-1", event.name, move.source, 7, "st-1", {}), move.data)
    return [said for _, said in HandOvers([*TYPES.values(), paper]).after(message, known, after(known, move))]


def learner(*events: Told) -> Learner:
    known = Learner()
    for event in events:
        known = after(known, event)
    return known


def test_it_tells_fields_of_the_transfer_and_what_is_known_of_the_old_stay() -> None:
    (said,) = handed(learner(told("enrolled", "A", 100, grade="213"), told("suspended", "A", 120)))

    assert said.data == {"from": "A", "school": "B", "since": 100, "was": "suspended", "grade": "213"}
    assert attributes(said.envelope) | {"id": ""} == {
        "id": "",
        "type": "handed-over",
        "source": "router",
        "time": "1970-01-01T00:00:00.000007Z",
        "subject": "st-1",
        "causationid": "t-1",
    }


def test_its_id_follows_from_the_publication_that_caused_it() -> None:
    known = learner(told("enrolled", "A", 100))
    other = Told(MOVE.type, "another", MOVE.data)

    assert handed(known)[0].envelope.id == handed(known)[0].envelope.id
    assert handed(known)[0].envelope.id != handed(known, other)[0].envelope.id


@pytest.mark.parametrize(
    "known",
    [
        Learner(),
        learner(told("enrolled", "C", 100)),
        learner(told("enrolled", "A", 160)),
        learner(told("enrolled", "A", 100), MOVE),
    ],
    ids=["nothing is known", "the learner was elsewhere", "the stay began later", "the transfer was told before"],
)
def test_nothing_is_handed_over_where(known: Learner) -> None:
    assert handed(known) == []


def test_the_schools_own_half_told_before_does_not_keep_it_back() -> None:
    half = learner(told("enrolled", "A", 100), told("withdrawn", "A", 150))

    assert handed(half)[0].data["was"] == "withdrawn"


def test_it_follows_only_the_type_that_it_names_and_only_one_that_is_a_transfer() -> None:
    known = learner(told("enrolled", "A", 100))
    of_an_enrolment = replace(PAPER, hands_over=replace(PAPER.hands_over, after="enrolled"))

    assert handed(known, told("enrolled", "B", 150), of_an_enrolment) == []
    assert handed(known, told("enrolled", "A", 150)) == []
    assert TRANSFERRED.moves
    assert not PLAIN.moves
