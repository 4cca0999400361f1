"""The smaller parts: sentences, ports, settings, the folder, children, progress, the doctor."""

import io
import os
import random
import socket
import string
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from saan.embedded import java, kafka, ports, registry
from saan.embedded.child import Child
from saan.embedded.doctor import checks
from saan.embedded.engine import Engine
from saan.embedded.errors import FAULTS, EngineError
from saan.embedded.folder import Hold, holder
from saan.embedded.probe import answers_http, brokers_seen
from saan.embedded.progress import Lines, watcher_for


@pytest.mark.parametrize("code", FAULTS)
def test_every_fault_says_in_both_languages_what_is_wrong_and_what_to_do(code: str) -> None:
    names = {name for text in FAULTS[code] for _, name, _, _ in string.Formatter().parse(text) if name}
    error = EngineError(code, **{name: f"<{name}>" for name in names})
    assert code in str(error)
    for thai in (error.said_th, error.fix_th):
        assert any("\u0e00" <= letter <= "\u0e7f" for letter in thai)
    for english in (error.said_en, error.fix_en):
        assert english.isascii()
        assert english.endswith(".")
    assert "://" not in str(error)


def test_ports_are_kept_while_they_are_free_and_replaced_when_taken(tmp_path: Path) -> None:
    kept, chance = tmp_path / "ports.json", random.Random(1)
    first = ports.assign(["a", "b"], kept, chance)
    assert ports.assign(["a", "b"], kept, chance) == first
    with socket.create_server((ports.HOST, first["a"])):
        second = ports.assign(["a", "b"], kept, chance)
    assert second["b"] == first["b"]
    assert second["a"] not in first.values()


@pytest.mark.parametrize("content", ["", "no json", "[]", '{"a": "x"}', '{"a": 0}', '{"a": 700000}'])
def test_an_unreadable_ports_file_counts_as_empty(tmp_path: Path, content: str) -> None:
    kept = tmp_path / "ports.json"
    kept.write_text(content)
    assert ports.LOWEST <= ports.assign(["a"], kept, random.Random(1))["a"] <= ports.HIGHEST


def _nodes(count: int, folder: Path) -> list[kafka.Node]:
    return [
        kafka.Node(number, name, folder / name, dict.fromkeys(kafka.LISTENERS, 20000 + number))
        for number, name in enumerate(kafka.names(count), start=1)
    ]


def test_a_broker_leads_its_partitions_again_before_it_looks_for_transactions_to_abort(tmp_path: Path) -> None:
    node = kafka.Node(1, "kafka", tmp_path, dict.fromkeys(kafka.LISTENERS, 9092))
    wait = int(kafka.properties(node, [node])["transaction.abort.timed.out.transaction.cleanup.interval.ms"])

    # Longer than a broker is kept from leading after a crash, by far.
    assert wait >= 3 * int(kafka.properties(node, [node])["broker.session.timeout.ms"])


@pytest.mark.parametrize(("brokers", "copies", "needed"), [(1, "1", "1"), (3, "3", "2")])
def test_three_brokers_keep_three_copies_and_wait_for_two(
    tmp_path: Path, brokers: int, copies: str, needed: str
) -> None:
    nodes = _nodes(brokers, tmp_path)
    settings = kafka.properties(nodes[0], nodes)
    assert settings["offsets.topic.replication.factor"] == copies
    assert settings["transaction.state.log.replication.factor"] == copies
    assert settings["min.insync.replicas"] == needed


def test_every_listener_of_broker_and_registry_is_on_the_loopback_address(tmp_path: Path) -> None:
    nodes = _nodes(3, tmp_path)
    for key in ("listeners", "advertised.listeners"):
        assert all("://127.0.0.1:" in one for one in kafka.properties(nodes[1], nodes)[key].split(","))
    hosts = {
        value for key, value in registry.environment(tmp_path, {"http": 1, "management": 2}).items() if "HOST" in key
    }
    assert hosts == {"127.0.0.1"}


