"""No identity, name or secret is in a key, a header, a log line, a metric or the ledger."""

import confluent_kafka
import httpx
import pytest

from saan.wire.cluster import Cluster

from .conftest import SCHOOL, Running, event, eventually, example


def citizen_id(digits: str) -> str:
    """Twelve digits with their check digit; those that begin with 99 belong to nobody."""
    total = sum(int(digit) * (13 - place) for place, digit in enumerate(digits))
    return f"{digits}{(11 - total % 11) % 10}"


DATA = example("student.enrolled") | {
    "idValue": citizen_id("990000777123"),
    "nameThai": "พลอยเพชรรุ้ง",
    "lastNameThai": "ทดสอบความลับยิ่ง",
}
PRIVATE = [str(DATA["idValue"]).encode(), str(DATA["nameThai"]).encode(), str(DATA["lastNameThai"]).encode()]


@pytest.fixture(scope="module")
def travelled(exchange: Running) -> Running:
    """One good event and one refused event have gone all the way."""
    good = event("student.enrolled", SCHOOL, DATA)
    bad = event("student.enrolled", SCHOOL, DATA | {"gradeLevelCode": "999"})
    exchange.publish(SCHOOL, good, bad)
    eventually(lambda: exchange.arrived("peo-96")[good["id"]] == 1)
    eventually(lambda: bad["id"] in exchange.refusals())
    return exchange


def secrets(exchange: Running) -> list[bytes]:
    found = []
    for file in (exchange.folder / "credentials").glob("*.json"):
        held = exchange.credentials(file.stem)
        found += [held.password.encode(), *(token.secret.encode() for token in held.tokens)]
    found += [key.read_bytes() for key in (exchange.folder / "secrets").iterdir()]
    return found


def told(body: bytes, private: list[bytes]) -> list[int]:
    """Which of the private values a text tells, by position: never the values themselves."""
    return [n for n, value in enumerate(private) if value in body]


def test_no_log_of_any_process_tells_one(travelled: Running) -> None:
    private = PRIVATE + secrets(travelled)
    logs = [*travelled.folder.glob("logs/*.log"), *travelled.folder.glob("engine/*/*.log")]

    assert {file.stem for file in logs} >= {"validator", "router", "gateway", "deliverer", "console", "broker"}
    assert {file.name: told(file.read_bytes(), private) for file in logs if told(file.read_bytes(), private)} == {}


def test_no_metric_tells_one(travelled: Running) -> None:
    private = PRIVATE + secrets(travelled)
    pages = {name: httpx.get(address).raise_for_status().content for name, address in _metrics(travelled).items()}

    assert len(pages) == 5
    assert {name: told(page, private) for name, page in pages.items() if told(page, private)} == {}


def _metrics(exchange: Running) -> dict[str, str]:
    return dict(exchange.endpoints.metrics)


def test_no_key_and_no_header_tells_one(travelled: Running) -> None:
    for message in travelled.read(*sorted(Cluster(travelled.endpoints.bootstrap).topics())):
        assert told(_envelope(message), PRIVATE) == [], f"{message.topic()} at {message.offset()}"


def _envelope(message: confluent_kafka.Message) -> bytes:
    headers = b"\n".join(name.encode() + b"=" + (value or b"") for name, value in message.headers() or ())
    return (message.key() or b"") + b"\n" + headers


def test_ledger_and_governance_tell_nothing_private_at_all(travelled: Running) -> None:
    private = PRIVATE + secrets(travelled)
    for topic in ("ledger", "governance"):
        for message in travelled.read(topic):
            assert told(message.value() or b"", private) == [], f"{topic} at {message.offset()}"


def test_secret_files_are_for_their_owner_only(travelled: Running) -> None:
    files = [*(travelled.folder / "credentials").iterdir(), *(travelled.folder / "secrets").iterdir()]
    files.append(travelled.folder / "endpoints.json")

    assert [f.name for f in files if f.stat().st_mode & 0o077] == []
