"""Publishes events through the gateway."""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import httpx
import orjson

from saan.client.connection import Connection, content, retry_after
from saan.client.errors import Unavailable

_BATCH: Final = "application/cloudevents-batch+json"
_BYTES: Final = 4 * 1024 * 1024
"""Most bytes of one request, well under what a gateway takes."""
_NOTHING: Final[Mapping[str, str]] = {"th": "", "en": ""}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gateway says to one event.

    ``word`` is ``accepted``, ``duplicate``, ``invalid``, or ``retryable`` (the tries were used up). ``code``, ``path``,
    ``message`` and ``hint`` (th, en) tell why an event was not taken; ``findings`` are all objections or warnings as
    the gateway wrote them.
    """

    id: str
    word: str
    code: str = ""
    path: str = ""
    message: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    hint: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    findings: tuple[Mapping[str, Any], ...] = ()


class Publisher(Connection):
    """A publisher at ``address`` with its bearer token. ``batch`` is the most events of one request."""

    def __init__(self, address: str, token: str, *, batch: int = 500, **options: Any) -> None:
        super().__init__(address, token, **options)
        self._batch = batch

    def publish(self, events: Iterable[Mapping[str, Any]], *, dry_run: bool = False) -> Iterator[Verdict]:
        """Send CloudEvents (dicts in the JSON format) and yield one verdict per event, in order.

        An event without ``id`` gets one, and ``specversion`` is added. Events that the gateway calls retryable are
        sent again with the same ids, before any later event is sent. Raises ``Refused`` when the gateway refuses a
        whole request (a wrong token), and ``Unavailable`` when it cannot be reached: then the events of the last
        request may or may not have been accepted, and can be sent again as they are.
        """
        for batch in self._batches(events):
            yield from self._settled(batch, dry_run)

    def _batches(self, events: Iterable[Mapping[str, Any]]) -> Iterator[list[bytes]]:
        batch: list[bytes] = []
        size = 0
        for event in events:
            encoded = orjson.dumps(_completed(event))
            if batch and (len(batch) == self._batch or size + len(encoded) > _BYTES):
                yield batch
                batch, size = [], 0
            batch.append(encoded)
            size += len(encoded)
        if batch:
            yield batch

    def _settled(self, batch: Sequence[bytes], dry_run: bool) -> list[Verdict]:
        verdicts: dict[int, Verdict] = {}
        answered = False
        for attempt in range(1, self.tries + 1):
            open_ones = [place for place in range(len(batch)) if _open(verdicts.get(place))]
            response = self._send([batch[place] for place in open_ones], dry_run)
            results = content(response).get("results", []) if response is not None else []
            if len(results) == len(open_ones):
                answered = True
                verdicts.update(zip(open_ones, map(_verdict, results), strict=True))
            if len(verdicts) == len(batch) and not any(map(_open, verdicts.values())):
                break
            if attempt < self.tries:
                self.wait(attempt, retry_after(response))
        if not answered:
            raise Unavailable(self.tries)
        return [verdicts[place] for place in range(len(batch))]

    def _send(self, events: Sequence[bytes], dry_run: bool) -> httpx.Response | None:
        return self.once(
            "POST",
            "/v1/events",
            content=b"[" + b",".join(events) + b"]",
            headers={"Content-Type": _BATCH},
            params={"dry_run": "true"} if dry_run else {},
        )


def _completed(event: Mapping[str, Any]) -> Mapping[str, Any]:
    missing = {"specversion": "1.0"} if "specversion" not in event else {}
    if "id" not in event:
        missing["id"] = str(uuid.uuid4())
    return {**event, **missing} if missing else event


def _open(verdict: Verdict | None) -> bool:
    return verdict is None or verdict.word == "retryable"


def _verdict(result: Mapping[str, Any]) -> Verdict:
    findings = [result] if result.get("code") else []
    findings += [*result.get("further", []), *result.get("warnings", [])]
    return Verdict(
        id=result["id"] or "",
        word=result["verdict"],
        code=result.get("code", ""),
        path=result.get("path", ""),
        message=result.get("message", _NOTHING),
        hint=result.get("hint", _NOTHING),
        findings=tuple(findings),
    )
