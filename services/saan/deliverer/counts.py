"""What the deliverer counts for Prometheus."""

from prometheus_client import CollectorRegistry, Counter


class Counts:
    """The deliverer's metrics, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._events = Counter(
            "saan_deliverer_events", "Events handed over, repeats included.", ["channel"], registry=self.registry
        )
        self._acknowledged = Counter(
            "saan_deliverer_acknowledgements", "Acknowledgements kept.", ["channel"], registry=self.registry
        )

    def handed_over(self, channel: str, events: int) -> None:
        self._events.labels(channel).inc(events)

    def acknowledged(self, channel: str) -> None:
        self._acknowledged.labels(channel).inc()
