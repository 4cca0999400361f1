"""What ends in the engine is started again, without taking anything down and without holding anything up."""

import asyncio
import threading
import time
from collections.abc import Mapping

from saan.embedded.errors import EngineError
from saan.exchange.mending import Mender


class Engine:
    """An engine whose broker has ended; ``failures`` is how often it dies again while it is started."""

    def __init__(self, failures: int = 0) -> None:
        self.failures, self.starts = failures, 0
        self.codes: dict[str, int | None] = {"kafka": 137, "registry": None}
        self.may_go_on = threading.Event()
        self.may_go_on.set()

    def poll(self) -> Mapping[str, int | None]:
        return dict(self.codes)

    def restart(self, name: str) -> None:
        self.may_go_on.wait(10)
        self.starts += 1
        if self.starts <= self.failures:
            raise EngineError("engine.died", name=name, exit=137, folder="somewhere")
        self.codes[name] = None


class Pair(Engine):
    """Three brokers of which two have ended: neither serves before the other has been started."""

    def __init__(self) -> None:
        super().__init__()
        self.codes = {"kafka-1": 137, "kafka-2": 137, "kafka-3": None}
        self.both = threading.Barrier(2)

    def restart(self, name: str) -> None:
        self.both.wait(5)
        self.codes[name] = None


async def until_back(mender: Mender) -> None:
    async with asyncio.timeout(10):
        while not mender.look():
            await asyncio.sleep(0.01)


async def test_a_child_that_ended_is_started_again() -> None:
    engine = Engine()
    await until_back(Mender(engine))

    assert engine.starts == 1
    assert engine.codes["kafka"] is None


async def test_a_child_that_dies_while_it_is_started_again_is_started_once_more() -> None:
    engine = Engine(failures=2)
    await until_back(Mender(engine))

    assert engine.starts == 3


async def test_two_that_ended_are_started_side_by_side_because_either_may_need_the_other() -> None:
    engine = Pair()
    await until_back(mender := Mender(engine))
    await mender.finish()

    assert engine.codes == {"kafka-1": None, "kafka-2": None, "kafka-3": None}


async def test_looking_does_not_wait_for_a_start_under_way() -> None:
    engine = Engine()
    engine.may_go_on.clear()
    mender = Mender(engine)

    began = time.monotonic()
    assert not mender.look()
    assert not mender.look()
    assert time.monotonic() - began < 1.0

    engine.may_go_on.set()
    await mender.finish()
    assert engine.starts == 1


async def test_nothing_is_started_while_everything_runs() -> None:
    engine = Engine()
    engine.codes["kafka"] = None

    assert not Mender(engine).look()
    assert engine.starts == 0