def test_a_broker_with_a_proxy_in_front_listens_where_it_did_and_is_found_at_the_proxy(tmp_path: Path) -> None:
    node = kafka.Node(1, "kafka", tmp_path, dict.fromkeys(kafka.LISTENERS, 20001), {"PLAINTEXT": 30001})
    settings = kafka.properties(node, [node])

    assert settings["listeners"].startswith("PLAINTEXT://127.0.0.1:20001,")
    assert settings["advertised.listeners"] == "PLAINTEXT://127.0.0.1:30001,PARTICIPANTS://127.0.0.1:20001"
    assert kafka.bootstrap([node], "PLAINTEXT") == "127.0.0.1:30001"
    assert kafka.bootstrap([node], "PARTICIPANTS") == "127.0.0.1:20001"


def test_settings_survive_a_folder_with_a_thai_name(tmp_path: Path) -> None:
    nodes = _nodes(1, tmp_path / "ข้อมูล")
    kafka.configure(nodes[0], nodes)
    assert r"\u0e02\u0e49\u0e2d\u0e21\u0e39\u0e25" in nodes[0].settings.read_text(encoding="ascii")


def test_nothing_of_the_users_environment_reaches_java() -> None:
    assert set(java.ENVIRONMENT) == {"MALLOC_ARENA_MAX", "LANG"}


def test_the_cluster_keeps_its_id_and_refuses_another_size(tmp_path: Path) -> None:
    state = tmp_path / "cluster.json"
    made = kafka.cluster_id(state, 1, tmp_path)
    assert len(made) == 22
    assert kafka.cluster_id(state, 1, tmp_path) == made
    with pytest.raises(EngineError) as refused:
        kafka.cluster_id(state, 3, tmp_path)
    assert refused.value.code == "engine.other-size"


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"cluster": "x", "brokers": null}'])
def test_a_damaged_cluster_file_is_named_and_never_overwritten(tmp_path: Path, content: str) -> None:
    state = tmp_path / "cluster.json"
    state.write_text(content)
    with pytest.raises(EngineError) as refused:
        kafka.cluster_id(state, 1, tmp_path)
    assert refused.value.code == "engine.unreadable-state"
    assert state.read_text() == content


def test_a_folder_is_held_once_and_free_again_after_its_release(tmp_path: Path) -> None:
    hold = Hold(tmp_path)
    assert holder(tmp_path) == os.getpid()
    with pytest.raises(EngineError) as refused:
        Hold(tmp_path)
    assert refused.value.code == "engine.folder-in-use"
    hold.release()
    assert holder(tmp_path) is None
    Hold(tmp_path).release()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EngineError) as refused:
        Hold(tmp_path / "file")
    assert refused.value.code == "engine.not-writable"


def test_an_engine_that_is_not_started_has_no_endpoints(tmp_path: Path) -> None:
    with pytest.raises(EngineError) as refused:
        _ = Engine(tmp_path).endpoints
    assert refused.value.code == "engine.not-started"


STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
)


def _child(tmp_path: Path, program: str) -> Child:
    return Child("it", [sys.executable, "-c", program], log=tmp_path / "log", environment={})


def _wait_for_log(tmp_path: Path, words: str) -> None:
    deadline = time.monotonic() + 10
    while words not in (tmp_path / "log").read_text():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_child_ends_with_its_own_exit_code(tmp_path: Path) -> None:
    child = _child(tmp_path, "print('said'); raise SystemExit(7)")
    assert child.wait(time.monotonic() + 10) == 7
    assert child.exit_code == 7
    assert (tmp_path / "log").read_text() == "said\n"


def test_a_child_stops_when_asked(tmp_path: Path) -> None:
    assert _child(tmp_path, "import time; time.sleep(60)").stop(10) == 128 + 15


