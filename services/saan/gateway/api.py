"""The gateway's addresses."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import FastAPI, Header, Query, Request
from starlette.responses import Response

from saan.core.participants import Participant
from saan.gateway import answer, describe, intake
from saan.gateway.counts import Counts
from saan.gateway.examples import REQUEST, RESPONSES
from saan.gateway.handler import Gateway
from saan.gateway.ports import Governance
from saan.wire.http import docs
from saan.wire.http.bearer import authenticate
from saan.wire.http.body import limited
from saan.wire.http.faults import NOT_FOUND, TOO_LARGE, UNAUTHORISED, Refused, json_response
from saan.wire.http.ports import Tokens
from saan.wire.http.serving import furnish

_ABOUT = """ส่งเหตุการณ์ข้อมูลการศึกษาเข้าสู่ระบบแลกเปลี่ยน · Publish education events to the exchange.

ทุกคำขอต้องมี `Authorization: Bearer <token>` · Every request needs `Authorization: Bearer <token>`."""

Authorization = Annotated[str | None, Header(description="Bearer <token>")]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one request may hold: bytes of its body, and events."""

    body: int = 8 * 1024 * 1024
    items: int = 5_000


def application(
    gateway: Gateway,
    governance: Governance,
    tokens: Tokens,
    ready: Callable[[], Awaitable[bool]],
    limits: Limits,
    counts: Counts | None = None,
) -> FastAPI:
    """The gateway as an ASGI application."""
    app = FastAPI(title="Saan gateway", version="1", description=_ABOUT, docs_url=None, redoc_url=None)
    counts = counts or Counts()
    docs.add(app)
    furnish(app, ready, counts.registry)
    _publishing(app, gateway, tokens, limits, counts)
    _describing(app, governance, tokens)
    return app


def _publishing(app: FastAPI, gateway: Gateway, tokens: Tokens, limits: Limits, counts: Counts) -> None:
    @app.post(
        "/v1/events",
        status_code=202,
        summary="ส่งเหตุการณ์ · publish events",
        openapi_extra={"requestBody": REQUEST},
        responses=RESPONSES,
    )
    async def publish(
        request: Request,
        authorization: Authorization = None,
        dry_run: Annotated[bool, Query(description="ตรวจทุกกฎโดยไม่บันทึก · check every rule, store nothing")] = False,
    ) -> Response:
        try:
            participant = authenticate(tokens, authorization)
            return await _published(request, participant, dry_run)
        except Refused as refused:
            counts.refused(refused.fault.status)
            raise

    async def _published(request: Request, participant: Participant, dry_run: bool) -> Response:
        body = await limited(request, limits.body)
        started = time.monotonic()
        given = intake.read(request.headers.get("content-type", ""), request.headers, body)
        if len(given) > limits.items:
            raise Refused(TOO_LARGE)
        results = await (gateway.rehearse if dry_run else gateway.publish)(participant, given)
        status = answer.status(results, dry_run)
        if status == UNAUTHORISED.status:
            raise Refused(UNAUTHORISED)
        counts.answered(status, results, time.monotonic() - started)
        return json_response(answer.body(results, dry_run), status, answer.headers(results))


def _describing(app: FastAPI, governance: Governance, tokens: Tokens) -> None:
    @app.get("/v1/me", summary="ระบบของท่านในระบบแลกเปลี่ยน · who you are here")
    async def me(authorization: Authorization = None) -> Response:
        return json_response(describe.me(authenticate(tokens, authorization)))

    @app.get("/v1/event-types", summary="ประเภทเหตุการณ์ทั้งหมด · all event types")
    async def event_types(authorization: Authorization = None) -> Response:
        participant = authenticate(tokens, authorization)
        return json_response({"event_types": describe.event_types(governance, participant)})

    @app.get("/v1/event-types/{type}", summary="สคีมา ช่อง กฎ และตัวอย่าง · schema, fields, rules, examples")
    async def event_type(type: str, authorization: Authorization = None) -> Response:
        found = describe.event_type(governance, authenticate(tokens, authorization), type)
        if found is None:
            raise Refused(NOT_FOUND)
        return json_response(found)
