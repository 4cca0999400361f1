"""What publishers mean to publish, on disk before it is published, and what they were answered.

The log is the only witness of what should have happened: it is appended and fsynced batch by batch, so it tells the
truth about everything that can possibly have reached the exchange, whatever dies afterwards.
"""

import json
import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Self

Key = tuple[str, str]
"""A publication: publisher and event id."""


class Fate(StrEnum):
    """What must become of a publication. ``POISON`` are bytes that are no event, known by their digest alone."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    REPEATED = "repeated"
    POISON = "poison"


@dataclass(frozen=True, slots=True)
class Intent:
    """One publication that is about to be made.

    ``chain`` names the subject whose events keep their order, ``order`` counts along it. ``body`` is the digest of the
    content (``bodies.digest``), of the raw bytes for poison. ``owed`` are the participants entitled to it.
    """

    source: str
    id: str
    type: str
    chain: str
    order: int
    body: str
    fate: Fate
    owed: tuple[str, ...] = ()

    @property
    def key(self) -> Key:
        return self.source, self.id


@dataclass(frozen=True, slots=True)
class Answer:
    """What a publisher was told at once: ``accepted``, ``duplicate`` or ``invalid``."""

    source: str
    id: str
    word: str


class IntentLog:
    """Appends lines of JSON and returns once they are on disk; to be written from one thread."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8")
        self._times: dict[Key, float] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def intend(self, intents: Iterable[Intent]) -> None:
        """Must return before any of the intents is published."""
        known = list(intents)
        self._append({"intent": asdict(intent)} for intent in known)
        for intent in known:
            self._times.setdefault(intent.key, time.time())

    def handed_in(self, key: Key) -> float | None:
        """When a publication was first about to be made, by this machine's clock (seconds since the epoch).

        ``None`` when it never was, or was asked before: what has come out is forgotten. May be asked from any thread.
        """
        return self._times.pop(key, None)

    def answered(self, answers: Iterable[Answer]) -> None:
        self._append({"answer": asdict(answer)} for answer in answers)

    def _append(self, lines: Iterable[object]) -> None:
        self._file.writelines(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines)
        self._file.flush()
        os.fsync(self._file.fileno())


def read(path: Path) -> tuple[Sequence[Intent], Sequence[Answer]]:
    """Everything in the log, in the order in which it was written."""
    intents, answers = [], []
    for line in path.read_text(encoding="utf-8").splitlines():
        one = json.loads(line)
        if "intent" in one:
            given = one["intent"]
            intents.append(Intent(**{**given, "fate": Fate(given["fate"]), "owed": tuple(given["owed"])}))
        else:
            answers.append(Answer(**one["answer"]))
    return intents, answers
