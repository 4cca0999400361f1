"""One run: an exchange of its own, publishers at work, faults by schedule, and the checkers once all is at rest."""

import asyncio
import shutil
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from saan.prove import plant, state, words
from saan.prove.arsenal import Arsenal
from saan.prove.check import Found, Meant, check
from saan.prove.evidence import Evidence
from saan.prove.faults import all_means
from saan.prove.options import Options, Tell
from saan.prove.playing import Played, Playing
from saan.prove.processes import Processes
from saan.prove.result import Course, Result
from saan.prove.state import Remembered, stale
from saan.prove.stores import stores
from saan.prove.striking import whole
from saan.wire.settings import Settings

EXCHANGE: Final = "exchange"
"""The folder of the exchange under test, in the folder of the run."""
AS_FOUND: Final = "as-found"
"""Where its topics and its state are kept when a checker found something."""


class Cut(Exception):
    """Somebody ended the run before its time: nothing was checked. ``course`` is how it had gone so far."""

    def __init__(self, course: Course) -> None:
        self.course = course
        super().__init__("หยุดก่อนเวลา จึงไม่ได้ตรวจ · cut short: nothing was checked")


async def prove(settings: Settings, options: Options, tell: Tell) -> Result:
    """Play one run in ``options.folder``. Cancelling ends it with everything stopped.

    Raises ``Cut``, ``NeverUp``, ``UnknownFault`` and ``reading.Unread``.
    """
    kept = options.folder / "logs"
    kept.mkdir(parents=True, exist_ok=True)
    own = settings.model_copy(update={"dir": options.folder / EXCHANGE})
    processes = Processes(own, kept, brokers=options.brokers)
    arsenal = Arsenal(all_means(options.folder, processes.brokers), options.only)
    keeper = words.Keeper(own.dir, kept)
    playing = Playing(own, options, processes, arsenal, keeper, tell)
    try:
        played = await _played(own.dir, playing, processes, arsenal)
        held, left_out = await asyncio.to_thread(stores, own.dir)  # while their disk is there
        for store in left_out:
            tell(f"not read, since its router would make it anew: {store}")
        remembered = Remembered(held, played.moves, played.ends)
        found = await asyncio.to_thread(_found, played, remembered, playing, keeper)
        if any(found.values()):
            await asyncio.to_thread(_keep, own.dir, options.folder / AS_FOUND)
            tell(f"topics and state are kept as they were found: {options.folder / AS_FOUND}")
    except asyncio.CancelledError:
        raise Cut(playing.course()) from None
    finally:
        arsenal.close()
    return _result(options, processes, playing.course(), played, remembered, found)


async def _played(exchange: Path, playing: Playing, processes: Processes, arsenal: Arsenal) -> Played:
    """The run, from the start of the exchange until it has stopped."""
    try:
        processes.given |= await whole(arsenal.prepare, exchange)
        await whole(processes.start)
        return await playing.play()
    finally:
        await whole(processes.stop)


def _found(played: Played, remembered: Remembered, playing: Playing, keeper: words.Keeper) -> dict[str, list[Found]]:
    """What every checker found; the exchange has stopped, so that its last words are among the logs."""
    keeper.look()
    told = words.told([*keeper.texts(), *played.metrics], playing.identities(), playing.secrets())
    return check(played.book, played.seen) | {"stale": list(stale(played.seen, remembered)), "told": told}


def _keep(exchange: Path, folder: Path) -> None:
    """Copy what the brokers and the stations leave behind: the disks they wrote to are gone when the run has ended."""
    for part in ("engine", "state"):
        shutil.copytree(exchange / part, folder / part, dirs_exist_ok=True, ignore_dangling_symlinks=True)


def _result(
    options: Options,
    processes: Processes,
    course: Course,
    played: Played,
    remembered: Remembered,
    found: dict[str, list[Found]],
) -> Result:
    book, seen = played.book, played.seen
    handed_in = book.taken | book.refused_at_once | {record.publication for record in seen.outbox}
    return Result(
        course=course,
        intents=Counter(str(intent.fate) for intent in played.intents),
        unacknowledged=sum(key not in handed_in for key in (*book.accepted, *book.refused)),
        deliveries=sum(map(len, seen.inboxes.values())),
        refused=len(seen.quarantine),
        found=found,
        supervisor_ended=processes.ended_by_itself,
        drained=played.drained,
        planted={} if any(found.values()) else planted(book, seen, remembered, options.seed),
    )


def planted(book: Meant, seen: Evidence, remembered: Remembered, seed: int) -> dict[str, bool]:
    """For every kind of fault: whether its checker names it, and it alone, when planted into this very evidence."""
    tries: dict[str, Callable[[], bool]] = {name: partial(plant.named, book, seen, name, seed) for name in plant.KINDS}
    tries["misremember"] = partial(state.named, seen, remembered, seed)
    told = {}
    for name, named in tries.items():
        try:
            told[name] = named()
        except plant.Barren:
            continue
    return told
