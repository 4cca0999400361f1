"""A folder of this process's own, the same one after a restart: several processes of a station share a machine."""

import fcntl
import os
from pathlib import Path

_MOST = 64


class Slot:
    """The first folder `<station>-<n>` below ``folder`` that no living process holds; held until this process ends."""

    def __init__(self, folder: Path, station: str) -> None:
        for number in range(_MOST):
            path = folder / f"{station}-{number}"
            path.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path / "held", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(descriptor)
                continue
            self.path, self.number, self._descriptor = path, number, descriptor
            return
        raise RuntimeError(f"{_MOST} processes of {station} already work in this folder")

    def release(self) -> None:
        os.close(self._descriptor)
