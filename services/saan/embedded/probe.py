"""Does it answer? One cheap question to a broker or a registry, without a client library.

A listening port is not enough: a broker listens before its cluster has a leader, and a registry before its storage is
open.
"""

from __future__ import annotations

import http.client
import socket
import struct

from saan.embedded.ports import HOST

_METADATA, _VERSION, _CORRELATION = 3, 1, 1


def brokers_seen(port: int, seconds: float = 1.0) -> int:
    """How many brokers the one on `port` sees in its cluster; 0 when it does not answer in `seconds`.

    Sends a Metadata request (version 1, no topics) as the Kafka protocol guide describes it.
    """
    header = struct.pack(">hhih", _METADATA, _VERSION, _CORRELATION, -1)
    request = header + struct.pack(">i", 0)
    try:
        with socket.create_connection((HOST, port), seconds) as connection:
            connection.sendall(struct.pack(">i", len(request)) + request)
            with connection.makefile("rb") as answer:
                head = answer.read(12)  # size, correlation id, number of brokers
    except OSError:
        return 0
    if len(head) < 12:
        return 0
    _, correlation, brokers = struct.unpack(">iii", head)
    return int(brokers) if correlation == _CORRELATION else 0


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
