"""Results and what they look like over HTTP. The status is a pure function of how many of each kind there are."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from saan.core.outcome import Finding

RETRY_AFTER: Final = 2
"""Seconds a client should wait before it sends retryable events again."""


class Word(StrEnum):
    """The verdict on one event."""

    ACCEPTED = "accepted"
    """The broker has it (in a rehearsal: it would be accepted)."""
    DUPLICATE = "duplicate"
    """The same event with the same id was accepted a short while ago; it is not stored again."""
    INVALID = "invalid"
    """It must be mended before it is sent again."""
    RETRYABLE = "retryable"
    """It may be sent again as it is, with the same id."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one event. ``findings`` has the decisive one first; warnings come with accepted events.

    ``foreign`` marks an event in somebody else's name.
    """

    id: str | None
    word: Word
    findings: tuple[Finding, ...] = ()
    foreign: bool = False


def status(results: Sequence[Result], rehearsal: bool = False) -> int:
    """The HTTP status for these results.

    Everything accepted or duplicate: 202 (200 in a rehearsal). Nothing accepted and something retryable: 503. Every
    event in somebody else's name: 401. Every event invalid: 422. Any other mixture: 207.
    """
    counts = Counter(result.word for result in results)
    good = counts[Word.ACCEPTED] + counts[Word.DUPLICATE]
    if good == len(results):
        return 200 if rehearsal else 202
    if good:
        return 207
    if counts[Word.RETRYABLE]:
        return 503
    return 401 if all(result.foreign for result in results) else 422


def headers(results: Sequence[Result]) -> dict[str, str]:
    retry = any(result.word is Word.RETRYABLE for result in results)
    return {"Retry-After": str(RETRY_AFTER)} if retry else {}


def body(results: Sequence[Result], rehearsal: bool = False) -> dict[str, Any]:
    """The JSON body: one result per event, in the order of the request."""
    said: dict[str, Any] = {"results": [_row(result) for result in results]}
    return said | {"dry_run": True} if rehearsal else said


def _row(result: Result) -> dict[str, Any]:
    row: dict[str, Any] = {"id": result.id, "verdict": result.word.value}
    if result.word in (Word.ACCEPTED, Word.DUPLICATE):
        return row | {"warnings": [_finding(found) for found in result.findings]} if result.findings else row
    first, *further = result.findings
    row |= _finding(first)
    return row | {"further": [_finding(found) for found in further]} if further else row


def _finding(found: Finding) -> dict[str, Any]:
    return {
        "code": found.code,
        "path": found.path,
        "message": {"th": found.th, "en": found.en},
        "hint": {"th": found.fix_th, "en": found.fix_en},
    }
