"""Makes broker and registry what is governed.

Every step can be done twice, so an apply that was interrupted is simply run again. Nothing is written while one
change of the plan cannot be made. Governance records come last and all at once: before that moment every station
decides by the state that was in force, after it by the new one. Who subscribed to a new version of a code list is told
in the same transaction: once, and never of one that is not in force.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any

from saan.governance import announcing
from saan.governance.announcing import News
from saan.governance.changes import Change, pending, refused
from saan.governance.plan import plan
from saan.governance.site import Site
from saan.governance.wanted import Wanted, wanted
from saan.wire import world
from saan.wire.avro import Codec
from saan.wire.cluster import Grant
from saan.wire.credentials import issue
from saan.wire.governed_records import CREDENTIAL, SCHEMA_ID, tokens_value, versions_value
from saan.wire.log import Outgoing
from saan.wire.registrar import RULES, Version
from saan.wire.trouble import Trouble

Progress = Callable[[Change, int, int], None]
"""Called after each change with how many of how many are made."""


def look(entities: Mapping[str, Any], site: Site, *, profile: str = "small") -> list[Change]:
    """The plan for this site as it is now. Raises ``Trouble``; changes nothing."""
    meant = wanted(entities, profile=profile, brokers=site.cluster.brokers())
    return plan(meant, site.look(meant))


def apply(
    entities: Mapping[str, Any],
    site: Site,
    *,
    profile: str = "small",
    progress: Progress | None = None,
    now: Callable[[], int] = lambda: time.time_ns() // 1000,
) -> list[Change]:
    """Plan and make every change; returns the plan that was made. ``now`` gives microseconds since the epoch.

    Raises ``Trouble``: ``governance.refused`` when a change cannot be made, else whatever stopped it half-way.
    """
    meant = wanted(entities, profile=profile, brokers=site.cluster.brokers())
    live = site.look(meant)
    changes = plan(meant, live)
    blocked = refused(changes)
    if blocked:
        raise Trouble("governance.refused", count=len(blocked), first=blocked[0].said_en)
    news = announcing.news(live.records, entities, now())
    _Applying(site, now, progress, len(pending(changes)), news, meant).all(pending(changes))
    return changes


class _Applying:
    """One run. Collects what belongs on the governance topic, to write it in one transaction at the end."""

    def __init__(
        self,
        site: Site,
        now: Callable[[], int],
        progress: Progress | None,
        total: int,
        news: Sequence[News],
        meant: Wanted,
    ) -> None:
        self._site = site
        self._news = news
        self._meant = meant
        self._now = now
        self._progress = progress or (lambda change, done, total: None)
        self._total = total
        self._done = 0
        self._records: dict[str, Any] = {}

    def all(self, changes: Sequence[Change]) -> None:
        steps = {
            "rule": self._rule,
            "schema": self._schema,
            "topic": self._topic,
            "access": self._access,
            "credential": self._credential,
        }
        for kind, some in groupby(changes, lambda change: change.kind):
            if kind in steps:
                steps[kind](list(some))
        records = [change for change in changes if change.kind == "governance"]
        self._records |= {change.name: change.payload for change in records}
        self._site.log.write(self._records, self._told())
        self._made(records)

    def _told(self) -> list[Outgoing]:
        """The news, as records for the inboxes of whoever subscribed: in force and told in one transaction."""
        if not self._news:
            return []
        event = world.event_type(self._meant.entities[f"event/{announcing.EVENT}"])
        id = self._site.registrar.versions(event.record)[-1].id
        return [told for one in self._news for told in announcing.records(one, Codec(event.schema), id)]

    def _rule(self, changes: Sequence[Change]) -> None:
        for change in changes:
            self._site.registrar.hold_rule(change.name, RULES[change.name])
        self._made(changes)

    def _schema(self, changes: Sequence[Change]) -> None:
        for change in changes:
            self._site.registrar.register(change.name, change.payload)
            versions: tuple[Version, ...] = self._site.registrar.versions(change.name)
            self._records[SCHEMA_ID + change.name] = versions_value(versions)
            self._made([change])

    def _topic(self, changes: Sequence[Change]) -> None:
        self._site.cluster.create(change.payload for change in changes if change.action == "create")
        for change in changes:
            if isinstance(change.payload, int):
                self._site.cluster.grow(change.name, change.payload)
            elif change.action == "change":
                self._site.cluster.configure(change.name, change.payload)
        self._made(changes)

    def _access(self, changes: Sequence[Change]) -> None:
        """First what is taken, then what is given: in between somebody may do less than meant, never more."""
        given: list[Grant] = [grant for change in changes for grant in change.payload[0]]
        taken: list[Grant] = [grant for change in changes for grant in change.payload[1]]
        self._site.cluster.disallow(taken)
        self._site.cluster.allow(given)
        self._made(changes)

    def _credential(self, changes: Sequence[Change]) -> None:
        """The file comes first: what was handed out is known, wherever an interruption falls."""
        passwords = {}
        for change in changes:
            if change.action == "remove":
                self._site.cluster.remove_user(change.name)
                self._records[CREDENTIAL + change.name] = None
                self._site.vault.discard(change.name)
                continue
            if change.action == "create":
                self._site.vault.keep_first(issue(change.name, self._now()))
            credentials = self._site.vault.read(change.name)
            passwords[credentials.user] = credentials.password
            self._records[CREDENTIAL + change.name] = tokens_value(credentials.governed())
        self._site.cluster.set_passwords(passwords)
        self._made(changes)

    def _made(self, changes: Sequence[Change]) -> None:
        for change in changes:
            self._done += 1
            self._progress(change, self._done, self._total)
