"""The schedule of faults follows from the seed."""

from itertools import islice
from pathlib import Path

import pytest

from saan.prove.faults import Fault, Kind, all_means
from saan.prove.nemesis import fingerprint, schedule

BROKERS = {1: ("kafka",), 3: ("kafka-1", "kafka-2", "kafka-3")}


@pytest.fixture(params=(1, 3))
def kinds(request: pytest.FixtureRequest, tmp_path: Path) -> list[Kind]:
    return [kind for means in all_means(tmp_path, BROKERS[request.param]) for kind in means.kinds]


def faults(kinds: list[Kind], *names: str) -> list[Fault]:
    return [fault for fault in islice(schedule(3, kinds), 500) if fault.kind in names]


def test_one_seed_gives_the_same_faults_again(kinds: list[Kind]) -> None:
    assert list(islice(schedule(7, kinds), 100)) == list(islice(schedule(7, kinds), 100))
    assert fingerprint(7, kinds) == fingerprint(7, kinds)


def test_another_seed_gives_another_schedule(kinds: list[Kind]) -> None:
    assert fingerprint(7, kinds) != fingerprint(8, kinds)


def test_one_round_has_every_kind_of_fault(kinds: list[Kind]) -> None:
    round_ = islice(schedule(3, kinds), sum(kind.times for kind in kinds))

    assert {fault.kind for fault in round_} == {kind.name for kind in kinds}


def test_a_frozen_worker_stands_still_longer_than_its_session_lasts(kinds: list[Kind]) -> None:
    assert min(fault.lasts for fault in faults(kinds, "freeze-station", "zombie")) > 6.0


def test_a_broker_is_away_longer_than_a_transaction_may_last(kinds: list[Kind]) -> None:
    assert min(fault.lasts for fault in faults(kinds, "broker-away")) > 12.0


def test_a_network_is_silent_longer_than_a_session_lasts(kinds: list[Kind]) -> None:
    assert min(fault.lasts for fault in faults(kinds, "black-hole")) > 6.0
