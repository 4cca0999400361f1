"""What the console tells Prometheus about the exchange and about its own reading."""

from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from saan.console.picture import Picture

Look = Callable[[], Picture]


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


def registry(look: Look) -> CollectorRegistry:
    """A registry of the console's own."""
    made = CollectorRegistry(auto_describe=False)
    made.register(Exchange(look))
    return made
