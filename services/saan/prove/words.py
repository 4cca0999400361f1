"""Keeps every log that a process wrote, and looks for what no log or metric may hold."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import httpx

from saan.prove.check import Found

IDENTITY = re.compile(rb"(?<!\d)\d{13}(?!\d)|\bG\d{12}\b")
"""A citizen ID or the number of a child without one. Times in log lines are no run of 13 digits."""


class Keeper:
    """Keeps the logs of an exchange, of its stations and of its engine, although processes that start again replace
    them."""

    def __init__(self, exchange: Path, kept: Path) -> None:
        self._exchange, self._kept = exchange, kept
        kept.mkdir(parents=True, exist_ok=True)

    def look(self) -> None:
        """Link what is there now; cheap, to be called often. A link holds the content whatever becomes of the name."""
        for path in (*self._exchange.glob("logs/*.log"), *self._exchange.glob("engine/*/*.log")):
            with suppress(FileNotFoundError, FileExistsError):  # replaced in this moment, or kept already
                name = path.name.partition(".")[0]
                whose = "" if path.parent.name == "logs" else f"{path.parent.name}-"
                (self._kept / f"{whose}{name}-{path.stat().st_ino}.log").hardlink_to(path)

    def texts(self) -> Iterator[tuple[str, bytes]]:
        for path in sorted(self._kept.glob("*.log")):
            yield path.name, path.read_bytes()


def metrics(addresses: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    """What the stations tell a collector of metrics now; a station that does not answer tells nothing."""
    for station, address in addresses.items():
        with suppress(httpx.HTTPError):
            yield f"{station} metrics", httpx.get(address, timeout=5).content


def told(texts: Iterable[tuple[str, bytes]], identities: frozenset[str], secrets: Iterable[str]) -> list[Found]:
    """Where an identity or a secret stands; never which."""
    found: Counter[tuple[str, str]] = Counter()
    forbidden = [secret.encode() for secret in secrets]
    for name, text in texts:
        found[name, "identity"] += sum(match.decode() in identities for match in IDENTITY.findall(text))
        found[name, "secret"] += sum(text.count(secret) for secret in forbidden)
    return [Found("told", name, "", "", f"{what}, {n} times") for (name, what), n in found.items() if n]
