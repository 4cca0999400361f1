"""The folder of one engine, held by one process at a time.

Everything of the engine is under ``<folder>/engine/``: data and logs of each child, the ports, the lock.
"""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import psutil

from saan.embedded.errors import EngineError
from saan.embedded.filelock import try_lock

_AFTERMATH = 5.0  # seconds that the children of a killed process may take to be gone


class Hold:
    """The exclusive use of a folder, until `release` or the end of this process and of its children."""

    def __init__(self, folder: Path) -> None:
        """Raises EngineError: the folder is in use (naming the pid), or cannot be written."""
        self.root = engine_root(folder)
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            self.descriptor = os.open(_lock(self.root), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise EngineError("engine.not-writable", path=folder) from error
        try:
            _take(self.descriptor, folder)
        except BaseException:
            os.close(self.descriptor)
            raise
        os.ftruncate(self.descriptor, 0)
        os.pwrite(self.descriptor, str(os.getpid()).encode(), 0)
        self._empty_temporary()

    @property
    def temporary(self) -> Path:
        return self.root / "tmp"

    def release(self) -> None:
        """Let the folder go. The lock file stays: removing it would let two processes lock two different files."""
        os.ftruncate(self.descriptor, 0)
        os.close(self.descriptor)

    def _empty_temporary(self) -> None:
        shutil.rmtree(self.temporary, ignore_errors=True)  # a killed Java leaves its native libraries
        self.temporary.mkdir()


def engine_root(folder: Path) -> Path:
    """Where the engine of `folder` keeps everything; absolute, since this process may change its current folder."""
    return folder.absolute() / "engine"


def holder(folder: Path) -> int | None:
    """The pid of the living process that uses the folder, or None."""
    try:
        descriptor = os.open(_lock(engine_root(folder)), os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        return None if try_lock(descriptor) else _written_pid(descriptor)
    finally:
        os.close(descriptor)


def _lock(root: Path) -> Path:
    return root / "lock"


def _take(descriptor: int, folder: Path) -> None:
    deadline = time.monotonic() + _AFTERMATH
    while not try_lock(descriptor):
        pid = _written_pid(descriptor)
        # Children of a process that was killed hold the lock for a moment longer; a living holder keeps it.
        if (pid and psutil.pid_exists(pid)) or time.monotonic() > deadline:
            raise EngineError("engine.folder-in-use", path=folder, pid=pid or "?")
        time.sleep(0.05)


def _written_pid(descriptor: int) -> int:
    written = os.pread(descriptor, 20, 0)
    return int(written) if written.isdigit() else 0
