"""Shows a process's metrics on a port of their own, which is never a reason not to serve."""

import threading
import time
from contextvars import copy_context

import structlog
from prometheus_client import REGISTRY, CollectorRegistry, start_http_server

_LOG = structlog.get_logger()
_AGAIN_AFTER = 0.5


def expose(port: int, host: str, registry: CollectorRegistry = REGISTRY) -> None:
    """Answer Prometheus at ``host`` and ``port`` (0: nowhere) from a thread. Never raises for a port that is taken.

    Whoever holds it may just be ending, so it is tried again in the background for as long as this process lives.
    """
    if not port:
        return
    try:
        start_http_server(port, host, registry=registry)
    except OSError as error:
        _LOG.warning("metrics.port-taken", port=port, cause=error.strerror, again_in=_AGAIN_AFTER)
        later = copy_context().run  # what is bound to log lines would not follow into a thread
        threading.Thread(target=later, args=(_until_free, port, host, registry), name="metrics", daemon=True).start()


def _until_free(port: int, host: str, registry: CollectorRegistry) -> None:
    while True:
        time.sleep(_AGAIN_AFTER)
        try:
            start_http_server(port, host, registry=registry)
        except OSError:  # said once already
            continue
        _LOG.info("metrics.port-free", port=port)
        return
