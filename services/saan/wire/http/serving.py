"""Serves an application until the process is asked to stop."""

import asyncio
import signal
import traceback
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import structlog
import uvicorn
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from saan.wire.http.faults import FAILED, MALFORMED_QUERY, METHOD, NOT_FOUND, Refused, json_response, refusal

_LOG = structlog.get_logger()


def furnish(app: FastAPI, ready: Callable[[], Awaitable[bool]], registry: CollectorRegistry) -> None:
    """Give an application what every station has: coded refusals, ``/healthz``, ``/readyz`` and ``/metrics``."""

    @app.exception_handler(Refused)
    async def refused(_: Request, error: Refused) -> Response:
        return refusal(error)

    @app.exception_handler(RequestValidationError)
    async def malformed(_: Request, error: RequestValidationError) -> Response:
        names = sorted({str(part["loc"][-1]) for part in error.errors()})
        return json_response(MALFORMED_QUERY.body() | {"path": ",".join(names)}, MALFORMED_QUERY.status)

    @app.exception_handler(HTTPException)
    async def unknown(_: Request, error: HTTPException) -> Response:
        return refusal(Refused(METHOD if error.status_code == 405 else NOT_FOUND))

    app.add_middleware(_Contain)

    @app.get("/healthz", include_in_schema=False)
    async def healthz() -> Response:
        return json_response({"status": "up"})

    @app.get("/readyz", include_in_schema=False)
    async def readyz() -> Response:
        able = await ready()
        return json_response({"status": "ready" if able else "waiting"}, 200 if able else 503)

    @app.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


class _Contain:
    """Turns an unexpected failure into a coded answer; its text may hold what was sent and stays out of logs."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def noting(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except Exception as error:  # noqa: BLE001 - whatever failed, the sender gets an answer
            where = [f"{Path(f.filename).name}:{f.lineno}" for f in traceback.extract_tb(error.__traceback__)[-5:]]
            _LOG.error("request.failed", path=scope.get("path"), cause=type(error).__name__, where=where)
            if scope["type"] == "http" and not begun:
                await refusal(Refused(FAILED))(scope, receive, send)


class _Server(uvicorn.Server):
    """Ends quietly when asked to: the original raises the signal again, which would end the process before its
    composition root has closed what it opened.
    """

    def __init__(self, config: uvicorn.Config, closing: asyncio.Event | None) -> None:
        super().__init__(config)
        self._closing = closing

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self._closing is not None:
            self._closing.set()
        super().handle_exit(sig, frame)

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        loop = asyncio.get_running_loop()
        signals = (signal.SIGTERM, signal.SIGINT)
        for number in signals:
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in signals:
                loop.remove_signal_handler(number)


async def serve(app: FastAPI, host: str, port: int, *, closing: asyncio.Event | None = None, **options: Any) -> None:
    """Serve until SIGTERM or SIGINT; running requests are answered first (up to 10 s).

    ``closing`` is set as soon as the process is asked to stop, so that answers without an end can end themselves.
    """
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=10,
        **options,
    )
    await _Server(config, closing).serve()
