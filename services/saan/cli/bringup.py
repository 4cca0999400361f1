"""What a command that starts an exchange needs: progress for people, and governance applied before stations start."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from saan.cli.failure import Failure
from saan.embedded.engine import Endpoints
from saan.embedded.progress import Watcher, watcher_for
from saan.governance.apply import apply
from saan.governance.check import check_parsed
from saan.governance.site import Site, site
from saan.wire import files
from saan.wire.files import Folder
from saan.wire.settings import Settings


def watcher() -> Watcher:
    """Progress on standard error: a bar on a terminal, plain lines elsewhere."""
    return watcher_for()


def checked(settings: Settings) -> Folder:
    """What ``schemas/`` says. Raises a ``Failure`` that names the first fault and how many there are."""
    folder = files.read(files.default_folder(settings.schemas))
    faults = check_parsed(folder)
    if faults:
        first = faults[0]
        raise Failure(
            "cli.schemas-faulty",
            f"schemas/ มีข้อผิด {len(faults)} ข้อ ข้อแรก: {first.file} {first.field}: {first.said_th}",
            f"schemas/ has {len(faults)} fault(s), the first: {first.file} {first.field}: {first.said_en}",
            "ดูทั้งหมดด้วย saan check",
            "See all of them with `saan check`.",
        )
    return folder


@contextmanager
def place(settings: Settings, bootstrap: str, registry: str) -> Iterator[Site]:
    """The ways into broker, registry and the folder of secrets, closed at the end."""
    found = site(bootstrap, registry, settings.dir / "credentials")
    with found.registrar:
        yield found


def applier(settings: Settings, seen: Watcher) -> Callable[[Endpoints], None]:
    """Applies ``schemas/`` to a freshly started engine."""
    folder = checked(settings)

    def to(engine: Endpoints) -> None:
        seen.note("ประกาศใช้ schemas/", "applying schemas/")
        with place(settings, engine.bootstrap, engine.registry) as at:
            apply(folder.entities(), at, profile=settings.profile)

    return to
