"""A real Kafka, and a real registry, for every test that needs one.

`kafka` is any broker: the one named in SAAN_TEST_BOOTSTRAP, else one from a Docker engine, else the embedded one.
`engine` is always the embedded engine with its registry. Both are started once per run and shared: a test makes its
own topic, group and subject names.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from saan.embedded import Engine
from saan.embedded.progress import watcher_for


def _docker_answers() -> bool:
    if shutil.which("docker") is None:
        return False
    try:
        asked = subprocess.run(
            ["docker", "info", "--format", "{{.ServerVersion}}"], capture_output=True, timeout=5, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return asked.returncode == 0


@pytest.fixture(scope="session")
def engine_cache() -> Path | None:
    """Where the engine's programs are kept: SAAN_CACHE when set, else this user's cache (None)."""
    return Path(os.environ["SAAN_CACHE"]) if os.environ.get("SAAN_CACHE") else None


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory, engine_cache: Path | None) -> Iterator[Engine]:
    """The embedded engine, started, with one broker and the registry."""
    started = Engine(tmp_path_factory.mktemp("engine"), engine_cache)
    started.start(watcher_for())
    yield started
    started.stop()


@pytest.fixture(scope="session")
def kafka(request: pytest.FixtureRequest) -> Iterator[str]:
    """The bootstrap servers of a real broker that grants this client everything."""
    if given := os.environ.get("SAAN_TEST_BOOTSTRAP"):
        yield given
    elif _docker_answers():
        from testcontainers.community.kafka import KafkaContainer  # noqa: PLC0415 - it warns where no engine is

        with KafkaContainer().with_kraft() as container:
            yield container.get_bootstrap_server()
    else:
        yield request.getfixturevalue("engine").endpoints.bootstrap
