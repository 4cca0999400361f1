"""The compose file runs what the code says there is, with the settings that the code knows."""

import ast
import importlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from saan.embedded import kafka
from saan.embedded.registry import environment as registry_environment
from saan.exchange.stations import STATIONS, STOPPING_ORDER, WITH_HTTP
from saan.wire import composing
from saan.wire.settings import Settings

ROOT = Path(__file__).parents[2]
SAAN = ROOT / "services" / "saan"
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: Mapping[str, Mapping[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "services" / "Dockerfile").read_text(encoding="utf-8")
BROKERS = ("kafka-1", "kafka-2", "kafka-3")

# Where the brokers of the compose file are meant to differ from the embedded one: addresses, folders, and the sizes
# of a small machine.
OF_THE_PLACE = {"node.id", "listeners", "advertised.listeners", "controller.quorum.voters", "log.dirs"}
OF_A_SMALL_MACHINE = {"num.network.threads", "num.io.threads", "log.cleaner.dedupe.buffer.size"}


def own(name: str) -> Mapping[str, Any]:
    """A service's environment."""
    return SERVICES[name].get("environment", {})


def mounts(name: str) -> dict[str, str]:
    """Volume to folder."""
    return dict(volume.split(":")[:2] for volume in SERVICES[name].get("volumes", ()))


def images() -> Iterator[str]:
    yield from (service["image"] for service in SERVICES.values())
    yield from re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)


def settings_of(broker: str) -> dict[str, str]:
    """A broker's settings as its image writes them to a properties file."""
    given = {name.removeprefix("KAFKA_"): value for name, value in own(broker).items() if name.startswith("KAFKA_")}
    given.pop("HEAP_OPTS")
    return {
        name.lower().replace("___", "-").replace("__", "\0").replace("_", ".").replace("\0", "_"): value.strip()
        for name, value in given.items()
    }


def test_a_station_has_one_name_everywhere() -> None:
    folders = {path.parent.name for path in SAAN.glob("*/handler.py") if (path.parent / "app.py").is_file()}
    services = {name for name, service in SERVICES.items() if service.get("command", [""])[0] == "station"}
    guide = (ROOT / "services" / "README.md").read_text(encoding="utf-8")

    assert folders == set(STATIONS)
    assert services == set(STATIONS)
    assert set(STOPPING_ORDER) == set(STATIONS)
    assert set(re.findall(r"^### (\S+)$", guide, re.MULTILINE)) == set(STATIONS)


@pytest.mark.parametrize("station", STATIONS)
def test_the_service_of_a_station_runs_that_station(station: str) -> None:
    assert SERVICES[station]["command"] == ["station", station]


@pytest.mark.parametrize("station", ["validator", "router"])
def test_the_consumer_group_of_a_processor_ends_in_its_name(station: str, tmp_path: Path) -> None:
    handler = importlib.import_module(f"saan.{station}.handler")

    assert station == handler.STATION
    assert composing.transport(Settings(), station, tmp_path).group == f"saan-{station}"


@pytest.mark.parametrize("station", STATIONS)
def test_every_station_has_a_composition_root_that_needs_settings_alone(station: str) -> None:
    tree = ast.parse((SAAN / station / "app.py").read_text(encoding="utf-8"))
    runs = [node for node in tree.body if isinstance(node, ast.AsyncFunctionDef) and node.name == "run"]

    taken = runs[0].args
    assert [argument.arg for argument in taken.args[: len(taken.args) - len(taken.defaults)]] == ["settings"]


@pytest.mark.parametrize("service", SERVICES)
def test_every_variable_of_saan_is_a_setting(service: str) -> None:
    known = {f"SAAN_{field.upper()}" for field in Settings.model_fields}

    assert {name for name in own(service) if name.startswith("SAAN_")} <= known


def test_the_settings_of_every_station_are_read_without_complaint(monkeypatch: pytest.MonkeyPatch) -> None:
    for station in STATIONS:
        with monkeypatch.context() as environment:
            for name, value in own(station).items():
                environment.setenv(name, re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value))
            settings = Settings()

        assert settings.bootstrap == "kafka-1:9092,kafka-2:9092,kafka-3:9092"
        assert settings.host == "0.0.0.0"


@pytest.mark.parametrize("station", STATIONS)
def test_a_station_listens_where_its_health_is_asked(station: str) -> None:
    with_http = station in WITH_HTTP
    port = own(station)["SAAN_PORT" if with_http else "SAAN_METRICS_PORT"]
    asked = SERVICES[station]["healthcheck"]["test"][-1]

    assert f"127.0.0.1:{port}/{'readyz' if with_http else 'metrics'}" in asked


@pytest.mark.parametrize("station", STATIONS)
def test_a_station_starts_when_governance_is_applied_and_comes_back_when_it_dies(station: str) -> None:
    assert SERVICES[station]["depends_on"] == {"apply": {"condition": "service_completed_successfully"}}
    assert SERVICES[station]["restart"] == "unless-stopped"


def test_governance_is_applied_to_all_brokers_and_the_registry_once_they_serve() -> None:
    healthy = {"condition": "service_healthy"}

    assert SERVICES["apply"]["depends_on"] == dict.fromkeys((*BROKERS, "registry"), healthy)
    assert SERVICES["apply"]["restart"] == "on-failure"


def test_only_the_validator_sees_the_key_of_the_pseudonyms() -> None:
    assert {name for name in SERVICES if "pseudonym-key" in mounts(name)} == {"validator"}
    assert {name for name in SERVICES if "gateway-key" in mounts(name)} == {"gateway", "deliverer"}
    assert {name for name in SERVICES if "credentials" in mounts(name)} == {"apply"}


