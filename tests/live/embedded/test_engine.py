"""The engine as a whole, with real Kafka and a real registry."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import httpx
import psutil
import pytest
from confluent_kafka.admin import (
    AclBinding,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialUpsertion,
)

from saan.embedded import Engine, EngineError
from saan.embedded.folder import holder
from saan.embedded.tool import CONSOLE_CONSUMER, run_tool

from .conftest import Make, create_topic, read, write

PARENT = """
import sys, time
from pathlib import Path
from saan.embedded import Engine
cache = Path(sys.argv[2]) if sys.argv[2] else None
endpoints = Engine(Path(sys.argv[1]), cache, registry=False).start()
print(endpoints.pids["kafka"], flush=True)
time.sleep(600)
"""


def eventually(holds: Callable[[], bool], what: str, seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.05)


def unique(name: str) -> str:
    return f"{name}.{uuid.uuid4().hex[:8]}"


async def test_what_is_written_to_the_broker_can_be_read_from_it(engine: Engine) -> None:
    bootstrap, topic = engine.endpoints.bootstrap, unique("first")
    create_topic(bootstrap, topic)
    await write(bootstrap, topic, [b"one", b"two"])
    assert await read(bootstrap, topic, 2) == [b"one", b"two"]


async def test_kafkas_own_console_consumer_reads_the_same(engine: Engine, engine_cache: Path | None) -> None:
    bootstrap, topic = engine.endpoints.bootstrap, unique("console")
    create_topic(bootstrap, topic)
    await write(bootstrap, topic, ["สวัสดี".encode(), b"two"])
    arguments = ["--bootstrap-server", bootstrap, "--topic", topic, "--from-beginning", "--max-messages", "2"]
    run = await asyncio.to_thread(run_tool, CONSOLE_CONSUMER, arguments, cache=engine_cache)
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines() == ["สวัสดี", "two"]


def test_the_registry_answers_both_its_apis_and_holds_to_full_compatibility(engine: Engine) -> None:
    base = engine.endpoints.registry
    assert httpx.get(f"{base}/apis/ccompat/v7/subjects").status_code == 200
    assert httpx.get(f"{base}/apis/registry/v3/system/info").json()["version"] == "3.3.3"
    schema = {"type": "record", "name": unique("R").replace(".", "_"), "fields": [{"name": "a", "type": "string"}]}
    versions = f"{base}/apis/ccompat/v7/subjects/{schema['name']}/versions"
    assert httpx.post(versions, json={"schema": json.dumps(schema)}).status_code == 200
    narrower = schema | {"fields": [{"name": "b", "type": "int"}]}
    assert httpx.post(versions, json={"schema": json.dumps(narrower)}).status_code == 409


def test_everything_listens_on_the_loopback_address_only(engine: Engine) -> None:
    for pid in engine.endpoints.pids.values():
        listening = [one for one in psutil.Process(pid).net_connections("tcp") if one.status == psutil.CONN_LISTEN]
        assert {one.laddr.ip for one in listening} <= {"127.0.0.1", "::ffff:127.0.0.1"}
        assert len(listening) >= 2


def test_both_processes_stay_small(engine: Engine) -> None:
    resident = {name: psutil.Process(pid).memory_info().rss >> 20 for name, pid in engine.endpoints.pids.items()}
    assert resident["kafka"] < 350, resident
    assert resident["registry"] < 300, resident


def test_a_topic_is_never_created_by_writing_to_it(engine: Engine) -> None:
    topic = unique("nobody-made-me")
    admin = AdminClient({"bootstrap.servers": engine.endpoints.bootstrap, "log_level": 0})
    admin.list_topics(topic, timeout=10)
    assert topic not in admin.list_topics(timeout=10).topics


def _participant(bootstrap: str, user: str, password: str) -> dict[str, str | int]:
    credentials = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096)
    admin = AdminClient({"bootstrap.servers": bootstrap, "log_level": 0})
    upsertion = UserScramCredentialUpsertion(user, credentials, password.encode())
    for done in admin.alter_user_scram_credentials([upsertion]).values():
        done.result(20)
    return {"security.protocol": "SASL_PLAINTEXT", "sasl.mechanism": "SCRAM-SHA-512", "log_level": 0} | {
        "sasl.username": user,
        "sasl.password": password,
    }


def test_a_participant_sees_a_topic_only_when_an_acl_grants_it(engine: Engine) -> None:
    bootstrap, topic, user = engine.endpoints.bootstrap, unique("inbox"), unique("school")
    create_topic(bootstrap, topic)
    login = _participant(bootstrap, user, uuid.uuid4().hex)
    stranger = AdminClient(login | {"bootstrap.servers": engine.endpoints.bootstrap_sasl})
    assert topic not in stranger.list_topics(timeout=20).topics
    grant = AclBinding(
        *(ResourceType.TOPIC, topic, ResourcePatternType.LITERAL),
        *(f"User:{user}", "*", AclOperation.READ, AclPermissionType.ALLOW),
    )
    admin = AdminClient({"bootstrap.servers": bootstrap, "log_level": 0})
    for done in admin.create_acls([grant]).values():
        done.result(20)
    eventually(lambda: topic in stranger.list_topics(timeout=20).topics, "the granted topic is seen")


def test_a_second_start_in_the_same_folder_is_refused_and_names_the_first(engine: Engine) -> None:
    with pytest.raises(EngineError) as refused:
        Engine(engine.folder, engine.cache).start()
    assert refused.value.code == "engine.folder-in-use"
    assert str(os.getpid()) in refused.value.said_en
    assert str(os.getpid()) in refused.value.said_th
    assert set(engine.poll().values()) == {None}


async def test_a_restart_keeps_the_data_and_the_address(make_engine: Make) -> None:
    engine = make_engine()
    before = engine.start()
    create_topic(before.bootstrap, "kept")
    await write(before.bootstrap, "kept", [b"here"])
    engine.stop()
    after = engine.start()
    assert after.bootstrap == before.bootstrap
    assert await read(after.bootstrap, "kept", 1) == [b"here"]


async def test_a_killed_broker_is_noticed_and_comes_back_alone(make_engine: Make) -> None:
    engine = make_engine(registry=True)
    before = engine.start()
    create_topic(before.bootstrap, "kept")
    await write(before.bootstrap, "kept", [b"here"])
    psutil.Process(before.pids["kafka"]).kill()
    eventually(lambda: engine.poll() == {"registry": None, "kafka": 128 + signal.SIGKILL}, "the death is noticed")
    assert not engine.answers("kafka")
    engine.restart("kafka")
    assert engine.answers("kafka")
    assert engine.endpoints.pids["registry"] == before.pids["registry"]
    assert await read(engine.endpoints.bootstrap, "kept", 1) == [b"here"]


def test_a_child_that_cannot_start_is_named_and_nothing_is_left_running(make_engine: Make, tmp_path: Path) -> None:
    node = tmp_path / "engine/kafka"
    (node / "data").mkdir(parents=True)
    (node / "formatted").write_text("by another node")
    (node / "data/meta.properties").write_text("version=1\ncluster.id=another\nnode.id=9\n")
    engine = make_engine()
    with pytest.raises(EngineError) as refused:
        engine.start()
    assert refused.value.code == "engine.died"
    assert "kafka" in refused.value.said_en
    assert engine.poll() == {}
    assert holder(tmp_path) is None


def test_children_die_with_a_parent_that_is_killed_and_the_folder_can_be_used_again(
    make_engine: Make, tmp_path: Path, engine_cache: Path | None
) -> None:
    command = [sys.executable, "-c", PARENT, str(tmp_path), str(engine_cache or "")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        broker = psutil.Process(int(parent.stdout.readline()))
        assert holder(tmp_path) == parent.pid
        parent.kill()
    engine = make_engine()
    engine.start()
    assert not broker.is_running()
    assert engine.answers("kafka")


def test_the_broker_dies_with_a_leash_that_is_killed(make_engine: Make) -> None:
    if sys.platform != "linux":
        pytest.xfail("only Linux can kill a child together with the process that started it")
    engine = make_engine()
    broker = psutil.Process(engine.start().pids["kafka"])
    leash = broker.parent()
    assert leash is not None
    leash.kill()
    eventually(lambda: not broker.is_running() or broker.status() == psutil.STATUS_ZOMBIE, "the broker is gone")


def test_an_interrupt_from_the_terminal_does_not_reach_the_children(engine: Engine) -> None:
    for pid in engine.endpoints.pids.values():
        assert os.getsid(pid) != os.getsid(0)
        assert os.getpgid(pid) != os.getpgid(0)


def test_a_schema_that_was_acknowledged_survives_the_kill_of_the_registry(engine: Engine) -> None:
    versions = f"{engine.endpoints.registry}/apis/ccompat/v7/subjects/{{name}}/versions"
    names = [unique(f"Survivor{number}").replace(".", "_") for number in range(20)]
    for name in names:
        schema = json.dumps({"type": "record", "name": name, "fields": [{"name": "a", "type": "string"}]})
        assert httpx.post(versions.format(name=name), json={"schema": schema}).status_code == 200
    psutil.Process(engine.endpoints.pids["registry"]).kill()
    eventually(lambda: engine.poll()["registry"] is not None, "the death is noticed")
    engine.restart("registry")
    assert [httpx.get(versions.format(name=name)).json() for name in names] == [[1]] * 20
