"""Whose turn it is to serve, when several processes of a station were started to take turns.

One of them serves while another one waits with everything imported, which is most of what starting takes. The kernel
passes the turn on in the moment in which the one that had it is gone, however it went; nobody has to notice.
"""

import fcntl
import os
from pathlib import Path


def take(folder: Path, station: str) -> int:
    """Wait until no other process has the station's turn in ``folder``, then have it until this process ends.

    Returns the descriptor that holds it. While it waits, signals have their usual effect.
    """
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / f"{station}.turn", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return descriptor
