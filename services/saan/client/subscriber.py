"""Receives the events of an inbox from the deliverer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from saan.client.connection import Connection, content


@dataclass(frozen=True, slots=True)
class Page:
    """Some CloudEvents (dicts in the JSON format) and the cursor behind them.

    ``expired`` says that events before these are no longer held and were never handed over.
    """

    events: tuple[Mapping[str, Any], ...]
    cursor: str
    expired: bool = False


class Subscriber(Connection):
    """A subscriber at ``address`` with its bearer token.

    The timeout must be longer than the wait of a pull. Methods raise ``Refused`` and ``Unavailable``.
    """

    def pull(self, cursor: str | None = None, *, max: int = 100, wait: float = 0.0) -> Page:
        """The next events after the cursor, or after what was acknowledged last; waits up to ``wait`` (30) seconds."""
        asked = {"max": max, "wait": wait} | ({} if cursor is None else {"cursor": cursor})
        said = content(self.request("GET", "/v1/inbox", params=asked))
        return Page(tuple(said["events"]), said["cursor"], bool(said.get("expired")))

    def ack(self, cursor: str) -> None:
        """Acknowledge everything before this cursor, durably."""
        self.request("POST", "/v1/inbox/ack", json={"cursor": cursor})

    def events(self, *, max: int = 100, wait: float = 0.0, follow: bool = False) -> Iterator[Mapping[str, Any]]:
        """Every event from the last acknowledgement on; ends when the inbox is empty, unless it shall ``follow``.

        A page is acknowledged when the caller asks for the event after it: a caller that crashes gets the page again,
        so applying an event twice (same ``source`` and ``id``) must do no harm.
        """
        cursor: str | None = None
        while True:
            page = self.pull(cursor, max=max, wait=wait)
            yield from page.events
            if page.events:
                self.ack(page.cursor)
            elif not follow:
                return
            cursor = page.cursor
