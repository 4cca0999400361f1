"""Whatever container dies while records travel, nothing is lost, nothing doubled, nothing out of order."""

import time

import pytest

from .conftest import Stack
from .traffic import Traffic

# Building, pulling and starting count as the first test's time.
pytestmark = pytest.mark.timeout(1800)
_ONE_BROKER_LESS = 15
"""Seconds within which records flow again with two brokers of three: a promise of the exchange."""


def _whole(traffic: Traffic) -> None:
    traffic.settle()
    learners = {learner for learner, _ in traffic.handed_in}
    assert traffic.missing() == set()
    assert traffic.doubled() == []
    assert all(traffic.turns(learner) == sorted(traffic.turns(learner)) for learner in learners)


@pytest.mark.parametrize("broker", ["kafka-1", "kafka-2", "kafka-3"])
def test_records_flow_again_soon_after_a_broker_is_lost_and_none_is_lost_with_it(stack: Stack, broker: str) -> None:
    with Traffic(stack) as traffic:
        traffic.flows(time.monotonic(), 120)
        container = stack.container(broker)
        container.kill("SIGKILL")
        killed = time.monotonic()
        took = traffic.flows(killed, 120)
        container.start()
        stack.healthy(broker)
        traffic.flows(time.monotonic(), 120)
        _whole(traffic)
    stack.said.append(
        f"compose: {broker} lost: records flow after {took:.1f} s, {len(traffic.handed_in)} handed in, "
        f"{dict(traffic.words)}"
    )
    assert took <= _ONE_BROKER_LESS


@pytest.mark.parametrize("service", ["registry", "database", "gateway", "validator", "router", "deliverer", "console"])
def test_a_container_that_crashes_is_started_again_and_takes_no_record_with_it(stack: Stack, service: str) -> None:
    with Traffic(stack) as traffic:
        traffic.flows(time.monotonic(), 120)
        crashed = time.monotonic()
        stack.crash(service)
        took = traffic.flows(crashed, 120)
        _whole(traffic)
    stack.said.append(
        f"compose: {service} crashed: records flow after {took:.1f} s, {len(traffic.handed_in)} handed in, "
        f"{dict(traffic.words)}"
    )
