"""Who may read and write which topic: Kafka's permissions, as ``topics.yaml`` says it.

A participant's Kafka user has the participant's name; a station's user is ``saan-<station>``. What is not granted here
is denied. Reading or writing a topic includes seeing that it exists; writing one includes the idempotent producer.
"""

from collections.abc import Collection, Iterable, Iterator

from saan.wire.cluster import Grant
from saan.wire.topics import Topic, name

STATION = "saan-"
INBOX = "inbox.{participant}"


def grants(topics: Iterable[Topic], participants: Collection[str]) -> frozenset[Grant]:
    """Every permission that these topics ask for."""
    found: set[Grant] = set()
    for participant in participants:
        found |= set(_groups(participant, participant))
    for topic in topics:
        for operation, users in (("WRITE", topic.write), ("READ", topic.read)):
            for user in users:
                if user in participants:
                    found.add(Grant(user, "topic", topic.name, operation))
                else:
                    found |= set(_station(user, topic, operation, participants))
    return frozenset(found)


def is_station(user: str) -> bool:
    return user.startswith(STATION)


def _station(station: str, topic: Topic, operation: str, participants: Iterable[str]) -> Iterator[Grant]:
    """A station reaches all topics of a pattern, by the part that they share, and its own group and transactions."""
    user = STATION + station
    shared = name(topic.id)
    yield Grant(user, "topic", shared, operation, prefix=shared != topic.name)
    yield from _groups(user, user)
    if operation == "WRITE":
        yield Grant(user, "transactional_id", f"{user}-", "WRITE", prefix=True)
    elif topic.id == INBOX:
        for participant in participants:
            yield Grant(user, "group", f"{participant}.", "READ", prefix=True)


def _groups(user: str, group: str) -> Iterator[Grant]:
    """The group of this name, and all whose names go on after a dot; never those of a name that begins alike."""
    yield Grant(user, "group", group, "READ")
    yield Grant(user, "group", f"{group}.", "READ", prefix=True)
