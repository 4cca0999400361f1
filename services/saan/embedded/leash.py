"""Holds one child so that it cannot outlive the process that wanted it.

Run as a script: ``python -I -S leash.py LOG COMMAND…``. It starts COMMAND with its output in LOG, says the child's pid
on standard output, and listens on standard input: ``t`` asks the child to stop, ``k`` kills it, and the end of the
input (its parent is gone, however that happened) kills it too. It ends with the child's own exit code.

A pipe works on every system and against ``kill -9`` of the parent. Should the leash itself be killed, Linux kills the
child. It imports nothing of Saan, so that it stays small and starts in a blink.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time

_PR_SET_PDEATHSIG = 1


def _die_with_parent() -> None:
    # Linux sends this signal when the *thread* that started the child ends; here that is the main thread, which waits
    # for the child as long as it lives.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _obey(child: subprocess.Popen[bytes]) -> None:
    while order := os.read(sys.stdin.fileno(), 1):
        if order == b"t":
            child.terminate()
        elif order == b"k":
            child.kill()
    child.kill()


def _watch_parent(child: subprocess.Popen[bytes], parent: int) -> None:
    # The pipe stays open when the parent has forked without exec: then its pid tells.
    while os.getppid() == parent:
        time.sleep(1)
    child.kill()


def main(arguments: list[str]) -> int:
    parent = os.getppid()
    log, *command = arguments
    with open(log, "wb") as output:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,
        )
    for work in ((_obey, child), (_watch_parent, child, parent)):
        threading.Thread(target=work[0], args=work[1:], daemon=True).start()
    try:
        os.write(sys.stdout.fileno(), b"%d\n" % child.pid)
    except OSError:  # the parent is gone already
        child.kill()
    code = child.wait()
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    # Not sys.exit: the threads hold standard input, and a normal exit would wait for its lock.
    os._exit(main(sys.argv[1:]))
