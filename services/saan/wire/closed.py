"""Which schools an event closed, followed: the topic ``closings``, written by the router, read by every validator.

A record says from which day on a school is closed, or, without a value, that it is open; it is written in the
transaction that accepts the event which says so. The topic is compacted by school.
"""

import json
from collections.abc import Callable, Mapping
from operator import index
from typing import Any, ClassVar, Final

import structlog
from aiokafka import ConsumerRecord

from saan.core.learner import Note
from saan.wire.following import Followed

log = structlog.get_logger()

TOPIC: Final = "closings"


def record(school: str, closed: Note | None) -> tuple[bytes, bytes | None]:
    """Key and value of the record that says since which day a school is closed, ``None``: it is open."""
    return school.encode(), None if closed is None else json.dumps({"school": school, "day": closed.day}).encode()


class Closed(Followed):
    """Follows the closings. ``days`` has the first day of being closed (days since 1970-01-01) by school; ``on_change``
    is called in the event loop when it is another one."""

    topic: ClassVar = TOPIC

    def __init__(self, connection: Mapping[str, Any]) -> None:
        super().__init__(connection)
        self.days: Mapping[str, int] = {}
        self.on_change: Callable[[], None] = lambda: None
        self._read: dict[str, int] = {}

    def begin(self) -> None:
        """See ``Follower``. What is known stays in force until everything has been read anew."""
        self._read = {}

    def take(self, record: ConsumerRecord) -> bool:
        """See ``Follower``. A record that cannot be read says nothing."""
        try:
            school = record.key.decode()
            if record.value is None:
                return self._read.pop(school, None) is not None
            self._read[school] = index(json.loads(record.value)["day"])
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            log.error("closings.unreadable", offset=record.offset, cause=type(error).__name__)
            return False
        return True

    async def at_end(self) -> None:
        """See ``Follower``."""
        if self._read != self.days:
            self.days = dict(self._read)
            self.on_change()
        await super().at_end()
