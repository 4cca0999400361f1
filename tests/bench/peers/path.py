"""The product's path beside a Kafka Streams topology that does the same, from the same outbox.

Saan: validator, `checked`, router with the learner's state and the check for duplicates, `record` and inboxes, with
receipts, notices and ledger. Kafka Streams: `peers.Path`. Saan's two stations work one after the other on one core,
each timed after its first third; their costs per event add up. Both are exactly once.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import psutil
from tests.bench.peers import work
from tests.bench.peers.running import Timed, command, places, reader, watched

from saan.embedded.child import Child
from saan.embedded.engine import Endpoints
from saan.exchange.stations import Ports, environment, log_file
from saan.exchange.stations import command as station_command
from saan.wire.settings import Settings

LEARNERS: Final = 8
"""Events of the input per learner."""
AGAIN: Final = 71
"""Of every hundred events this one is published twice."""
INPUT: Final = "outbox.gateway"
CHECKED: Final = "checked.bench"
STREAMS: Final = "kafka-streams path"
SAAN: Final = "path"
STREAMS_OUTPUTS: Final = ("path.record", "path.aside", *(f"path.inbox.{school}" for school in work.RECIPIENTS))


def inputs(records: int, seed: int, schema: int) -> Iterator[work.Sent]:
    """The events as they are published, those that are published twice included; `schema` is the registered id."""
    for number, one in enumerate(work.inputs(records, seed, max(1, records // LEARNERS), schema)):
        yield one
        if number % 100 == AGAIN:
            yield one


def truth(sent: work.Sent, outcome: work.Outcome) -> None:
    """Count one event that is published for the first time. Keys are no part of it: Saan's are pseudonyms."""
    school = sent.to.rpartition(".")[2]
    for topic in ("aside",) if sent.reason else ("record", f"inbox.{school}"):
        outcome.add(topic, b"", sent.value, sent.reason)


class Paths:
    """The two sides on one engine whose outbox is preloaded."""

    def __init__(
        self, endpoints: Endpoints, settings: Settings, broker: int, schema: tuple[Path, int], truth: work.Outcome
    ) -> None:
        self._endpoints, self._settings, self._schema, self._truth = endpoints, settings, schema, truth
        self._broker = psutil.Process(broker)

    def run(self) -> list[Timed]:
        """Both, one after the other."""
        validator = self._station("validator", INPUT)
        router = self._station("router", CHECKED)
        saan = Timed(
            SAAN,
            1_000_000,
            *(a + b for a, b in zip(_per_million(validator), _per_million(router), strict=True)),
            max(validator.rss_mb, router.rss_mb),
            self._of_saan() == self._truth,
        )
        streams = self._streams()
        return [streams, saan]

    def _station(self, name: str, topic: str) -> Timed:
        child = Child(
            name,
            station_command(name),
            log=log_file(self._settings.dir, name),
            environment=environment(
                os.environ, self._settings, Ports(0, 0), self._endpoints.bootstrap, self._endpoints.registry
            ),
        )
        try:
            return watched(name, child, self._endpoints.bootstrap, f"saan-{name}", (topic,), self._broker)
        finally:
            child.stop(20)

    def _streams(self) -> Timed:
        group, folder = "streams-path", self._settings.dir / "streams"
        folder.mkdir()
        repartitioned = f"{group}-checked-repartition"
        child = Child(
            group,
            command(STREAMS, self._endpoints.bootstrap, group, folder, self._schema),
            log=self._settings.dir / f"{group}.log",
            environment=dict(os.environ),
        )
        try:
            one = watched(STREAMS, child, self._endpoints.bootstrap, group, (INPUT, repartitioned), self._broker)
        finally:
            child.stop(20)
        found = self._read(STREAMS_OUTPUTS, lambda topic: topic.removeprefix("path."))
        return replace(one, verified=found == self._truth)

    def _of_saan(self) -> work.Outcome:
        inboxes = {f"inbox.{system}": f"inbox.{school}" for school, system in work.RECIPIENTS.items()}
        names = {"record.bench": "record", "quarantine": "aside", **inboxes}
        return self._read(tuple(names), names.__getitem__)

    def _read(self, topics: Sequence[str], named: Callable[[str], str]) -> work.Outcome:
        """All events of the bench in these topics; what else Saan tells its participants is left out."""
        consumer, found = reader(self._endpoints.bootstrap), work.Outcome()
        consumer.assign(places(consumer, topics))
        quiet = 0
        while quiet < 4:
            messages = consumer.consume(20_000, 1.0)
            quiet = 0 if messages else quiet + 1
            for one in messages:
                headers = {name: (value or b"").decode() for name, value in one.headers() or ()}
                if headers.get("ce_type") == work.EVENT:
                    found.add(named(one.topic()), b"", one.value(), _reason(headers))
        consumer.close()
        return found


def _reason(headers: dict[str, str]) -> str | None:
    if "saan_code" in headers:
        return headers["saan_path"] if headers["saan_code"] == "V12" else work.MALFORMED
    return headers.get(work.REASON)


def _per_million(one: Timed) -> tuple[float, float, float]:
    return tuple(value / one.records * 1e6 for value in (one.seconds, one.cpu, one.broker_cpu))  # type: ignore[return-value]
