"""What is set aside is bounded, settings that cannot work are refused, and leaving says why."""

import subprocess
import sys
from pathlib import Path

import pytest

from saan.wire.transport.leaving import where
from saan.wire.transport.limit import PoisonLimit
from saan.wire.transport.settings import Sasl, TransportSettings


def test_the_limit_holds_for_any_minute() -> None:
    limit = PoisonLimit(2)
    assert [limit.allows(at) for at in (0.0, 1.0, 2.0)] == [True, True, False]
    assert limit.allows(61.5)


@pytest.mark.parametrize("faulty", [{"session_timeout": 5.0}, {"revocation_timeout": 6.0}])
def test_time_outs_that_make_the_group_fail_are_refused(faulty: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="timeout"):
        TransportSettings("localhost:9092", "saan-validator", Path("data"), **faulty)


@pytest.mark.parametrize("faulty", [0.0, -1.0, 600.1])
def test_a_transaction_longer_than_a_broker_allows_is_refused(faulty: float) -> None:
    with pytest.raises(ValueError, match=r"transaction\.max\.timeout\.ms"):
        TransportSettings("localhost:9092", "saan-validator", Path("data"), transaction_timeout=faulty)


def test_the_broker_never_gives_a_transaction_up_before_a_living_process_does() -> None:
    for seconds in (0.5, 12.0, 600.0):
        settings = TransportSettings("localhost:9092", "saan", Path("data"), transaction_timeout=seconds)
        assert settings.transaction_timeout < settings.abandoned_after <= 900.0


def test_tls_and_the_protocol_must_agree() -> None:
    with pytest.raises(ValueError, match="SASL_SSL"):
        TransportSettings("a:1", "saan-router", Path("data"), sasl=Sasl("router", "x", protocol="SASL_SSL"))


def test_the_password_is_not_in_the_representation_of_the_settings() -> None:
    settings = TransportSettings("a:1, b:2", "saan-router", Path("data"), sasl=Sasl("router", "hunter2"))
    assert "hunter2" not in repr(settings)
    assert settings.servers == ["a:1", "b:2"]
    assert settings.connection()["sasl_plain_password"] == "hunter2"


def test_leaving_says_why_and_gives_its_exit_code() -> None:
    code = "from saan.wire.transport.leaving import Exit, leave; leave(Exit.MISSING_TOPIC, 'no such topic')"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ended.returncode == 78
    assert ended.stderr.strip() == "leaving the process (MISSING_TOPIC): no such topic"


def test_an_error_is_described_without_its_message_because_that_may_quote_a_record() -> None:
    try:
        int("1-2345-67890-12-1")
    except ValueError as error:
        said = where(error)
    assert said.startswith("ValueError at test_an_error_is_described")
    assert "2345" not in said
