"""The console's addresses: the page, what keeps it up to date, and the same numbers as JSON."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Final, Literal

from fastapi import FastAPI, Query
from starlette.datastructures import MutableHeaders
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from saan.console import counts
from saan.console.live import Shared, stream
from saan.console.page import Page
from saan.console.picture import Picture
from saan.wire.http.faults import json_response
from saan.wire.http.serving import furnish

Language = Annotated[Literal["th", "en"], Query(alias="lang")]

_STATIC: Final = Path(__file__).parent / "static"
_POLICY: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def application(look: Callable[[], Picture], ready: Callable[[], Awaitable[bool]], closing: asyncio.Event) -> FastAPI:
    """The console as an ASGI application. ``look`` gives the picture of this moment; ``closing`` ends open streams."""
    app = FastAPI(title="Saan console", version="1", docs_url=None, redoc_url=None, openapi_url=None)
    furnish(app, ready, counts.registry(look))
    page = Page()
    parts = Shared(lambda language: page.parts(look(), language), time.monotonic)

    app.add_middleware(_Guard)

    @app.get("/")
    async def whole(language: Language = "th") -> HTMLResponse:
        headers = {"Cache-Control": "no-store", "Content-Language": language}
        return HTMLResponse(page.whole(look(), language), headers=headers)

    @app.get("/events")
    async def events(language: Language = "th") -> StreamingResponse:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        body = stream(parts, language, closing)
        return StreamingResponse(body, media_type="text/event-stream", headers=headers)

    @app.get("/api/board")
    async def board() -> Response:
        return json_response(look().plain(), headers={"Cache-Control": "no-store"})

    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    return app


class _Guard:
    """Adds the headers that keep a browser from running or loading anything but the console's own files."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_POLICY)
            await send(message)

        await self._app(scope, receive, guarded if scope["type"] == "http" else send)
