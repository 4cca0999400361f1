"""Ports on the loopback address that stay the same from one start to the next."""

from __future__ import annotations

import json
import random
import socket
from collections.abc import Iterable
from pathlib import Path

from saan.embedded.errors import EngineError

HOST = "127.0.0.1"

# Below the range from which systems take the ports of outgoing connections: there, a client that calls while the
# broker is being restarted could get the broker's own port, connect to itself and keep the broker out.
LOWEST, HIGHEST = 20000, 31999


def is_free(port: int) -> bool:
    """True when a server could listen on `port` of the loopback address now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as Java does: ignore connections that ended
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def free_ports(count: int, chance: random.Random, taken: Iterable[int] = ()) -> list[int]:
    """`count` different free ports, none of `taken`. Raises EngineError when the range is used up."""
    candidates = [port for port in range(LOWEST, HIGHEST + 1) if port not in set(taken)]
    chance.shuffle(candidates)  # two engines that start together should not want the same one
    found: list[int] = []
    for port in candidates:
        if len(found) == count:
            break
        if is_free(port):
            found.append(port)
    if len(found) < count:
        raise EngineError("engine.no-port", low=LOWEST, high=HIGHEST)
    return found


def assign(names: Iterable[str], kept: Path, chance: random.Random) -> dict[str, int]:
    """A port for every name: the one remembered in the file `kept` when it is still free, else a new one.

    The assignment is written back to `kept`; an unreadable file counts as an empty one.
    """
    known = remembered(kept)
    wanted = list(names)
    ports = {name: known[name] for name in wanted if name in known and is_free(known[name])}
    lacking = [name for name in wanted if name not in ports]
    ports.update(zip(lacking, free_ports(len(lacking), chance, taken=known.values()), strict=True))
    kept.write_text(json.dumps(ports, indent=1), encoding="ascii")
    return ports


def remembered(kept: Path) -> dict[str, int]:
    """What was assigned last and written to `kept`: nothing when it cannot be read."""
    try:
        content = json.loads(kept.read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    if not isinstance(content, dict):
        return {}
    return {str(name): port for name, port in content.items() if isinstance(port, int) and 0 < port < 65536}
