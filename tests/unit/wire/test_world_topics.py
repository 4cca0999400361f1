"""Topics are expanded from one list, for the participants and domains that there are."""

from typing import Any

import pytest

from saan.core.codes import Crosswalk
from saan.core.organisations import Organisations
from saan.core.participants import Participant
from saan.core.world import World
from saan.wire import topics

BASE = {
    "holds": "things",
    "key": "subject",
    "partitions": {"small": 1, "national": 8},
    "retention": "7d",
    "cleanup": "delete",
    "max_message_bytes": 1048576,
    "write": ["router"],
    "read": ["{participant}", "deliverer"],
}
ENTITY: dict[str, Any] = {
    "topics": [
        {**BASE, "id": "outbox.{participant}", "only": "kafka", "write": ["{participant}"], "read": ["validator"]},
        {**BASE, "id": "inbox.{participant}"},
        {**BASE, "id": "ledger", "read": ["console"]},
    ]
}


def participant(id: str, kafka: bool) -> Participant:
    return Participant(id, "fund", {}, frozenset(), frozenset(), (), kafka)


WORLD = World(
    {}, {}, Crosswalk({}), Organisations(()), {"eef": participant("eef", False), "niets": participant("niets", True)}
)


def test_a_topic_per_participant_names_it_and_lets_it_in() -> None:
    made = {topic.name: topic for topic in topics.topics(ENTITY, WORLD)}
    assert made.keys() == {"outbox.niets", "inbox.eef", "inbox.niets", "ledger"}
    assert made["outbox.niets"].write == ("niets",)
    assert made["inbox.eef"].read == ("eef", "deliverer")


@pytest.mark.parametrize(("profile", "partitions"), [("small", 1), ("national", 8)])
def test_the_profile_decides_how_many_partitions(profile: str, partitions: int) -> None:
    assert {topic.partitions for topic in topics.topics(ENTITY, WORLD, profile)} == {partitions}


@pytest.mark.parametrize(("text", "ms"), [("24h", 86_400_000), ("7d", 604_800_000), ("forever", -1)])
def test_retention_is_said_in_hours_days_or_for_ever(text: str, ms: int) -> None:
    assert topics.retention_ms(text) == ms


def test_one_name_is_made_from_the_id() -> None:
    assert topics.name("inbox.{participant}", participant="eef") == "inbox.eef"
    assert topics.name("record.{domain}", domain="student") == "record.student"
