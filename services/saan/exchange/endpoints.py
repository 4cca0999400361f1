"""Where a running exchange listens: `endpoints.json` in its folder, readable by its owner only."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

NAME = "endpoints.json"


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Addresses by part, and the process ids by name: `kafka`, `registry`, `validator`, …, `supervisor`.

    `validator.next` is the process that waits to take its turn.
    """

    bootstrap: str
    bootstrap_sasl: str
    registry: str
    gateway: str = ""
    deliverer: str = ""
    console: str = ""
    metrics: Mapping[str, str] = field(default_factory=dict)
    pids: Mapping[str, int] = field(default_factory=dict)


def write(folder: Path, endpoints: Endpoints) -> None:
    """Replace the file at once: a reader sees the old one or the new one, never half of it."""
    target, part = folder / NAME, folder / f"{NAME}.part"
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(endpoints), file, indent=2)
    part.replace(target)


def read(folder: Path) -> Endpoints | None:
    """What the exchange of this folder wrote last; ``None`` when none runs there."""
    try:
        return Endpoints(**json.loads((folder / NAME).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


def clear(folder: Path) -> None:
    (folder / NAME).unlink(missing_ok=True)
