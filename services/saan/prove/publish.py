"""Publishers at work: turn after turn, each on disk as intents first, each repeated under the same ids until taken."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import structlog
from confluent_kafka import Producer

from saan.client import Publisher, Verdict
from saan.client.kafka import KafkaPublisher
from saan.demo.publishers import record_names
from saan.exchange.endpoints import Endpoints
from saan.prove.intent import Answer, Fate, IntentLog
from saan.prove.load import Author, Publication
from saan.wire.credentials import Credentials
from saan.wire.registry import Registry

_LOG = structlog.get_logger()
_TIMEOUT = 3.0
"""Seconds after which an HTTP client gives up and tries again: less than a gateway waits for its broker."""
_PAUSE = 0.3
_SILENT = {"logger": lambda *_: None, "log_level": 0}

Find = Callable[[], Endpoints | None]


class Desk:
    """One publisher. ``endpoints`` are asked for again after every failure, because everything may have moved."""

    def __init__(
        self, author: Author, log: IntentLog, endpoints: Find, held: Credentials, schemas: Path, cache: Path
    ) -> None:
        self.author, self._log, self._endpoints, self._held = author, log, endpoints, held
        self._records, self._cache = record_names(schemas), cache
        self._stack = AsyncExitStack()
        self._own: KafkaPublisher | None = None
        self._poison: Producer | None = None
        self._http: Publisher | None = None
        self.published = self.failures = 0

    async def work(self, stop: asyncio.Event, rate: float, patience: float) -> None:
        """Publish ``rate`` events a second until ``stop``; then at most ``patience`` seconds more for the last turn."""
        try:
            while not stop.is_set():
                began = asyncio.get_running_loop().time()
                turn = self.author.turn(max(1, int(rate * _PAUSE)))
                self._log.intend(one.intent for one in turn)
                await self._hand_in(turn, stop, patience)
                self.published += len(turn)
                rest = _PAUSE - (asyncio.get_running_loop().time() - began)
                await asyncio.sleep(max(0.0, rest))
        finally:
            await self._stack.aclose()

    async def _hand_in(self, turn: Sequence[Publication], stop: asyncio.Event, patience: float) -> None:
        waiting, loop = list(turn), asyncio.get_running_loop()
        until: float | None = None
        while waiting:
            try:
                verdicts = await self._try(waiting)
            except Exception:  # noqa: BLE001 - whatever a client raises while its broker dies: try again
                await self._begin_anew()
                verdicts = []
            settled = {v.id for v in verdicts if v.word != "retryable"}
            source = self.author.school.participant
            self._log.answered(Answer(source, v.id, v.word) for v in verdicts if v.word != "retryable")
            waiting = [one for one in waiting if one.intent.id not in settled]
            if waiting:
                until = until or (loop.time() + patience if stop.is_set() else None)
                if until is not None and loop.time() > until:
                    return
                await asyncio.sleep(_PAUSE)

    async def _begin_anew(self) -> None:
        self.failures += 1
        try:
            await self._stack.aclose()
        except Exception as broken:  # noqa: BLE001 - a client that cannot even be closed is left to the garbage
            _LOG.warning("prove.unclosed", cause=type(broken).__name__)
        self._stack, self._own, self._http = AsyncExitStack(), None, None

    async def _try(self, waiting: Sequence[Publication]) -> list[Verdict]:
        if not self.author.kafka:
            return await asyncio.to_thread(self._by_http, [one.event for one in waiting])
        events = [one.event for one in waiting if one.intent.fate is not Fate.POISON]
        verdicts = await (await self._outbox()).publish(events) if events else []
        poison = [one for one in waiting if one.intent.fate is Fate.POISON]
        return verdicts + await asyncio.to_thread(self._by_hand, poison)

    def _by_http(self, events: Sequence[Any]) -> list[Verdict]:
        if self._http is None:
            made = Publisher(self._where().gateway, self._held.token, tries=4, timeout=_TIMEOUT)
            self._http = self._stack.enter_context(made)
        return list(self._http.publish(events))

    async def _outbox(self) -> KafkaPublisher:
        if self._own is None:
            at = self._where()
            registry = await self._stack.enter_async_context(Registry(at.registry, self._cache))
            made = KafkaPublisher(at.bootstrap_sasl, self._held.user, self._held.password, registry, self._records)
            self._own = await self._stack.enter_async_context(made)
        return self._own

    def _by_hand(self, poison: Sequence[Publication]) -> list[Verdict]:
        """What no client of the kit would send, sent by another library under the participant's own user."""
        if not poison:
            return []
        if self._poison is None:
            self._poison = Producer(
                {
                    "bootstrap.servers": self._where().bootstrap_sasl,
                    "security.protocol": "SASL_PLAINTEXT",
                    "sasl.mechanism": "SCRAM-SHA-512",
                    "sasl.username": self._held.user,
                    "sasl.password": self._held.password,
                    "enable.idempotence": True,
                    **_SILENT,
                }
            )
        for one in poison:
            named = one.intent.id
            headers = {"ce_id": named, "ce_type": one.intent.type, "ce_time": "2026-01-05T03:00:00Z"} if named else {}
            headers |= {"ce_specversion": "1.0", "ce_source": one.intent.source} if named else {}
            self._poison.produce(f"outbox.{one.intent.source}", one.raw, headers=list(headers.items()))
        # What the broker has not acknowledged stays with the producer, which goes on trying; it is not sent twice.
        self._poison.flush(_TIMEOUT)
        return [Verdict(one.intent.id, "accepted") for one in poison]

    def finish(self, seconds: float) -> None:
        """Let what a producer still holds arrive."""
        if self._poison is not None:
            self._poison.flush(seconds)

    def _where(self) -> Endpoints:
        found = self._endpoints()
        if found is None or not found.gateway:
            raise ConnectionError("the exchange has not told where it is")
        return found
