"""The exchange under test, as processes of the operating system: `saan up`, and what lives below it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import psutil

from saan.embedded import kafka
from saan.exchange import endpoints as places
from saan.exchange.endpoints import Endpoints
from saan.exchange.stations import STATIONS, Ports, environment
from saan.wire.settings import Settings

START_SECONDS: Final = 180.0
_STOP_SECONDS: Final = 40.0
_STARTS: Final = 3

Joined = subprocess.Popen[bytes]
"""A process of a station outside the supervisor."""


class NeverUp(Exception):
    """The exchange did not come up, or not again."""

    def __init__(self, log: Path) -> None:
        self.log = log
        super().__init__(f"ระบบไม่ขึ้นภายในเวลา ดู {log} · the exchange did not come up in time, see {log}")


class Processes:
    """`saan up` in the folder of ``settings``; further processes of a station can join and leave.

    ``given`` is what a fault needs in the environment of everything that is started.
    """

    def __init__(self, settings: Settings, logs: Path, *, brokers: int = 1) -> None:
        self.settings, self.brokers, self._logs = settings, kafka.names(brokers), logs
        self.given: dict[str, str] = {}
        self._up: subprocess.Popen[bytes] | None = None
        self._joined: list[Joined] = []
        self._starts = 0
        self.ended_by_itself: list[int] = []

    def start(self) -> Endpoints:
        """Start `saan up` and wait until every station has been started. Raises ``NeverUp``."""
        self._starts += 1
        log = self._logs / f"supervisor-{self._starts}.log"
        with log.open("wb") as output:
            command = [sys.executable, "-m", "saan", "up", "--brokers", str(len(self.brokers))]
            self._up = subprocess.Popen(command, stdout=output, stderr=output, env=self._environment())
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._up.poll() is None:
            found = self.where()
            if found is not None and found.pids.get("supervisor") == self._up.pid:
                return found
            time.sleep(0.1)
        raise NeverUp(log)

    def start_again(self) -> None:
        """Start `saan up` on what is there, as a person would: again when it gives up, which is kept as an end of its
        own. Raises ``NeverUp`` after the third time."""
        for turn in range(1, _STARTS + 1):
            try:
                self.start()
            except NeverUp:
                assert self._up is not None
                self._up.kill()
                self.ended_by_itself.append(self._up.wait())
                if turn == _STARTS:
                    raise
            else:
                return

    def _environment(self) -> Mapping[str, str]:
        return {**os.environ, **self.given, "SAAN_DIR": str(self.settings.dir.absolute())}

    def where(self) -> Endpoints | None:
        return places.read(self.settings.dir)

    def revive(self) -> bool:
        """Start the supervisor again when it has ended although nobody asked; true when that was so."""
        if self._up is None or (code := self._up.poll()) is None:
            return False
        self.ended_by_itself.append(code)
        self.start_again()
        return True

    def stop(self) -> int:
        """Ask everything to stop; the exit code of `saan up`."""
        for process in list(self._joined):
            self.leave(process, signal.SIGKILL)
        if self._up is None:
            return 0
        self._up.terminate()
        try:
            return self._up.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._up.kill()
            return self._up.wait()

    def kill_supervisor(self) -> None:
        """Kill `saan up` itself, which takes everything down, and start it again as a person would."""
        assert self._up is not None
        self._up.kill()
        self._up.wait()
        self.start_again()

    def pid(self, name: str) -> int | None:
        """The process of a station, of a broker or of ``registry``, if it runs now.

        Of a station that has two it is the one that serves, as far as the supervisor has told.
        """
        running = [process.pid for process in self._below() if _name(process) == name]
        told = at.pids.get(name) if (at := self.where()) is not None else None
        return told if told in running else next(iter(running), None)

    def send(self, name: str, number: signal.Signals) -> int | None:
        """Signal one process by name; its pid, ``None`` when it does not run now."""
        pid = self.pid(name)
        if pid is None or not signalled(pid, number):
            return None
        return pid

    def join(self, station: str, *program: str) -> Joined:
        """Start another process of a station, outside the supervisor: by ``saan station``, or by another module."""
        at = self.where()
        assert at is not None
        given = environment(self._environment(), self.settings, Ports(0, 0), at.bootstrap, at.registry)
        with (self._logs / f"joined-{station}.log").open("ab") as output:
            command = [sys.executable, "-m", *(program or ("saan", "station", station))]
            self._joined.append(process := subprocess.Popen(command, stdout=output, stderr=output, env=given))
        return process

    def leave(self, process: Joined, number: signal.Signals) -> None:
        """End a process that joined, if it has not ended by itself, and wait for that."""
        process.send_signal(number)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self._joined.remove(process)

    def _below(self) -> Iterator[psutil.Process]:
        if self._up is None:
            return
        try:
            yield from psutil.Process(self._up.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return


def signalled(pid: int, number: signal.Signals) -> bool:
    """Whether the signal reached a living process."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return False
    return True


def _name(process: psutil.Process) -> str:
    try:
        words = process.cmdline()
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return ""
    if any(word.endswith("leash.py") for word in words):
        return ""
    if "kafka.Kafka" in words:
        return Path(words[-1]).parent.name
    if any(word.endswith("quarkus-run.jar") for word in words):
        return "registry"
    return words[-1] if words and "station" in words and words[-1] in STATIONS else ""
