"""The console's addresses."""

from collections.abc import Awaitable, Callable

from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from starlette.responses import HTMLResponse

from saan.wire.http.serving import furnish


def application(ready: Callable[[], Awaitable[bool]], registry: CollectorRegistry) -> FastAPI:
    """The console as an ASGI application."""
    app = FastAPI(title="Saan console", version="1", docs_url=None, redoc_url=None, openapi_url=None)
    furnish(app, ready, registry)

    @app.get("/")
    async def page() -> HTMLResponse:
        return HTMLResponse('<!doctype html><html lang="th"><title>สาน · Saan</title><h1>สาน · Saan</h1></html>')

    return app
