"""Strikes the network between everybody and brokers or registry: slow, cut, silent, breaking off now and then."""

import json
import random
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Final

from saan.embedded import ports
from saan.embedded.folder import engine_root
from saan.prove.faults.fault import Fault, Kind, lasting
from saan.prove.processes import Processes
from saan.prove.proxy import Proxy

_DELAY: Final = (0.05, 0.3)
_STROKES: Final = (0.3, 1.0)
_STRUCK: Final = 0.3
"""The share of connections that one stroke of a flaky network resets."""
_LISTENERS: Final = ("PLAINTEXT", "PARTICIPANTS")
_WHOM: Final = "network"


class Network:
    """A proxy before every broker and the registry. What it needs to know of the exchange, it reads in its folder."""

    def __init__(self, brokers: Sequence[str]) -> None:
        self._slots = [f"{name}/{listener}" for name in brokers for listener in _LISTENERS] + ["registry/http"]
        self._proxy: Proxy | None = None
        self.kinds = [
            Kind("slow-network", lasting(8.0, 15.0, _WHOM), self._slow),
            Kind("cut-network", lasting(5.0, 12.0, _WHOM), self._cut),
            Kind("black-hole", lasting(8.0, 15.0, _WHOM), self._swallow),
            Kind("flaky-network", lasting(8.0, 12.0, _WHOM), self._break),
        ]

    def lacking(self) -> str | None:
        return None

    def prepare(self, exchange: Path) -> Mapping[str, str]:
        found = ports.free_ports(len(self._slots), random.Random())
        advertised = dict(zip(self._slots, found, strict=True))
        kept = engine_root(exchange) / "ports.json"
        self._proxy = Proxy(advertised, lambda slot: ports.remembered(kept).get(slot))
        self._proxy.start()
        return {"SAAN_ADVERTISED": json.dumps(advertised)}

    def close(self) -> None:
        if self._proxy is not None:
            self._proxy.close()

    @property
    def _at(self) -> Proxy:
        assert self._proxy is not None, "prepared before anything strikes"
        return self._proxy

    def _slow(self, processes: Processes, fault: Fault) -> float:
        """Counted from its beginning: a slow network is one through which everything flows."""
        at, draw = time.time(), Random(fault.lasts)
        self._at.slow(lambda: draw.uniform(*_DELAY))
        time.sleep(fault.lasts)
        self._at.slow(None)
        return at

    def _cut(self, processes: Processes, fault: Fault) -> float:
        self._at.cut()
        time.sleep(fault.lasts)
        self._at.mend()
        return time.time()

    def _swallow(self, processes: Processes, fault: Fault) -> float:
        self._at.swallow(True)
        time.sleep(fault.lasts)
        self._at.swallow(False)
        return time.time()

    def _break(self, processes: Processes, fault: Fault) -> float:
        draw, until = Random(fault.lasts), time.time() + fault.lasts
        while time.time() < until:
            self._at.reset(lambda: draw.random() < _STRUCK)
            time.sleep(draw.uniform(*_STROKES))
        return time.time()
