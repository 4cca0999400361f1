"""Leaving the process: the one answer to every doubt.

A process that is not sure whether it still owns a partition, or whether a transaction was committed, must not
go on and must not tidy up. It leaves; the supervisor starts a new one, whose fence aborts whatever was left open.
"""

import logging
import os
import sys
import traceback
from enum import IntEnum
from typing import NoReturn

log = logging.getLogger("saan.transport")


class Exit(IntEnum):
    """Exit codes of a station; the supervisor tells them apart."""

    DONE = 0  # asked to stop
    POISONED = 65  # too many records could not be decided: a fault in the code or the catalogue, not in the data
    UNABLE = 69  # something the decision depends on is away
    DOUBT = 70  # fenced, timed out, stuck or unknown
    TOPICS_CHANGED = 75  # the wanted input topics are others now: start again
    MISSING_TOPIC = 78  # a topic does not exist: apply the configuration, then start again


def leave(code: Exit, why: str) -> NoReturn:
    """End the process at once. `why` is one sentence and names no learner."""
    log.critical("leaving the process (%s): %s", code.name, why)
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def where(error: BaseException) -> str:
    """Say what kind of error it is and where it arose, without its message: that may quote a record."""
    frames = traceback.extract_tb(error.__traceback__)
    at = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-4:]))
    return f"{type(error).__name__} at {at or 'an unknown place'}"
