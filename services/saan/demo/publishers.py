"""Hands events in as the participants do: over Kafka where the participant file says so, else over HTTP."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Final, Self

import yaml

from saan.client import Publisher, Verdict
from saan.client.kafka import KafkaPublisher
from saan.exchange.endpoints import Endpoints
from saan.wire.credentials import Vault
from saan.wire.registry import Registry

_TRIES: Final = 12


class NotTaken(Exception):
    """Events could not be handed in although they were tried again and again."""

    def __init__(self, participant: str, count: int) -> None:
        super().__init__(
            f"ส่งเหตุการณ์ {count} รายการของ {participant} ไม่สำเร็จ · "
            f"{count} event(s) of {participant} could not be handed in"
        )


class Publishers:
    """The publishing side of every participant; connections are opened at the first use and closed together.

    ``kafka`` names the participants with an outbox of their own; ``cache`` is a folder for schemas.
    """

    def __init__(self, endpoints: Endpoints, vault: Vault, kafka: frozenset[str], schemas: Path, cache: Path) -> None:
        self._endpoints, self._vault, self._kafka = endpoints, vault, kafka
        self._records = record_names(schemas)
        self._registry = Registry(endpoints.registry, cache)
        self._http: dict[str, Publisher] = {}
        self._own: dict[str, KafkaPublisher] = {}
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._stack.enter_async_context(self._registry)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def publish(self, participant: str, events: Sequence[Mapping[str, Any]]) -> list[Verdict]:
        """One verdict per event, in order. Raises ``NotTaken`` for events that nobody took, and the clients' errors."""
        if participant in self._kafka:
            verdicts = await (await self._outbox(participant)).publish(events)
        else:
            publisher = self._gateway(participant)
            verdicts = await asyncio.to_thread(lambda: list(publisher.publish(events)))
        waiting = sum(verdict.word == "retryable" for verdict in verdicts)
        if waiting:
            raise NotTaken(participant, waiting)
        return verdicts

    async def _outbox(self, participant: str) -> KafkaPublisher:
        if participant not in self._own:
            password = self._vault.read(participant).password
            made = KafkaPublisher(self._endpoints.bootstrap_sasl, participant, password, self._registry, self._records)
            self._own[participant] = await self._stack.enter_async_context(made)
        return self._own[participant]

    def _gateway(self, participant: str) -> Publisher:
        if participant not in self._http:
            made = Publisher(self._endpoints.gateway, self._vault.read(participant).token, tries=_TRIES)
            self._http[participant] = self._stack.enter_context(made)
        return self._http[participant]


def record_names(schemas: Path) -> dict[str, str]:
    """Event types and the full names of their Avro records."""
    names = {}
    for path in sorted((schemas / "catalogue").glob("*.yaml")):
        entry = yaml.safe_load(path.read_text("utf-8"))
        schema = json.loads((schemas / "avro" / entry["schema"]).read_text("utf-8"))
        names[entry["event"]] = f"{schema['namespace']}.{schema['name']}"
    return names