def test_a_child_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    child = _child(tmp_path, STUBBORN)
    _wait_for_log(tmp_path, "deaf")
    assert child.stop(0.1) == 128 + 9


def test_stopping_twice_is_harmless(tmp_path: Path) -> None:
    child = _child(tmp_path, "raise SystemExit(3)")
    assert child.stop(10) in (3, 128 + 15)
    assert child.stop(10) == child.exit_code


def test_a_program_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="it could not be started"):
        Child("it", [str(tmp_path / "nothing")], log=tmp_path / "log", environment={})


@pytest.fixture
def silent_server() -> Iterator[int]:
    """A port that accepts and never answers."""
    with socket.create_server((ports.HOST, 0)) as server:
        yield server.getsockname()[1]


def test_a_port_that_accepts_and_says_nothing_is_not_ready(silent_server: int) -> None:
    assert brokers_seen(silent_server, 0.1) == frozenset()
    assert not answers_http(silent_server, "/", 0.1)


def test_a_broker_tells_by_number_who_is_at_work() -> None:
    brokers = [(1, b"127.0.0.1", None), (3, b"127.0.0.1", b"rack")]
    told = struct.pack(">ii", 1, len(brokers))
    for number, host, rack in brokers:
        told += struct.pack(">ih", number, len(host)) + host + struct.pack(">i", 9092)
        told += struct.pack(">h", -1) if rack is None else struct.pack(">h", len(rack)) + rack
    for answer, seen in ((told, {1, 3}), (told[:-5], set())):
        with socket.create_server((ports.HOST, 0)) as server:
            asking = threading.Thread(target=_answer, args=(server, struct.pack(">i", len(answer)) + answer))
            asking.start()
            assert brokers_seen(server.getsockname()[1]) == seen
            asking.join()


def _answer(server: socket.socket, answer: bytes) -> None:
    connection, _ = server.accept()
    with connection:
        connection.recv(100)
        connection.sendall(answer)


def test_a_port_where_nobody_listens_is_not_ready() -> None:
    (port,) = ports.free_ports(1, random.Random())
    assert brokers_seen(port) == frozenset()
    assert not answers_http(port, "/")


def test_without_a_terminal_progress_is_plain_lines() -> None:
    stream = io.StringIO()
    watcher = watcher_for(stream)
    assert isinstance(watcher, Lines)
    watcher.note("เริ่ม", "start")
    watcher.begin(1000)
    for size in (90, 20, 500, -500, 500, 390):
        watcher.advance(size)
    watcher.end()
    said = stream.getvalue().splitlines()
    assert said[0] == "เริ่ม · start"
    assert [line.split()[0] for line in said[1:]] == ["10", "60", "100"]


def test_the_doctor_finds_a_missing_cache_and_says_what_to_do(tmp_path: Path) -> None:
    answers = {check.name: check for check in checks(tmp_path / "data", tmp_path / "cache")}
    assert set(answers) == {"python", "java", "versions", "rules", "cache", "disk", "memory", "ports", "folder"}
    assert not answers["cache"].ok
    assert answers["cache"].fix_en
    assert answers["java"].ok
    assert answers["folder"].ok
    assert not (tmp_path / "data").exists()


def test_the_doctor_sees_who_uses_the_folder(tmp_path: Path) -> None:
    hold = Hold(tmp_path)
    (answer,) = (check for check in checks(tmp_path, tmp_path / "cache") if check.name == "folder")
    hold.release()
    assert answer.ok  # a running exchange is no fault of the machine
    assert str(os.getpid()) in answer.said_en


def test_importing_the_engine_imports_no_download_client() -> None:
    code = "import sys, saan.embedded; raise SystemExit('jgo' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_cluster_id_that_begins_with_a_dash_is_not_taken_for_an_option() -> None:
    assert "--cluster-id=-aaaaaaaaaaaaaaaaaaaaa" in kafka.format_arguments("-aaaaaaaaaaaaaaaaaaaaa", Path("s"))
