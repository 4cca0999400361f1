"""A station that cannot start says why in one coded sentence, and its exit code tells its supervisor the same."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from aiokafka import errors

from saan.cli.station import MISSING_TOPIC, UNABLE, exit_code
from saan.wire.connection import away
from saan.wire.log import LogAway
from saan.wire.registry_types import SchemaUnavailable
from saan.wire.transport import Exit
from saan.wire.trouble import Trouble

STARTING = """
import asyncio, sys, types
from aiokafka import AIOKafkaConsumer
from saan.cli import station
from saan.wire.trouble import Trouble

name, why = sys.argv[1:]

async def run(settings):
    if why == "governance":
        raise Trouble("cluster.no-governance")
    if why == "secret":
        raise Trouble("secret.wrong-size", name="gateway.key")
    consumer = AIOKafkaConsumer(bootstrap_servers=settings.bootstrap)
    try:
        await consumer.start()
    finally:
        await consumer.stop()

sys.modules[f"saan.{name}.app"] = types.SimpleNamespace(run=run)
from saan.cli import main
sys.argv = ["saan", "station", name]
main()
"""
"""The command with a composition root of this test's own: what it does with errors is what is tested."""

NOBODY_THERE: Mapping[str, str] = {"SAAN_BOOTSTRAP": "127.0.0.1:1", "SAAN_REGISTRY": "http://127.0.0.1:1"}


@pytest.mark.parametrize(
    ("why", "code", "exit"),
    [
        ("broker", "cluster.away", Exit.UNABLE),
        ("governance", "cluster.no-governance", Exit.MISSING_TOPIC),
        ("secret", "secret.wrong-size", 1),
    ],
)
def test_what_keeps_a_station_from_starting_is_said_and_told_by_the_exit_code(
    tmp_path: Path, why: str, code: str, exit: int
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", STARTING, "gateway", why],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
        cwd=tmp_path,
        env={**os.environ, **NOBODY_THERE},
    )

    assert done.returncode == exit, done.stderr
    assert re.findall(r"^[a-z.-]+(?=: )", done.stderr, re.MULTILINE) == [code, code], done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_the_exit_code_is_told_even_where_nothing_can_be_written(tmp_path: Path) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-c", STARTING, "gateway", "governance"],
            stdout=full,
            stderr=full,
            timeout=600,
            check=False,
            cwd=tmp_path,
            env={**os.environ, **NOBODY_THERE, "PYTHONUNBUFFERED": "1"},
        )

    assert done.returncode == Exit.MISSING_TOPIC


def test_every_error_of_the_kafka_client_has_a_code_and_means_that_the_station_is_unable() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.KafkaError)]
    assert len(kinds) > 50

    said = {kind.__name__: away(kind()) for kind in kinds}

    assert said["KafkaConnectionError"].code == said["KafkaTimeoutError"].code == "cluster.away"
    assert said["TopicAuthorizationFailedError"].code == "cluster.refused"
    assert {exit_code(trouble) for trouble in said.values()} == {UNABLE}


def test_a_log_or_a_registry_that_is_away_means_that_the_station_is_unable() -> None:
    assert {exit_code(error) for error in (LogAway("ledger"), SchemaUnavailable(7))} == {UNABLE}
    assert exit_code(Trouble("registry.away", cause="ConnectError")) == UNABLE


def test_the_exit_codes_are_the_transports_own() -> None:
    assert (UNABLE, MISSING_TOPIC) == (Exit.UNABLE, Exit.MISSING_TOPIC)
