"""What the commands about reporting rounds share: the exchange as they see it, and the errors they say."""

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress, TextColumn, TimeElapsedColumn

from saan.cli.failure import Failure
from saan.cli.options import running, settings
from saan.client import Publisher, Verdict
from saan.core.organisations import Organisation
from saan.core.rounds import Pattern, Window
from saan.core.world import World
from saan.rounds.reading import Records
from saan.wire.connection import administrative
from saan.wire.credentials import Vault
from saan.wire.framed import Schema
from saan.wire.governance_log import GovernanceLog
from saan.wire.governed_records import entities
from saan.wire.lag import LagMeter
from saan.wire.registrar import Registrar
from saan.wire.schema_cache import SchemaCache
from saan.wire.settings import Settings
from saan.wire.whole_log import WholeLog
from saan.wire.world import build


@dataclass(frozen=True)
class Exchange:
    """The running exchange of a folder, as an operator of rounds sees it. Every access may raise ``Trouble``."""

    settings: Settings
    bootstrap: str
    registry: str
    gateway: str

    @property
    def security(self) -> dict[str, str]:
        return administrative(self.settings)

    @property
    def governance(self) -> GovernanceLog:
        return GovernanceLog(self.bootstrap, self.security)

    @cached_property
    def governed(self) -> Mapping[str, Any]:
        """The governance records in force when first asked for."""
        return entities(self.governance.read())

    @cached_property
    def world(self) -> World:
        return build(self.governed, self.settings.environment)

    @property
    def meter(self) -> LagMeter:
        return LagMeter(self.bootstrap, self.security)

    @contextmanager
    def records(self, *, quiet: bool) -> Iterator[Records]:
        """The canonical log, with a count of records on standard error while it is read."""
        registrar = Registrar(self.registry)
        columns = (TextColumn("{task.description} {task.completed:,}"), TimeElapsedColumn())
        try:
            with Progress(*columns, console=Console(stderr=True), transient=True, disable=quiet) as bar:
                task = bar.add_task("อ่านบันทึก · records read", total=None)
                log = WholeLog(self.bootstrap, self.security)
                yield Records(log, self.world, self._schema(registrar), lambda n: bar.advance(task, n))
        finally:
            registrar.close()

    def _schema(self, registrar: Registrar) -> Schema:
        """Schemas that the stations of this folder have met need no registry."""
        kept = SchemaCache(self.settings.schema_cache)

        def schema(id: int) -> Mapping[str, Any]:
            known = kept.find(id)
            return registrar.content(id) if known is None else known.schema

        return schema

    def publish(self, participant: str, events: Iterable[Mapping[str, Any]]) -> list[Verdict]:
        """Send events as this participant and return the gateway's verdicts."""
        with Publisher(self.gateway, Vault(self.settings.dir / "credentials").read(participant).token) as publisher:
            return list(publisher.publish(events))

    def window(self, round: str, year: int | None) -> Window:
        """The opened round of this name: of this academic year, or the latest. Raises a ``Failure``."""
        found = [w for w in self.world.rounds.windows if w.round == round and year in (None, w.year_be)]
        if not found:
            raise no_round(round, [w.round for w in self.world.rounds.windows])
        return max(found, key=lambda window: window.year_be)

    def pattern(self, window: Window) -> Pattern | None:
        return self.world.rounds.patterns.get(window.round)

    def school(self, id: str) -> Organisation:
        """The school of this key. Raises a ``Failure``."""
        found = self.world.organisations.get(id)
        if found is None or found.kind != "school":
            raise no_school(id)
        return found


def exchange(dir: Path | None) -> Exchange:
    """The exchange that runs in this folder. Raises a ``Failure`` when none does."""
    chosen = settings(dir)
    here = running(chosen)
    return Exchange(chosen, here.bootstrap, here.registry, here.gateway)


def now() -> int:
    """Microseconds since the epoch, UTC."""
    return time.time_ns() // 1000


def no_round(round: str, opened: Iterable[str]) -> Failure:
    listed = ", ".join(sorted(set(opened))) or "-"
    return Failure(
        "cli.no-round",
        f"ไม่มีรอบ {round} ที่เปิดอยู่ (ที่เปิดแล้ว: {listed})",
        f"No round {round} has been opened (opened: {listed}).",
        f"ตรวจชื่อรอบและปีด้วย saan round status หรือเปิดด้วย saan round open {round} --year ปี",
        f"Compare round and year with `saan round status`, or open it: saan round open {round} --year YEAR.",
    )


def no_school(school: str) -> Failure:
    return Failure(
        "cli.no-school",
        f"ไม่มีสถานศึกษา {school}",
        f"There is no school {school}.",
        "ใช้รหัสสถานศึกษาจาก schemas/organisations/schools.csv (SC-…)",
        "Use a key of schemas/organisations/schools.csv (SC-…).",
    )


def refused(verdict: Verdict) -> Failure:
    """What the gateway said to an event that it did not take."""
    said, hint = verdict.message, verdict.hint
    return Failure(verdict.code or "cli.not-taken", said["th"], said["en"], hint["th"], hint["en"])
