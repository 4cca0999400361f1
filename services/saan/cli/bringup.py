"""What a command that starts an exchange needs: progress for people, and governance applied before stations start."""

from saan.cli.failure import Failure
from saan.embedded.engine import Endpoints
from saan.embedded.progress import Watcher, watcher_for
from saan.exchange.applying import Apply, applying
from saan.governance.check import check_parsed
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


def applier(settings: Settings, seen: Watcher) -> Apply:
    """Applies ``schemas/``, once checked, to a freshly started engine."""
    to_engine = applying(checked(settings).entities(), settings)

    def to(engine: Endpoints) -> None:
        seen.note("ประกาศใช้ schemas/", "applying schemas/")
        to_engine(engine)

    return to
