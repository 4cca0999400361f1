"""The compose file as it stands, brought up under a name and on ports of its own, and taken down with its volumes.

Only where SAAN_TEST_COMPOSE=1 asks for it and a Docker engine answers: an image is built and others are fetched, which
takes minutes and gigabytes that nobody should spend by running the tests.
"""

import os
import shutil
import socket
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docker
import pytest
from docker.models.containers import Container
from testcontainers.compose import DockerCompose
from testcontainers.core.docker_client import DockerClient

from saan.exchange.stations import STATIONS
from saan.wire.credentials import Vault

_ROOT = Path(__file__).parents[3]
_FROM_OUTSIDE = ("gateway", "deliverer")


@dataclass(frozen=True)
class Stack:
    """The running containers. `ports` are those of this machine, by service."""

    compose: DockerCompose
    engine: docker.DockerClient
    ports: dict[str, int]
    folder: Path
    said: list[str]
    """What the tests measured, for the summary."""

    def address(self, service: str) -> str:
        return f"http://127.0.0.1:{self.ports[service]}"

    def token(self, participant: str) -> str:
        """A participant's token, taken out of the volume as the guide of the services says, once."""
        kept = self.folder / f"{participant}.json"
        if not kept.exists():
            cat = ["run", "--rm", "--no-deps", "--entrypoint", "cat", "apply", f"/var/lib/saan/credentials/{kept.name}"]
            command = [*self.compose.compose_command_property, *cat]
            said = subprocess.run(command, cwd=_ROOT, capture_output=True, timeout=180, check=True)
            kept.write_bytes(said.stdout)
        return Vault(self.folder).read(participant).token

    def container(self, service: str) -> Container:
        return self.engine.containers.get(self.compose.get_container(service, include_all=True).ID)

    def crash(self, service: str) -> None:
        """SIGKILL to everything that runs in the container, from inside; waits until the engine has started it again.

        A container that is killed from outside counts as stopped by its operator, and the engine leaves it at that.
        """
        container = self.container(service)
        before = restarts(container)
        container.exec_run(["sh", "-c", "kill -9 -1"])
        eventually(lambda: restarts(container) > before, 60, f"{service} was started again")
        self.healthy(service)

    def healthy(self, service: str) -> None:
        container = self.container(service)
        eventually(lambda: state(container)["Health"]["Status"] == "healthy", 180, f"{service} is healthy")


def state(container: Container) -> dict[str, Any]:
    container.reload()
    found: dict[str, Any] = container.attrs["State"]
    return found


def restarts(container: Container) -> int:
    container.reload()
    return int(container.attrs["RestartCount"])


def eventually(holds: Callable[[], bool], seconds: float, what: str) -> None:
    """Poll until `holds()`; fails, naming `what`, when it does not within so many seconds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.2)


@pytest.fixture(scope="session")
def stack(said: list[str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    if lacking := _lacking():
        pytest.skip(lacking)
    folder = tmp_path_factory.mktemp("compose")
    ports = _free(_FROM_OUTSIDE)
    override = folder / "override.yml"
    override.write_text(_override(ports), encoding="utf-8")
    files = [str(_ROOT / "docker-compose.yml"), str(override)]
    # Not `up --wait`: it gives up when a station leaves to be started again, as one may while the brokers settle.
    composed = DockerCompose(_ROOT, files, build=True, wait=False)
    with composed as compose, closing(DockerClient().client) as engine:
        started = Stack(compose, engine, ports, folder, said)
        for station in STATIONS:
            started.healthy(station)
        yield started


def _lacking() -> str | None:
    """Why the containers cannot be brought up here; ``None`` when they can."""
    if os.environ.get("SAAN_TEST_COMPOSE") != "1":
        return "SAAN_TEST_COMPOSE is not 1: these tests build an image, pull several and take minutes"
    if shutil.which("docker") is None:
        return "there is no docker command"
    for command in (["docker", "info"], ["docker", "compose", "version"]):
        try:
            asked = subprocess.run(command, capture_output=True, timeout=20, check=False)
        except subprocess.TimeoutExpired:
            return f"no Docker engine answers: `{' '.join(command)}` does not end"
        if asked.returncode:
            return f"no Docker engine answers: `{' '.join(command)}` fails"
    return None


def _free(services: tuple[str, ...]) -> dict[str, int]:
    """A free port for each service, kept over a restart of its container (one that the engine chose would not be)."""
    held = {service: socket.create_server(("127.0.0.1", 0)) for service in services}
    ports = {service: int(at.getsockname()[1]) for service, at in held.items()}
    for at in held.values():
        at.close()
    return ports


def _override(ports: dict[str, int]) -> str:
    """A project name of its own, and only the ports that the tests need: a stack that runs already is left alone."""
    silent = ("kafka-1", "kafka-2", "kafka-3", "registry", "console")
    lines = [f"name: saan-test-{uuid.uuid4().hex[:8]}", "services:"]
    lines += [f"  {service}: {{ports: !reset []}}" for service in silent]
    lines += [f'  {service}: {{ports: !override ["127.0.0.1:{port}:8080"]}}' for service, port in ports.items()]
    return "\n".join(lines) + "\n"
