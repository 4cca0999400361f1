"""Strikes the clock of all stations: it jumps ahead or back by minutes, and back again.

It is done by libfaketime, a library that answers instead of the system when a program asks for the time. Clocks that
only count on, by which programs wait, are left alone; so are those of broker and registry.
"""

import importlib.util
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from random import Random
from typing import Final

from saan.prove.faults.fault import Drawn, Fault, Kind
from saan.prove.processes import Processes

_SYSTEM: Final = ("/usr/lib/*/faketime", "/usr/lib/faketime", "/usr/lib64/faketime", "/usr/local/lib/faketime")
_PACKAGE: Final = "libfaketime"
_NAMES: Final = ("libfaketimeMT.so.1", "libfaketime.so.1")
"""The first is for programs with threads; where a distribution has only the second, that serves them too."""
_NOTICED: Final = 1
"""Seconds after which a process looks again how wrong its clock is to be."""
_LACKING: Final = (
    "ไม่พบ libfaketime ติดตั้งแพ็กเกจระบบ faketime หรือแพ็กเกจ Python libfaketime · "
    "libfaketime is not there: install the system's package faketime, or the Python package libfaketime"
)


class Clock:
    """``folder`` is the run's own: a file in it says by how many seconds the stations' clocks are wrong."""

    def __init__(self, folder: Path) -> None:
        self._wrong = folder / "clock"
        self.kinds = [
            Kind("clock-ahead", _jump, self._strike(1)),
            Kind("clock-back", _jump, self._strike(-1)),
        ]

    def lacking(self) -> str | None:
        return None if _library() else _LACKING

    def prepare(self, exchange: Path) -> Mapping[str, str]:
        self._set(0)
        return {
            "LD_PRELOAD": str(_library()),
            "FAKETIME_TIMESTAMP_FILE": str(self._wrong.absolute()),
            "FAKETIME_CACHE_DURATION": str(_NOTICED),
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    def close(self) -> None:
        return None

    def _set(self, seconds: int) -> None:
        """A reader sees the old number or the new one, never half of it."""
        part = self._wrong.with_suffix(".part")
        part.write_text(f"{seconds:+d}", encoding="ascii")
        part.replace(self._wrong)

    def _strike(self, sign: int) -> Callable[[Processes, Fault], float]:
        """By how much follows from the length, so that a schedule says it all; counted from the jump itself."""

        def act(processes: Processes, fault: Fault) -> float:
            at = time.time()
            self._set(sign * Random(fault.lasts).randint(60, 600))
            time.sleep(fault.lasts)
            self._set(0)
            return at

        return act


def _jump(draw: Random) -> Drawn:
    return ("stations",), round(draw.uniform(10.0, 20.0), 2)


def _library() -> Path | None:
    """The library where the system keeps it, or in the Python package that brings it."""
    return next((place / name for place in _places() for name in _NAMES if (place / name).is_file()), None)


def _places() -> Iterable[Path]:
    for pattern in _SYSTEM:
        yield from sorted(Path("/").glob(pattern.removeprefix("/")))
    spec = importlib.util.find_spec(_PACKAGE)
    for place in (spec.submodule_search_locations or ()) if spec else ():
        yield Path(place) / "vendor" / "libfaketime" / "src"
