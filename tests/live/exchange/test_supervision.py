"""The supervisor brings back whatever falls over, and one folder runs one exchange."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from saan.exchange.stations import STATIONS

from .conftest import SCHOOL, Running, event, eventually, example

SAAN = Path(sys.executable).parent / "saan"


@pytest.mark.parametrize("name", ["kafka", "registry"])
def test_a_killed_part_of_the_engine_comes_back_and_records_travel_again(exchange: Running, name: str) -> None:
    before = exchange.endpoints.pids[name]
    os.kill(before, signal.SIGKILL)

    eventually(lambda: exchange.endpoints.pids[name] != before, 60)
    sent = event("student.enrolled", SCHOOL, example("student.enrolled"))

    assert exchange.publish(SCHOOL, sent) == ["accepted"]
    eventually(lambda: exchange.arrived("peo-96")[sent["id"]] == 1, 90)


def test_every_station_has_a_process_and_says_how_it_is(exchange: Running) -> None:
    here = exchange.endpoints

    assert set(STATIONS) <= here.pids.keys()
    for address in (here.gateway, here.deliverer, here.console):
        eventually(lambda a=address: httpx.get(f"{a}/readyz", timeout=5).status_code == 200, 60)


def test_a_second_exchange_on_the_same_folder_refuses_and_names_who_has_it(exchange: Running) -> None:
    done = subprocess.run(
        [SAAN, "up", "--dir", str(exchange.folder)], capture_output=True, text=True, timeout=60, check=False
    )

    assert done.returncode == 1
    assert done.stderr.count("engine.folder-in-use") == 2
    assert str(exchange.endpoints.pids["supervisor"]) in done.stderr
    assert "Traceback" not in done.stderr


def test_commands_reach_an_exchange_elsewhere_by_its_addresses(exchange: Running, tmp_path: Path) -> None:
    here = exchange.endpoints
    elsewhere = {"SAAN_BOOTSTRAP": here.bootstrap, "SAAN_REGISTRY": here.registry, "SAAN_DIR": str(tmp_path)}

    for command in (["lag", "--json"], ["topics", "--json"], ["inbox", "peo-96", "--json"], ["quarantine", "list"]):
        done = subprocess.run(
            [SAAN, *command], capture_output=True, text=True, timeout=60, check=False, env={**os.environ, **elsewhere}
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout
