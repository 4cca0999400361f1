"""A child process on a leash (`saan.embedded.leash`)."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from saan.embedded import leash


class Child:
    """One running program that dies with this process and hears no Ctrl-C of the terminal.

    It runs in a session of its own: the one who started it decides when it stops.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        log: Path,
        environment: Mapping[str, str],
        keep_open: Sequence[int] = (),
    ) -> None:
        """Start `command` with its output in `log`. The leash keeps the descriptors `keep_open` open while it lives.

        Raises OSError when it cannot be started.
        """
        self.name = name
        self.log = log
        self._leash = subprocess.Popen(
            [sys.executable, "-I", "-S", leash.__file__, str(log), *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            pass_fds=tuple(keep_open),
            start_new_session=True,
            bufsize=0,
        )
        assert self._leash.stdout is not None
        with self._leash.stdout as said:
            first = said.readline()
        if not first.strip():
            self._close()
            raise OSError(f"{name} could not be started")
        self.pid = int(first)

    @property
    def exit_code(self) -> int | None:
        """None while it runs; 128 + the signal's number when a signal ended it."""
        return self._leash.poll()

    def ask_to_stop(self) -> None:
        """Send the polite signal; returns at once."""
        self._order(b"t")

    def stop(self, grace: float) -> int:
        """Ask it to stop, wait `grace` seconds, then kill it. Returns the exit code."""
        self.ask_to_stop()
        return self.wait(time.monotonic() + grace)

    def wait(self, deadline: float) -> int:
        """Wait for the end until `deadline` (monotonic seconds), then kill. Returns the exit code."""
        try:
            self._leash.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self._order(b"k")
        return self._close()

    def _order(self, order: bytes) -> None:
        pipe = self._leash.stdin
        if pipe is None or pipe.closed or self.exit_code is not None:
            return
        with contextlib.suppress(BrokenPipeError):  # it ended by itself in this very moment, which is what was wanted
            pipe.write(order)

    def _close(self) -> int:
        # Closing the pipe is the order to kill, so this cannot hang on a child that ignores signals.
        if self._leash.stdin is not None:
            with contextlib.suppress(BrokenPipeError):  # it is gone already
                self._leash.stdin.close()
        return self._leash.wait()
