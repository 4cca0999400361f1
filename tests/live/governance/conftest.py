"""An exchange of its own, to be governed in ways that would disturb other tests."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from saan.embedded import Engine
from saan.governance.apply import Progress, apply, look
from saan.governance.changes import Change
from saan.governance.site import Site, site
from saan.wire import files
from saan.wire.credentials import Credentials


@dataclass(frozen=True)
class Place:
    """A real broker and registry, the demo province to govern them by, and a folder for secrets."""

    engine: Engine
    site: Site
    entities: dict[str, Any]

    @property
    def connection(self) -> dict[str, Any]:
        """Arguments of a station's aiokafka client."""
        return {"bootstrap_servers": self.engine.endpoints.bootstrap}

    def apply(self, entities: dict[str, Any] | None = None, progress: Progress | None = None) -> list[Change]:
        return apply(self.entities if entities is None else entities, self.site, progress=progress)

    def look(self) -> list[Change]:
        return look(self.entities, self.site)

    def sasl(self, participant: str) -> dict[str, Any]:
        """Arguments of a participant's aiokafka client."""
        return self.sasl_of(self.site.vault.read(participant))

    def sasl_of(self, credentials: Credentials) -> dict[str, Any]:
        return {
            "bootstrap_servers": self.engine.endpoints.bootstrap_sasl,
            "security_protocol": "SASL_PLAINTEXT",
            "sasl_mechanism": "SCRAM-SHA-512",
            "sasl_plain_username": credentials.user,
            "sasl_plain_password": credentials.password,
        }


@pytest.fixture(scope="package")
def ungoverned(tmp_path_factory: pytest.TempPathFactory, engine_cache: Path | None) -> Iterator[Place]:
    """Started once for this folder, with nothing applied at first."""
    entities = files.read(files.default_folder()).entities()
    with Engine(tmp_path_factory.mktemp("governed"), engine_cache) as engine:
        at = engine.endpoints
        with site(at.bootstrap, at.registry, tmp_path_factory.mktemp("credentials")) as here:
            yield Place(engine, here, entities)


@pytest.fixture
def place(ungoverned: Place) -> Place:
    """The demo province applied."""
    ungoverned.apply()
    return ungoverned


Eventually = Callable[[Callable[[], bool | Awaitable[bool]], str, float], Awaitable[float]]


@pytest.fixture
def eventually() -> Eventually:
    """Poll until something holds; gives the seconds it took, fails after the deadline."""

    async def wait(holds: Callable[[], bool | Awaitable[bool]], what: str, seconds: float) -> float:
        began = time.monotonic()
        while True:
            held = holds()
            if held if isinstance(held, bool) else await held:
                return time.monotonic() - began
            assert time.monotonic() - began < seconds, f"not within {seconds} s: {what}"
            await asyncio.sleep(0.02)

    return wait
