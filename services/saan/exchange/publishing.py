"""A new version of a code list on a running exchange: what it would have refused, and putting it in force."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from saan.core.reconsider import Reconsidering
from saan.governance import preview
from saan.governance.apply import apply, look
from saan.governance.changes import pending
from saan.governance.edition import Edition, Unfit
from saan.governance.preview import Preview
from saan.governance.site import Site
from saan.wire import lists, world
from saan.wire.files import Folder
from saan.wire.lag import LagMeter
from saan.wire.settings import Settings
from saan.wire.whole_log import WholeLog

_RECORD = "record."
_PATIENCE: Final = 30.0

Progress = Callable[[int, int], None]
"""Called with how many offsets of how many are read."""


def previewed(
    made: Edition, folder: Folder, at: Site, settings: Settings, *, progress: Progress | None = None
) -> Preview:
    """Decide every retained record that uses the list by the version in force and by the new one.

    ``folder`` is what is governed now; it must be in force as it is, so that publishing changes the list and nothing
    else. Raises ``Unfit`` or ``Trouble``.
    """
    others = pending(look(folder.entities(), at, profile=settings.profile))
    if others:
        raise Unfit(
            "codes.unapplied",
            f"schemas/ ต่างจากที่ประกาศใช้อยู่ {len(others)} ข้อ ข้อแรก: {others[0].said_th}",
            f"schemas/ differs from what is in force in {len(others)} other thing(s), the first: {others[0].said_en}",
            "ดูด้วย saan plan แล้วสั่ง saan apply ก่อนประกาศรายการรหัส",
            "Look at `saan plan` and run `saan apply` before publishing the list.",
        )
    again = Reconsidering(world.build(folder.entities(), settings.environment), made.after)
    there = at.cluster.topics()
    topics = [name for name in sorted(_RECORD + domain for domain in again.domains) if name in there]
    if not topics:
        return Preview()
    log = WholeLog(at.cluster.bootstrap, at.cluster.security, timeout=_PATIENCE)
    places = {(name, number): 0 for name in topics for number in range(there[name].partitions)}
    total = sum(LagMeter(at.cluster.bootstrap, at.cluster.security).ends(places).values())

    def come(_: int) -> None:
        if progress is not None:
            progress(sum(log.ends.values()), total)

    return preview.preview(log.read(topics, progress=come), again, at.registrar.content)


def published(made: Edition, at: Site, settings: Settings) -> None:
    """Write the list and its row of the index, then apply. Raises ``Trouble``; the files stay, `saan apply` goes on."""
    lists.save(made.folder.path, made.file)
    entities: Mapping[str, Any] = made.folder.entities()
    apply(entities, at, profile=settings.profile)
