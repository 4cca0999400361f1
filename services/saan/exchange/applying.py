"""What happens between the engine and the stations: broker and registry become what is governed."""

from collections.abc import Callable, Mapping
from typing import Any

from saan.embedded.engine import Endpoints
from saan.governance.apply import apply
from saan.governance.site import Site, site
from saan.wire.settings import Settings

Apply = Callable[[Endpoints], None]


def place(settings: Settings, bootstrap: str, registry: str) -> Site:
    """The ways into broker, registry and this folder's secrets; a context."""
    return site(bootstrap, registry, settings.dir / "credentials")


def applying(entities: Mapping[str, Any], settings: Settings) -> Apply:
    """Applies ``entities`` (see ``wire.files.Folder``) to an engine that was just started."""

    def to(engine: Endpoints) -> None:
        with place(settings, engine.bootstrap, engine.registry) as at:
            apply(entities, at, profile=settings.profile)

    return to
