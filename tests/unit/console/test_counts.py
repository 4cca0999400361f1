"""The console tells Prometheus how much room the disks of the exchange have."""

from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest

from saan.console.counts import Disks
from saan.wire.space import Room


def test_the_free_bytes_of_every_disk_are_told_by_its_folder() -> None:
    made = CollectorRegistry()
    made.register(Disks(lambda: [Room(Path("saan"), 10), Room(Path("saan/state"), 0)]))

    told = generate_latest(made).decode()

    assert 'saan_disk_free_bytes{folder="saan"} 10.0' in told
    assert 'saan_disk_free_bytes{folder="saan/state"} 0.0' in told
