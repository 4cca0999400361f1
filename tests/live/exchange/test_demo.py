"""The demo on a whole exchange, with stations that die while it plays and with a delivery that nobody is owed."""

import os
import signal
from collections.abc import Callable, Mapping
from pathlib import Path

import confluent_kafka
import pytest

from saan.demo import ground
from saan.demo.planted import event_id
from saan.demo.progress import Quiet, Stage
from saan.demo.result import Result
from saan.demo.run import Options, play
from saan.exchange.stations import STATIONS
from saan.wire import files
from saan.wire.credentials import Vault

from .conftest import Running

SCHEMAS = files.default_folder()
PUPILS = 210


class Meddling(Quiet):
    """Does something to the exchange when a stage begins."""

    def __init__(self, at: Mapping[Stage, Callable[[], None]]) -> None:
        self._at = at

    def begin(self, stage: Stage, total: int) -> None:
        self._at.get(stage, lambda: None)()


async def played(
    exchange: Running, folder: Path, at: Mapping[Stage, Callable[[], None]] | None = None, run: str = ""
) -> Result:
    options = Options(folder, pupils=PUPILS, seed=11, run=run)
    return await play(exchange.endpoints, Vault(exchange.folder / "credentials"), SCHEMAS, options, Meddling(at or {}))


async def test_everybody_gets_exactly_what_it_is_owed_run_after_run(exchange: Running, tmp_path: Path) -> None:
    for name in ("first", "second"):
        result = await played(exchange, tmp_path / name)

        assert result.balanced, result.as_json()
        assert result.published == result.accepted + result.rejected
        assert result.rejected > 0
        assert result.rows_refused > 0
        got = {account.participant: account.got for account in result.accounts}
        assert got == {account.participant: account.owed for account in result.accounts}
        assert 0 < got["peo-96"] < result.accepted  # protected facts reach nobody


@pytest.mark.timeout(600)
async def test_stations_killed_one_after_the_other_change_nothing(exchange: Running, tmp_path: Path) -> None:
    victims = {
        Stage.IMPORT: ("gateway",),
        Stage.ENROLMENTS: ("validator",),
        Stage.MORNING: ("router", "console"),
        Stage.NOON: ("deliverer",),
        Stage.AFTERNOON: ("validator",),
    }
    killed: list[int] = []

    def kill(stations: tuple[str, ...]) -> None:
        for station in stations:
            killed.append(exchange.endpoints.pids[station])
            os.kill(killed[-1], signal.SIGKILL)

    result = await played(exchange, tmp_path, {stage: lambda s=names: kill(s) for stage, names in victims.items()})

    assert {name for names in victims.values() for name in names} == set(STATIONS)
    assert len(killed) == sum(map(len, victims.values()))
    assert set(killed).isdisjoint(exchange.endpoints.pids.values())
    assert result.balanced, result.as_json()


async def test_a_delivery_that_nobody_is_owed_is_found(exchange: Running, tmp_path: Path) -> None:
    stranger, run = "moph-school-health", "with-a-leak"
    source = ground.read(SCHEMAS).schools[0].participant
    leaked = event_id(run, "student.enrolled", 0)

    def leak() -> None:
        producer = confluent_kafka.Producer({"bootstrap.servers": exchange.endpoints.bootstrap})
        headers = {"ce_type": b"student.enrolled", "ce_source": source.encode(), "ce_id": leaked.encode()}
        producer.produce(f"inbox.{stranger}", value=b"", headers=list(headers.items()))
        assert producer.flush(10) == 0

    result = await played(exchange, tmp_path, {Stage.NOON: leak}, run)

    assert not result.balanced
    (account,) = [one for one in result.accounts if not one.balanced]
    assert (account.participant, account.surplus) == (stranger, ((source, leaked),))
