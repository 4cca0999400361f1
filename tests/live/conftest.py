"""A real Kafka, and a real registry, for every test that needs one.

`kafka` is any broker: the one named in SAAN_TEST_BOOTSTRAP, else one from a Docker engine, else the embedded one.
`engine` is always the embedded engine with its registry. Both are started once per run and shared: a test makes its
own topic, group and subject names.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import docker
import pytest
from docker.errors import DockerException, ImageNotFound
from testcontainers.core.config import testcontainers_config
from testcontainers.core.container import DockerContainer
from testcontainers.core.docker_client import DockerClient
from testcontainers.core.wait_strategies import LogMessageWaitStrategy

from saan.embedded import Engine
from saan.embedded.kafka import Node, properties
from saan.embedded.progress import watcher_for

_IMAGE = "apache/kafka:4.3.1"
_PORT = 9092


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
def kafka(request: pytest.FixtureRequest, said: list[str]) -> Iterator[str]:
    """The bootstrap servers of a real broker that grants this client everything; says which, and why not another."""
    if given := os.environ.get("SAAN_TEST_BOOTSTRAP"):
        said.append(f"kafka: {given} (SAAN_TEST_BOOTSTRAP)")
        yield given
    elif lacking := _no_container():
        said.append(f"kafka: the embedded engine ({lacking})")
        yield request.getfixturevalue("engine").endpoints.bootstrap
    else:
        said.append(f"kafka: {_IMAGE} in a container")
        with _container() as container:
            yield _advertise(container)


def _no_container() -> str | None:
    """Why no container can serve as broker here; ``None`` when one can, and its images are then on this machine."""
    if not _docker_answers():
        return "no Docker engine answers"
    images = [_IMAGE] if testcontainers_config.ryuk_disabled else [_IMAGE, testcontainers_config.ryuk_image]
    try:
        with closing(DockerClient().client) as client:
            for image in images:
                _fetch(client, image)
    except (DockerException, OSError) as error:
        return f"a Docker engine answers, but images cannot be had: {getattr(error, 'explanation', None) or error}"
    return None


def _docker_answers() -> bool:
    """Asked with Docker's own command: its Python library leaves a socket open when nobody answers."""
    if shutil.which("docker") is None:
        return False
    try:
        asked = subprocess.run(["docker", "info"], capture_output=True, timeout=5, check=False)
    except subprocess.TimeoutExpired:
        return False
    return asked.returncode == 0


def _fetch(client: docker.DockerClient, image: str) -> None:
    try:
        client.images.get(image)
    except ImageNotFound:
        client.images.pull(image)


def _container() -> DockerContainer:
    """A broker with the embedded engine's settings. It waits to be told where it can be reached, see `_advertise`."""
    node = Node(1, "kafka", Path("/var/lib/kafka"), {"PLAINTEXT": _PORT, "PARTICIPANTS": 9094, "CONTROLLER": 9093})
    settings = properties(node, [node]) | {"listeners": f"PLAINTEXT://:{_PORT},CONTROLLER://127.0.0.1:9093"}
    del settings["advertised.listeners"]
    container = DockerContainer(_IMAGE).with_exposed_ports(_PORT).with_env("CLUSTER_ID", "c2Fhbi10ZXN0cy0tLS0tMQ")
    for key, value in settings.items():
        container.with_env(_variable(key), value)
    wait = "until [ -s /dev/shm/advertised ]; do sleep 0.1; done"
    run = "KAFKA_ADVERTISED_LISTENERS=$(cat /dev/shm/advertised) exec /etc/kafka/docker/run"
    return container.with_command(["bash", "-c", f"{wait}; {run}"])


def _variable(key: str) -> str:
    """How the image wants a setting: ``a.b-c`` becomes ``KAFKA_A_B___C``."""
    return "KAFKA_" + key.replace("_", "__").replace("-", "___").replace(".", "_").upper()


def _advertise(container: DockerContainer) -> str:
    """Tell the broker its address, which the engine chooses as it starts the container; returns it once it serves."""
    address = f"{container.get_container_host_ip()}:{container.get_exposed_port(_PORT)}"
    container.exec(["bash", "-c", f"echo PLAINTEXT://{address} > /dev/shm/advertised"])
    LogMessageWaitStrategy("Kafka Server started").with_startup_timeout(60).wait_until_ready(container)
    return address
