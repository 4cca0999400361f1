"""What the gateway counts for Prometheus. No label carries a name, an id or anything else about a person."""

from collections import Counter as Tally
from collections.abc import Sequence

from prometheus_client import CollectorRegistry, Counter, Histogram

from saan.gateway.answer import Result


class Counts:
    """The gateway's metrics, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "saan_gateway_requests", "Publishing requests by HTTP status.", ["status"], registry=self.registry
        )
        self._events = Counter("saan_gateway_events", "Events by verdict.", ["verdict"], registry=self.registry)
        self._seconds = Histogram(
            "saan_gateway_request_seconds", "From the last byte of a request to its answer.", registry=self.registry
        )

    def refused(self, status: int) -> None:
        self._requests.labels(str(status)).inc()

    def answered(self, status: int, results: Sequence[Result], seconds: float) -> None:
        self._requests.labels(str(status)).inc()
        self._seconds.observe(seconds)
        for word, number in Tally(result.word.value for result in results).items():
            self._events.labels(word).inc(number)
