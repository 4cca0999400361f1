"""The schedule of faults follows from the seed."""

from itertools import islice

from saan.prove.nemesis import Kind, schedule
from saan.prove.run import fingerprint


def test_one_seed_gives_the_same_faults_again() -> None:
    assert list(islice(schedule(7), 100)) == list(islice(schedule(7), 100))
    assert fingerprint(7) == fingerprint(7)


def test_another_seed_gives_another_schedule() -> None:
    assert fingerprint(7) != fingerprint(8)


def test_one_round_has_every_kind_of_fault() -> None:
    assert {fault.kind for fault in islice(schedule(3), len(Kind) + 4)} == set(Kind)


def test_a_frozen_worker_stands_still_longer_than_its_session_lasts() -> None:
    frozen = [fault for fault in islice(schedule(3), 200) if fault.kind in (Kind.FREEZE_STATION, Kind.ZOMBIE)]

    assert min(fault.lasts for fault in frozen) > 6.0


def test_a_broker_is_away_longer_than_a_transaction_may_last() -> None:
    away = [fault for fault in islice(schedule(3), 200) if fault.kind is Kind.BROKER_AWAY]

    assert min(fault.lasts for fault in away) > 12.0
