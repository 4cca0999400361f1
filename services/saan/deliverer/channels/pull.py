"""HTTP pull: the subscriber asks for a page, works on it, and acknowledges with the page's cursor.

Unacknowledged events are handed over again to a request without cursor, so a subscriber that crashed loses nothing.
"""

from typing import Annotated, Any

import orjson
from fastapi import FastAPI, Header, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from saan.deliverer.counts import Counts
from saan.deliverer.handler import Deliverer, Handover
from saan.deliverer.said import ACKNOWLEDGEMENT
from saan.wire.http.bearer import authenticate
from saan.wire.http.body import limited
from saan.wire.http.faults import Refused, json_response
from saan.wire.http.ports import Tokens

_LONGEST_ACKNOWLEDGEMENT = 64 * 1024

Authorization = Annotated[str | None, Header(description="Bearer <token>")]


class Pull(BaseModel):
    """What a subscriber may ask for."""

    model_config = ConfigDict(extra="forbid")

    cursor: Annotated[str | None, Field(description="ค่าจากคำตอบก่อน เว้นว่าง = ต่อจากที่ยืนยันไว้ · from an earlier answer")] = (
        None
    )
    max: Annotated[int, Field(ge=1, le=1000, description="จำนวนสูงสุด · most events in the answer")] = 100
    wait: Annotated[float, Field(ge=0, le=30, description="วินาทีที่ยอมรอ · seconds to wait for a first event")] = 0


def add(app: FastAPI, deliverer: Deliverer, tokens: Tokens, counts: Counts) -> None:
    """Put the channel's addresses on the application."""

    @app.get("/v1/inbox", summary="รับเหตุการณ์ · receive events", responses=_RESPONSES)
    async def pull(asked: Annotated[Pull, Query()], authorization: Authorization = None) -> Response:
        participant = authenticate(tokens, authorization)
        handover = await deliverer.page(participant, asked.cursor, asked.max, asked.wait)
        counts.handed_over("pull", len(handover.events))
        return json_response(_body(handover))

    @app.post(
        "/v1/inbox/ack",
        summary="ยืนยันว่ารับแล้ว · acknowledge",
        responses=_RESPONSES,
        openapi_extra={"requestBody": {"content": {"application/json": {"example": {"cursor": "AQAAAAAAAAAAAAY…"}}}}},
    )
    async def acknowledge(request: Request, authorization: Authorization = None) -> Response:
        participant = authenticate(tokens, authorization)
        cursor = _cursor(await limited(request, _LONGEST_ACKNOWLEDGEMENT))
        await deliverer.acknowledge(participant, cursor)
        counts.acknowledged("pull")
        return json_response({"acknowledged": cursor})


def _body(handover: Handover) -> dict[str, Any]:
    body: dict[str, Any] = {"events": list(handover.events), "cursor": handover.cursor}
    return body | {"expired": True} if handover.expired else body


def _cursor(body: bytes) -> str:
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Refused(ACKNOWLEDGEMENT) from error
    if not isinstance(said, dict) or not isinstance(said.get("cursor"), str):
        raise Refused(ACKNOWLEDGEMENT)
    cursor: str = said["cursor"]
    return cursor


_RESPONSES: dict[int | str, dict[str, Any]] = {
    400: {"description": "DL-1 เคอร์เซอร์ไม่ใช่ของท่าน · not your cursor; DL-4 รูปแบบการยืนยันไม่ถูกต้อง · malformed"},
    401: {"description": "GW-4 ไม่มีสิทธิ์ · unauthorised"},
    404: {"description": "DL-5 ยังไม่มีกล่องรับ · no inbox yet"},
    503: {"description": "DL-2, DL-3 ขอใหม่ตาม Retry-After · ask again after Retry-After"},
}
