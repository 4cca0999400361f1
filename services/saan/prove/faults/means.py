"""What kinds of fault need besides signals: made before the exchange starts, given back when it has stopped."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from saan.prove.faults.fault import Kind


class Means(Protocol):
    """One way to strike, with the kinds that it makes possible."""

    @property
    def kinds(self) -> Sequence[Kind]: ...

    def lacking(self) -> str | None:
        """Why this machine does not allow it, in one sentence; ``None`` where it does."""

    def prepare(self, exchange: Path) -> Mapping[str, str]:
        """Make it ready before `saan up` starts in the folder ``exchange``; what to add to its environment."""

    def close(self) -> None:
        """Give back what was made. Called once the exchange has stopped, also when ``prepare`` failed."""


class Signals:
    """Kinds that need nothing but signals to processes."""

    def __init__(self, kinds: Sequence[Kind]) -> None:
        self.kinds = kinds

    def lacking(self) -> str | None:
        return None

    def prepare(self, exchange: Path) -> Mapping[str, str]:
        return {}

    def close(self) -> None:
        return None
