"""Whoever asks a station to stop takes nothing away: its successor stands ready and serves at once."""

import os
import signal

import pytest

from saan.exchange.stations import WITH_SUCCESSOR

from .conftest import SCHOOL, Running, event, eventually, example


def stands_ready(exchange: Running, station: str) -> bool:
    """Whether the process that is to follow has said that it waits for nothing but its turn."""
    log = exchange.folder / "logs" / f"{station}.next.log"
    return f"{station}.next" in exchange.endpoints.pids and log.exists() and "turn.waits" in log.read_text("utf-8")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("station", sorted(WITH_SUCCESSOR))
def test_the_process_that_stood_ready_serves_and_records_go_on_travelling(
    exchange: Running, station: str, number: signal.Signals
) -> None:
    eventually(lambda: stands_ready(exchange, station), 90)
    before, successor = (exchange.endpoints.pids[name] for name in (station, f"{station}.next"))

    os.kill(before, number)
    sent = event("student.enrolled", SCHOOL, example("student.enrolled"))

    assert exchange.publish(SCHOOL, sent) == ["accepted"]
    eventually(lambda: exchange.arrived("peo-96")[sent["id"]] == 1, 60)
    assert exchange.endpoints.pids[station] == successor


def test_a_running_exchange_has_a_successor_for_every_station_on_a_records_way(exchange: Running) -> None:
    eventually(lambda: all(stands_ready(exchange, station) for station in WITH_SUCCESSOR), 90)
