"""Fills disks: file systems of a fixed size where a broker keeps its data and where stations keep their state.

They live in memory and take only what is written. A disk is full when its size is set to what it holds, so that being
full costs nothing either.
"""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import psutil

from saan.embedded.folder import engine_root
from saan.prove.faults.fault import Fault, Kind, one_lasting
from saan.prove.processes import Processes

_MIB: Final = 1024 * 1024
_BROKER: Final = 4096 * _MIB
"""An hour of load at the default rate, three times over."""
_STATE: Final = 1024 * _MIB
_SOURCE: Final = "saan-prove-"
_AGAIN: Final = 0.2
_ON_STATE: Final = "state"


class Disk:
    """One file system of ``size`` bytes at ``path``. Its methods raise ``OSError`` when the system refuses."""

    def __init__(self, path: Path, size: int) -> None:
        self.path, self.size = path, size

    def mount(self) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        source = f"{_SOURCE}{os.getpid()}"
        _run("mount", "-t", "tmpfs", "-o", f"size={self.size},mode=0700", source, str(self.path))

    def fill(self, until: float, once_full: Callable[[], object]) -> None:
        """Leave no free byte until that moment (seconds since the epoch), whatever is freed meanwhile; then give back.

        The size is rounded to whole pages by the system. ``once_full`` is called when there is no more room.
        """
        try:
            self._shrink()
            once_full()
            while time.time() < until:
                self._shrink()
                time.sleep(_AGAIN)
        finally:
            self.resize(self.size)

    def _shrink(self) -> None:
        seen = os.statvfs(self.path)
        if seen.f_bfree == 0:
            return
        try:
            self.resize((seen.f_blocks - seen.f_bfree) * seen.f_frsize)
        except OSError:
            return  # something was written in this moment: the next look comes soon

    def resize(self, size: int) -> None:
        """Give it another size in bytes, at least a megabyte. Raises ``OSError`` when it holds more than that."""
        _run("mount", "-o", f"remount,size={max(size, _MIB)}", str(self.path))

    def unmount(self) -> None:
        """Also when somebody still has a file open there: it is gone for everybody else then."""
        try:
            _run("umount", str(self.path))
        except OSError:
            _run("umount", "--lazy", str(self.path))


class Disks:
    """The means: one disk for each broker, one for the state of all stations."""

    def __init__(self, brokers: Sequence[str]) -> None:
        self._brokers = brokers
        self._disks: dict[str, Disk] = {}
        self._mounted: list[Disk] = []
        self.kinds: list[Kind] = [
            Kind("disk-full-broker", one_lasting(10.0, 20.0, *brokers), self._act),
            Kind("disk-full-state", one_lasting(14.0, 22.0, _ON_STATE), self._act),
        ]

    def lacking(self) -> str | None:
        with tempfile.TemporaryDirectory() as folder:
            trial = Disk(Path(folder), _MIB)
            try:
                trial.mount()
            except OSError:
                return "เมานต์ดิสก์ชั่วคราวได้เฉพาะ root บน Linux · only root on Linux may mount a disk of a fixed size"
            trial.unmount()
        return None

    def prepare(self, exchange: Path) -> Mapping[str, str]:
        _clear()
        engine = engine_root(exchange)
        self._disks = {name: Disk(engine / name / "data", _BROKER) for name in self._brokers}
        self._disks[_ON_STATE] = Disk(exchange.absolute() / "state", _STATE)
        for disk in self._disks.values():
            disk.mount()
            self._mounted.append(disk)
        return {}

    def close(self) -> None:
        while self._mounted:
            self._mounted.pop().unmount()

    def _act(self, processes: Processes, fault: Fault) -> float:
        """A store has allocated what it will write next, so that it may not notice: the router must open it anew."""
        (target,) = fault.targets
        killing = partial(processes.send, "router", signal.SIGKILL) if target == _ON_STATE else _nothing
        self._disks[target].fill(time.time() + fault.lasts, killing)
        return time.time()


def _nothing() -> None:
    return None


def _clear() -> None:
    """Unmount what harnesses left behind that were killed: it holds memory."""
    for line in Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines():
        source, where, *_ = line.split(" ")
        if source.startswith(_SOURCE) and not psutil.pid_exists(int(source.removeprefix(_SOURCE))):
            Disk(Path(where.encode().decode("unicode_escape")), 0).unmount()


def _run(*command: str) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=30)
    except subprocess.SubprocessError as error:
        raise OSError(f"{command[0]} refused") from error
