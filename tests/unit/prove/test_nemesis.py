"""The schedule of faults follows from the seed."""

from itertools import islice
from pathlib import Path

import pytest

from saan.prove import halfway
from saan.prove.faults import Fault, Kind, all_means
from saan.prove.nemesis import fingerprint, schedule
from saan.wire.composing import transport
from saan.wire.settings import Settings
from saan.wire.transport import Hooks

TRANSPORT = transport(Settings.model_construct(), "validator", Path("data"))
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
    assert min(fault.lasts for fault in faults(kinds, "broker-away")) > TRANSPORT.transaction_timeout


def test_a_broker_is_away_longer_too_than_a_broker_lets_a_transaction_last(kinds: list[Kind]) -> None:
    assert max(fault.lasts for fault in faults(kinds, "broker-away")) > TRANSPORT.abandoned_after


def test_the_registry_is_away_for_as_long_as_a_dozen_faults_take(kinds: list[Kind]) -> None:
    assert min(fault.lasts for fault in faults(kinds, "registry-away")) >= 20.0


def test_only_where_there_are_three_brokers_one_is_lost_for_long_and_most_are_killed_at_once(tmp_path: Path) -> None:
    struck = {
        number: {kind.name: kind for means in all_means(tmp_path, brokers) for kind in means.kinds}
        for number, brokers in BROKERS.items()
    }
    only = struck[3].keys() - struck[1].keys()

    assert only == {"lose-broker", "elect-leaders", "kill-most-brokers", "kill-all-brokers"}
    lost = faults(list(struck[3].values()), "lose-broker")
    assert min(fault.lasts for fault in lost) >= 20.0
    assert {len(fault.targets) for fault in lost} == {1}
    assert {len(f.targets) for f in faults(list(struck[3].values()), "kill-most-brokers")} == {2}


def test_half_way_a_worker_dies_at_the_same_point_for_the_same_seed() -> None:
    deaths = [named(halfway.hooks(seed)) for seed in range(40)]

    assert deaths == [named(halfway.hooks(seed)) for seed in range(40)]
    assert {point for death in deaths for point in death} == {"before_commit", "after_commit"}


def named(hooks: Hooks) -> dict[str, object]:
    points = {"before_commit": hooks.before_commit, "after_commit": hooks.after_commit}
    return {point: vars(death) for point, death in points.items() if death is not None}


def test_a_network_is_silent_longer_than_a_session_lasts(kinds: list[Kind]) -> None:
    assert min(fault.lasts for fault in faults(kinds, "black-hole")) > 6.0
