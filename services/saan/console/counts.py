"""What the console tells Prometheus about the exchange and about its own reading."""

from collections.abc import Callable, Iterable, Iterator

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from saan.console.picture import Picture
from saan.wire.space import Room

Look = Callable[[], Picture]
Rooms = Callable[[], Iterable[Room]]


class Exchange(Collector):
    """Reads the picture whenever it is asked."""

    def __init__(self, look: Look) -> None:
        self._look = look

    def collect(self) -> Iterator[Metric]:
        seen = self._look()
        events = GaugeMetricFamily(
            "saan_exchange_events", "Events by what became of them, over the whole ledger.", labels=["outcome"]
        )
        for name in ("published", "accepted", "rejected", "parked", "duplicates", "in_flight", "delivered"):
            events.add_metric([name], getattr(seen.whole, name))
        yield events
        lag = GaugeMetricFamily(
            "saan_exchange_lag_seconds", "Age of the first record a station has not read.", labels=["station"]
        )
        for station in seen.stations:
            if station.lag_s is not None:
                lag.add_metric([station.name], station.lag_s)
        yield lag
        yield GaugeMetricFamily("saan_exchange_late_stations", "Stations too far behind.", value=len(seen.late))
        yield GaugeMetricFamily("saan_exchange_difference", "Events not accounted for.", value=seen.whole.difference)
        yield GaugeMetricFamily("saan_console_entries", "Ledger entries read.", value=seen.entries)
        yield GaugeMetricFamily("saan_console_unreadable", "Ledger records that are no entry.", value=seen.unreadable)


class Disks(Collector):
    """Measures whenever it is asked."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    def collect(self) -> Iterator[Metric]:
        free = GaugeMetricFamily(
            "saan_disk_free_bytes", "Free bytes where this exchange writes on this machine.", labels=["folder"]
        )
        for room in self._rooms():
            free.add_metric([str(room.folder)], room.free)
        yield free


def registry(look: Look, rooms: Rooms = tuple) -> CollectorRegistry:
    """A registry of the console's own; ``rooms`` measures the disks (``wire.space.rooms``)."""
    made = CollectorRegistry(auto_describe=False)
    made.register(Exchange(look))
    made.register(Disks(rooms))
    return made
