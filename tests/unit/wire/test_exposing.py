"""A metrics port that is taken keeps nobody from serving; it is shown there once it is free."""

import socket
import time
import urllib.request

from prometheus_client import CollectorRegistry, Counter
from structlog.testing import capture_logs

from saan.wire.exposing import expose


def shown(port: int) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        text: str = answer.read().decode()
        return text


def registry() -> CollectorRegistry:
    made = CollectorRegistry()
    Counter("saan_test", "Counts nothing.", registry=made)
    return made


def test_metrics_are_shown_at_once_where_the_port_is_free() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    expose(port, "127.0.0.1", registry())

    assert "saan_test" in shown(port)


def test_a_port_that_is_taken_is_said_once_and_used_when_it_is_free() -> None:
    with capture_logs() as logs:
        with socket.socket() as holder:
            holder.bind(("127.0.0.1", 0))
            holder.listen()
            port = holder.getsockname()[1]
            expose(port, "127.0.0.1", registry())
            time.sleep(1.2)  # long enough to have tried again in vain
        deadline = time.monotonic() + 10
        while len(logs) < 2 and time.monotonic() < deadline:
            time.sleep(0.05)

    assert [(line["event"], line["port"]) for line in logs] == [
        ("metrics.port-taken", port),
        ("metrics.port-free", port),
    ]
    assert "saan_test" in shown(port)


def test_port_0_shows_nothing() -> None:
    with capture_logs() as logs:
        expose(0, "127.0.0.1")

    assert not logs
