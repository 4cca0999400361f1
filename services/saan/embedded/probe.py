"""Does it answer? One cheap question to a broker or a registry, without a client library.

A listening port is not enough: a broker listens before its cluster has a leader, and a registry before its storage is
open.
"""

from __future__ import annotations

import http.client
import socket
import struct
from collections.abc import Iterator
from typing import IO

from saan.embedded.ports import HOST

_METADATA, _VERSION, _CORRELATION = 3, 1, 1


def brokers_seen(port: int, seconds: float = 1.0) -> frozenset[int]:
    """The numbers of the brokers that the one on `port` sees at work; none when it does not answer in `seconds`.

    Sends a Metadata request (version 1, no topics) as the Kafka protocol guide describes it.
    """
    header = struct.pack(">hhih", _METADATA, _VERSION, _CORRELATION, -1)
    request = header + struct.pack(">i", 0)
    try:
        with socket.create_connection((HOST, port), seconds) as connection:
            connection.sendall(struct.pack(">i", len(request)) + request)
            with connection.makefile("rb") as answer:
                return frozenset(_brokers(answer))
    except (OSError, struct.error):
        return frozenset()


def _brokers(answer: IO[bytes]) -> Iterator[int]:
    """The numbers at the head of a Metadata response. Raises struct.error when it ends before its time."""
    _, correlation, count = struct.unpack(">iii", answer.read(12))
    for _ in range(count if correlation == _CORRELATION else 0):
        number, length = struct.unpack(">ih", answer.read(6))
        answer.read(length + 4)  # host, port
        (rack,) = struct.unpack(">h", answer.read(2))
        answer.read(max(0, rack))
        yield number


def answers_http(port: int, path: str, seconds: float = 2.0) -> bool:
    """True when ``GET path`` on `port` gives 200 in `seconds`."""
    connection = http.client.HTTPConnection(HOST, port, timeout=seconds)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return answer.status == http.HTTPStatus.OK
