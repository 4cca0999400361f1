"""The bad network: what goes through it, when, and what does not."""

import socket
import time
from collections.abc import Iterator
from random import Random

import pytest

from saan.embedded.ports import HOST, free_ports
from saan.prove.proxy import Proxy

AT_ONCE = 0.5
"""Seconds within which loopback answers on a busy machine, and for which silence is watched."""


@pytest.fixture
def server() -> Iterator[socket.socket]:
    with socket.create_server((HOST, 0)) as made:
        made.settimeout(5)
        yield made


@pytest.fixture
def proxy(server: socket.socket) -> Iterator[Proxy]:
    (port,) = free_ports(1, Random())
    made = Proxy({"broker": port}, {"broker": server.getsockname()[1]}.get)
    made.start()
    yield made
    made.close()


@pytest.fixture
def ends(proxy: Proxy, server: socket.socket) -> Iterator[tuple[socket.socket, socket.socket]]:
    """A client and the server's end of its connection."""
    with connect(proxy) as client, server.accept()[0] as answering:
        answering.settimeout(5)
        yield client, answering


def connect(proxy: Proxy) -> socket.socket:
    return socket.create_connection((HOST, proxy.ports["broker"]), 5)


def test_everything_passes_in_both_directions_to_the_end(ends: tuple[socket.socket, socket.socket]) -> None:
    client, server = ends
    sent = bytes(range(256)) * 4000
    client.sendall(sent)
    client.shutdown(socket.SHUT_WR)
    with server.makefile("rb") as file:
        assert file.read() == sent
    server.sendall(b"answer")
    server.shutdown(socket.SHUT_WR)
    with client.makefile("rb") as file:
        assert file.read() == b"answer"


def test_a_slow_network_holds_back_and_keeps_the_order(proxy: Proxy, ends: tuple[socket.socket, socket.socket]) -> None:
    client, server = ends
    delays = iter((AT_ONCE, 0.0))
    proxy.slow(lambda: next(delays, 0.0))
    began = time.monotonic()
    client.sendall(b"one")
    time.sleep(AT_ONCE / 5)
    client.sendall(b"two")

    assert server.recv(3) == b"one"
    assert time.monotonic() - began >= AT_ONCE
    assert server.recv(3) == b"two"


def test_what_a_black_hole_swallowed_arrives_afterwards_even_from_a_client_that_left(
    proxy: Proxy, ends: tuple[socket.socket, socket.socket]
) -> None:
    client, server = ends
    proxy.swallow(True)
    client.sendall(b"late")
    client.close()
    server.settimeout(AT_ONCE)
    with pytest.raises(TimeoutError):
        server.recv(1)
    proxy.swallow(False)

    server.settimeout(5)
    assert server.recv(4) == b"late"


def test_a_cut_network_resets_connections_and_refuses_new_ones_until_it_is_mended(
    proxy: Proxy, server: socket.socket, ends: tuple[socket.socket, socket.socket]
) -> None:
    proxy.cut()
    for end in ends:
        with pytest.raises(ConnectionResetError):
            end.recv(1)
    with pytest.raises(ConnectionRefusedError):
        connect(proxy)
    proxy.mend()
    with connect(proxy):
        server.accept()[0].close()


def test_only_the_chosen_connections_are_reset(proxy: Proxy, ends: tuple[socket.socket, socket.socket]) -> None:
    client, server = ends
    assert proxy.reset(lambda: False) == 0
    client.sendall(b"!")
    assert server.recv(1) == b"!"
    assert proxy.reset(lambda: True) == 1
    with pytest.raises(ConnectionResetError):
        client.recv(1)


def test_a_client_of_what_does_not_listen_is_reset(server: socket.socket, proxy: Proxy) -> None:
    server.close()
    with pytest.raises(ConnectionResetError), connect(proxy) as client:
        client.recv(1)
