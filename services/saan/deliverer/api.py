"""The deliverer's addresses: those of its channels, and what every station has."""

from fastapi import FastAPI

from saan.deliverer.channels import pull
from saan.deliverer.counts import Counts
from saan.deliverer.handler import Deliverer
from saan.wire.http import docs
from saan.wire.http.ports import Tokens
from saan.wire.http.serving import furnish

_ABOUT = """รับเหตุการณ์จากกล่องรับของระบบท่าน · Receive the events of your own inbox.

1. `GET /v1/inbox?max=100&wait=30` ได้ `events` และ `cursor` · gives `events` and a `cursor`
2. ประมวลผล แล้ว `POST /v1/inbox/ack` ด้วย `cursor` นั้น · work on them, then acknowledge with that `cursor`

เหตุการณ์ที่ยังไม่ยืนยันจะส่งให้อีกครั้ง ใช้ `source` + `id` ตัดซ้ำ ·
Unacknowledged events come again; `source` + `id` tell repeats."""


def application(deliverer: Deliverer, tokens: Tokens, counts: Counts | None = None) -> FastAPI:
    """The deliverer as an ASGI application."""
    app = FastAPI(title="Saan deliverer", version="1", description=_ABOUT, docs_url=None, redoc_url=None)
    counts = counts or Counts()
    docs.add(app)
    furnish(app, deliverer.ready, counts.registry)
    pull.add(app, deliverer, tokens, counts)
    return app
