"""A station is served by one process while another one waits to take its turn."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from saan.exchange.backoff import FIRST, WANTED_AFTER
from saan.exchange.stations import WANTED_ENDS
from saan.exchange.watched import ANOTHER_AFTER, SUCCESSOR_AFTER, Watched
from saan.wire.transport import Exit

DOUBT = 70


class Process:
    """A process that ends when the test says so."""

    def __init__(self, pid: int, log: Path) -> None:
        self.pid, self.log = pid, log
        self.exit_code: int | None = None
        self.waited_for = False

    def ask_to_stop(self) -> None:
        self.exit_code = 0

    def wait(self, deadline: float) -> int:
        self.waited_for = True
        self.exit_code = 137 if self.exit_code is None else self.exit_code
        return self.exit_code


class Ground:
    """A folder, a clock that the test moves, and every process that was started."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.now = folder, 100.0
        self.started: list[Process] = []
        self.full = False
        self._pids: Iterator[int] = count(1)

    def start(self, log: Path) -> Process:
        if self.full:
            raise OSError("router could not be started")
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(f"written by {len(self.started)}", encoding="ascii")
        self.started.append(Process(next(self._pids), log))
        return self.started[-1]

    def watched(self, *, succeeded: bool = True) -> Watched:
        made = Watched("router", self.start, self.folder, succeeded=succeeded, clock=lambda: self.now)
        made.begin()
        return made


@pytest.fixture
def ground(tmp_path: Path) -> Ground:
    return Ground(tmp_path)


def test_a_successor_is_started_once_the_station_has_served_for_a_while(ground: Ground) -> None:
    station = ground.watched()

    assert not station.prepare()
    ground.now += SUCCESSOR_AFTER

    assert station.prepare()
    assert not station.prepare()
    assert [station.serving, station.successor] == ground.started


def test_a_station_without_successors_never_gets_one(ground: Ground) -> None:
    station = ground.watched(succeeded=False)
    ground.now += 1000

    assert not station.prepare()


@pytest.mark.parametrize("code", [0, 137, DOUBT])
def test_the_successor_takes_over_at_the_next_look_however_the_station_ended(ground: Ground, code: int) -> None:
    station = ground.watched()
    ground.now += SUCCESSOR_AFTER
    station.prepare()
    first, second = ground.started

    first.exit_code = code

    assert station.look()
    assert first.waited_for
    assert (station.serving, station.successor) == (second, None)
    assert not station.look()


def test_the_log_of_the_station_is_that_of_the_process_that_serves(ground: Ground) -> None:
    station = ground.watched()
    ground.now += SUCCESSOR_AFTER
    station.prepare()
    ground.started[0].exit_code = 0
    station.look()

    logs = {path.name: path.read_text(encoding="ascii") for path in (ground.folder / "logs").iterdir()}

    assert logs == {"router.log": "written by 1", "router.1.log": "written by 0"}


def test_a_station_that_falls_over_again_and_again_waits_although_it_had_a_successor(ground: Ground) -> None:
    station = ground.watched()
    ground.now += SUCCESSOR_AFTER
    station.prepare()
    ground.started[0].exit_code = DOUBT
    station.look()
    ground.started[1].exit_code = DOUBT

    assert not station.look()
    assert not station.prepare()
    ground.now += 2 * FIRST

    assert station.look()
    assert station.serving is ground.started[2]


def test_a_station_that_was_asked_to_stop_and_has_no_successor_is_started_at_once(ground: Ground) -> None:
    station = ground.watched(succeeded=False)
    ground.now += WANTED_AFTER
    ground.started[0].exit_code = 0

    assert station.look()
    assert station.serving is ground.started[1]


def test_a_waiting_station_is_started_when_what_it_fell_over_for_is_back(ground: Ground) -> None:
    station = ground.watched(succeeded=False)
    ground.started[0].exit_code = DOUBT
    assert not station.look()

    station.wait_no_longer()

    assert station.look()


def test_a_successor_that_ends_while_it_waits_is_replaced_later_and_disturbs_nobody(ground: Ground) -> None:
    station = ground.watched()
    ground.now += SUCCESSOR_AFTER
    station.prepare()
    ground.started[1].exit_code = 1

    assert not station.look()
    assert not station.prepare()
    ground.now += ANOTHER_AFTER

    assert station.prepare()
    assert station.serving is ground.started[0]


def test_a_dismissed_successor_has_ended_and_takes_no_turn(ground: Ground) -> None:
    station = ground.watched()
    ground.now += SUCCESSOR_AFTER
    station.prepare()

    station.dismiss()

    assert ground.started[1].exit_code == 137
    assert station.successor is None


def test_a_process_that_cannot_be_started_is_tried_again_and_disturbs_nobody(ground: Ground) -> None:
    station = ground.watched(succeeded=False)
    ground.full, ground.started[0].exit_code = True, DOUBT
    ground.now += FIRST

    assert not station.look()
    ground.now += 2 * FIRST
    assert not station.look()
    ground.full = False
    ground.now += 4 * FIRST

    assert station.look()
    assert station.serving is ground.started[1]


def test_a_successor_that_cannot_be_started_is_tried_again_later(ground: Ground) -> None:
    station = ground.watched()
    ground.now += SUCCESSOR_AFTER
    ground.full = True

    assert not station.prepare()
    ground.full = False
    assert not station.prepare()
    ground.now += ANOTHER_AFTER

    assert station.prepare()


def test_a_successor_takes_over_even_where_logs_can_be_neither_kept_nor_renamed(ground: Ground) -> None:
    station = ground.watched()
    ground.now += SUCCESSOR_AFTER
    station.prepare()
    logs = ground.folder / "logs"
    (logs / "router.1.log").mkdir()
    (logs / "router.next.log").unlink()
    ground.started[0].exit_code = DOUBT

    assert station.look()
    assert station.serving is ground.started[1]


def test_the_ends_that_are_no_failures_are_the_transports_own() -> None:
    assert frozenset({Exit.DONE, Exit.TOPICS_CHANGED}) == WANTED_ENDS
