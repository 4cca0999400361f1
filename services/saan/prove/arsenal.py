"""The kinds of fault of one run: which there are, which this machine allows, which were asked for."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path

from saan.prove.faults import Fault, Kind, Means
from saan.prove.processes import Processes


class UnknownFault(Exception):
    """There is no kind of fault of this name."""

    def __init__(self, names: Iterable[str], known: Iterable[str]) -> None:
        told = ", ".join(sorted(names))
        super().__init__(f"ไม่รู้จัก {told} · no such fault: {told}; known are {', '.join(sorted(known))}")


class Arsenal:
    """``kinds`` are what the schedule is drawn from; ``acts`` has those that can be done here; ``lacking`` tells of the
    others why not. A kind that cannot be done stays in the schedule, so that a seed means the same everywhere."""

    def __init__(self, means: Sequence[Means], only: Sequence[str] = ()) -> None:
        """Raises ``UnknownFault`` when ``only`` names a kind that there is not."""
        known = [kind.name for one in means for kind in one.kinds]
        if strange := set(only) - set(known):
            raise UnknownFault(strange, known)
        self._stack = ExitStack()
        self._means = [one for one in means if not only or any(kind.name in only for kind in one.kinds)]
        self.kinds: list[Kind] = [k for one in self._means for k in one.kinds if not only or k.name in only]
        self.acts: dict[str, Callable[[Processes, Fault], float]] = {}
        self.lacking: dict[str, str] = {}

    def prepare(self, exchange: Path) -> dict[str, str]:
        """Make everything ready before the exchange starts; what to add to its environment."""
        given: dict[str, str] = {}
        for one in self._means:
            wanted = [kind for kind in self.kinds if kind in one.kinds]
            why = one.lacking()
            if why is not None:
                self.lacking |= {kind.name: why for kind in wanted}
                continue
            self._stack.callback(one.close)
            given |= one.prepare(exchange)
            self.acts |= {kind.name: kind.act for kind in wanted}
        return given

    def close(self) -> None:
        """Give back what was made. Call it once the exchange has stopped."""
        self._stack.close()
