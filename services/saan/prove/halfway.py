"""A station that kills itself half-way: `python -m saan.prove.halfway STATION SEED`.

It is the station itself, put together with a hook of the transport: after some blocks it sends SIGKILL to its own
process, either when everything of a block has been sent and nothing committed, or when the block is committed and what
is kept locally is not yet written. The station as people run it has no such switch.
"""

import asyncio
import importlib
import logging
import os
import signal
import sys
from random import Random
from typing import Final

import structlog
import uvloop

from saan.wire.settings import Settings
from saan.wire.transport import Hooks, Lane

_LOG = structlog.get_logger()
_MOST_BLOCKS: Final = 40


class Death:
    """A hook that ends this process in the ``nth`` block that passes it."""

    def __init__(self, point: str, nth: int) -> None:
        self._point, self._left = point, nth

    async def __call__(self, lane: Lane) -> None:
        self._left -= 1
        if self._left == 0:
            _LOG.warning("halfway.dies", point=self._point, topic=lane.tp.topic, partition=lane.tp.partition)
            os.kill(os.getpid(), signal.SIGKILL)


def hooks(seed: int) -> Hooks:
    """One death, before a commit three times out of four and after it otherwise."""
    chance = Random(seed)
    point = chance.choices(("before_commit", "after_commit"), (3, 1))[0]
    return Hooks(**{point: Death(point, chance.randint(1, _MOST_BLOCKS))})


def main() -> None:
    station, seed = sys.argv[1:]
    logging.basicConfig(level=logging.WARNING)
    run = importlib.import_module(f"saan.{station}.app").run
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        sys.exit(int(runner.run(run(Settings(), hooks=hooks(int(seed)))) or 0))


if __name__ == "__main__":
    main()
