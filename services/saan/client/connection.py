"""One HTTP connection to a station: the token, the tries, and the refusals turned into errors."""

import random
import time
from collections.abc import Callable, Mapping
from typing import Any, Final, Self

import httpx
import orjson

from saan.client.errors import Refused, Unavailable
from saan.core.retry import delay

_AGAIN: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_FIRST_WAIT: Final = 0.1
"""Seconds: a station that is started anew is back within a second or two, and the waits double."""
_SILENT: Final = {"th": "สถานีไม่รับคำขอนี้", "en": "The station refuses this request."}
_ASK: Final = {"th": "แจ้งผู้ดูแลระบบแลกเปลี่ยน", "en": "Tell the operator of the exchange."}


class Connection:
    """``tries`` bounds the tries of one request, ``sleep`` takes seconds, ``transport`` can replace the network."""

    def __init__(
        self,
        address: str,
        token: str,
        *,
        timeout: float = 30.0,
        tries: int = 10,
        sleep: Callable[[float], None] = time.sleep,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.tries = tries
        self._sleep = sleep
        self._http = httpx.Client(
            base_url=address,
            headers={"Authorization": f"Bearer {token}"},
            timeout=timeout,
            transport=transport,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def wait(self, attempt: int, asked: float | None = None) -> None:
        """Wait before another try; ``asked`` are the seconds that the station asked for."""
        jitter = random.random()  # spreads load, guards nothing
        self._sleep(max(asked or 0.0, delay(attempt, base=_FIRST_WAIT, jitter=jitter)))

    def once(self, method: str, path: str, **request: Any) -> httpx.Response | None:
        """One try; ``None`` when nobody answered. Raises ``Refused`` when the station refuses the whole request."""
        try:
            response = self._http.request(method, path, **request)
        except httpx.TransportError:
            return None
        if response.is_client_error and response.status_code not in _AGAIN and "results" not in content(response):
            raise _refused(response)
        return response

    def request(self, method: str, path: str, **request: Any) -> httpx.Response:
        """A successful answer, after as many tries as it takes. Raises ``Refused`` and ``Unavailable``."""
        for attempt in range(1, self.tries + 1):
            response = self.once(method, path, **request)
            if response is not None and response.is_success:
                return response
            if attempt < self.tries:
                self.wait(attempt, retry_after(response))
        raise Unavailable(self.tries)


def retry_after(response: httpx.Response | None) -> float | None:
    """The seconds that a station asked for, if it did."""
    said = response.headers.get("Retry-After", "") if response is not None else ""
    return float(said) if said.isdecimal() else None


def content(response: httpx.Response) -> Mapping[str, Any]:
    """The JSON object of an answer; empty when it is none (an answer of something in between)."""
    try:
        said = orjson.loads(response.content)
    except orjson.JSONDecodeError:
        return {}
    return said if isinstance(said, dict) else {}


def _refused(response: httpx.Response) -> Refused:
    said = content(response)
    code = said.get("code", f"HTTP-{response.status_code}")
    return Refused(code, said.get("message", _SILENT), said.get("hint", _ASK))
