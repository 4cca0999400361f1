"""Which pseudonyms are of one learner, followed: the topic ``links``, written by the router, read by every validator.

A record says of one pair that it is linked, and is written in the transaction that accepts the event which says so. The
topic is compacted by pair, so it holds every link once, for ever.
"""

import json
from collections.abc import Mapping
from typing import Any, ClassVar, Final

import structlog
from aiokafka import ConsumerRecord

from saan.core.links import ALIAS, Links
from saan.wire.following import Followed

log = structlog.get_logger()

TOPIC: Final = "links"
HEADER: Final = f"ce_{ALIAS}"


def record(alias: str, subject: str) -> tuple[bytes, bytes]:
    """Key and value of the record that says that ``alias`` is the same learner as ``subject``."""
    return f"{alias}/{subject}".encode(), json.dumps({"alias": alias, "subject": subject}).encode()


class Linked(Followed):
    """Follows the links; ``links`` grows while it does."""

    topic: ClassVar = TOPIC

    def __init__(self, connection: Mapping[str, Any]) -> None:
        super().__init__(connection)
        self.links = Links()

    def begin(self) -> None:
        """See ``Follower``. Links are never taken back, so those known already stay."""

    def take(self, record: ConsumerRecord) -> bool:
        """See ``Follower``. A record that cannot be read says nothing."""
        try:
            told = json.loads(record.value or b"")
            self.links.add(told["alias"], told["subject"])
        except (KeyError, TypeError, ValueError) as error:
            log.error("links.unreadable", offset=record.offset, cause=type(error).__name__)
            return False
        return True