def test_every_key_is_read_from_the_volume_that_holds_it() -> None:
    for name in SERVICES:
        keys = [value for variable, value in own(name).items() if variable.endswith("_KEY_FILE")]
        folders = [folder for volume, folder in mounts(name).items() if volume.endswith("-key")]

        assert [str(Path(key).parent) for key in keys] == folders


@pytest.mark.parametrize("folder", ["/var/lib/saan", "/var/lib/saan/credentials", "/keys/pseudonym", "/keys/gateway"])
def test_the_image_holds_every_folder_that_a_volume_covers(folder: str) -> None:
    assert folder in {folder for name in (*STATIONS, "apply") for folder in mounts(name).values()}
    assert re.search(rf"install -d [^&]*{folder}(\s|$)", DOCKERFILE)


def test_no_two_services_share_a_volume_but_for_the_gateways_key() -> None:
    used = [volume for name in SERVICES for volume in mounts(name)]

    assert set(used) == set(COMPOSE["volumes"])
    assert {volume for volume in used if used.count(volume) > 1} == {"gateway-key"}


def test_every_image_has_a_version() -> None:
    for image in images():
        name, _, tag = image.partition(":")
        assert re.match(r"\d", tag), name


def test_kafka_and_registry_are_those_of_the_embedded_engine() -> None:
    lock = (SAAN / "embedded" / "runtime.lock").read_text(encoding="utf-8")

    assert f"kafka-server:{SERVICES['kafka-1']['image'].partition(':')[2]} " in lock
    assert f"apicurio-registry-app:{SERVICES['registry']['image'].partition(':')[2]}:" in lock


def test_the_python_of_the_image_is_the_oldest_that_saan_promises() -> None:
    promised = re.search(r'requires-python = ">=([\d.]+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    assert promised
    assert {image.partition(":")[2] for image in images() if image.startswith("python:")} == {
        f"{promised[1]}-slim-bookworm"
    }


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_broker_has_the_settings_of_the_embedded_engines_three(number: int, tmp_path: Path) -> None:
    ports = {"PLAINTEXT": 9092, "PARTICIPANTS": number * 10_000 + 9092, "CONTROLLER": 9093}
    nodes = [kafka.Node(n, f"kafka-{n}", tmp_path, ports) for n in (1, 2, 3)]
    meant = kafka.properties(nodes[number - 1], nodes)
    here = settings_of(f"kafka-{number}")

    assert here["node.id"] == str(number)
    assert set(meant) - set(here) == OF_A_SMALL_MACHINE
    assert {key: here[key] for key in here if key not in OF_THE_PLACE} == {
        key: meant[key] for key in meant if key not in OF_THE_PLACE | OF_A_SMALL_MACHINE
    }


@pytest.mark.parametrize("broker", BROKERS)
def test_every_copied_thing_has_three_copies_of_which_two_must_be_written(broker: str) -> None:
    here = settings_of(broker)
    copies = {name for name in here if name.endswith("replication.factor")}
    needed = {name for name in here if name.endswith(("min.isr", "min.insync.replicas"))}

    assert {"default.replication.factor", "transaction.state.log.replication.factor"} < copies
    assert {"min.insync.replicas", "transaction.state.log.min.isr"} < needed
    assert {here[name] for name in copies} == {"3"}
    assert {here[name] for name in needed} == {"2"}
    assert here["unclean.leader.election.enable"] == "false"


def test_the_brokers_differ_in_nothing_but_their_place() -> None:
    alike = [
        {name: value for name, value in settings_of(broker).items() if name not in OF_THE_PLACE} for broker in BROKERS
    ]

    assert alike[0] == alike[1] == alike[2]
    assert len({settings_of(broker)["controller.quorum.voters"] for broker in BROKERS}) == 1


@pytest.mark.parametrize("number", [1, 2, 3])
def test_participants_reach_a_broker_where_it_says_it_is_and_nobody_reaches_the_stations_listener(number: int) -> None:
    port = number * 10_000 + 9092
    here = settings_of(f"kafka-{number}")

    assert here["advertised.listeners"] == f"PLAINTEXT://kafka-{number}:9092,PARTICIPANTS://localhost:{port}"
    assert SERVICES[f"kafka-{number}"]["ports"] == [f"127.0.0.1:{port}:{port}"]


def test_everything_is_published_on_this_machine_only() -> None:
    for service in SERVICES.values():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))


def test_the_registry_checks_what_the_embedded_one_checks(tmp_path: Path) -> None:
    meant = registry_environment(tmp_path, {"http": 8080, "management": 9000})

    checks = {key for key in meant if key.startswith(("APICURIO_RULES", "APICURIO_CCOMPAT"))}
    assert checks
    assert {key: own("registry")[key] for key in checks} == {key: meant[key] for key in checks}


def test_only_what_the_image_copies_goes_to_its_builder() -> None:
    listed = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    copied = {
        word for line in re.findall(r"^COPY (?!--from)(.*) \S+$", DOCKERFILE, re.MULTILINE) for word in line.split()
    }

    assert {line.removeprefix("!") for line in listed if line.startswith("!")} == {
        word for word in copied if not word.startswith("--")
    }


def test_every_path_that_the_guide_names_is_there() -> None:
    guide = (ROOT / "services" / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:saan|tests|schemas)/[\w./-]*|[\w-]+\.(?:toml|yml))`", guide)

    assert named
    for path in named:
        assert (ROOT / path).exists() or (ROOT / "services" / path).exists(), path
