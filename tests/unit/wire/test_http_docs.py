"""The page that describes a station names no other host, runs no script and says what the description says."""

import re
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from saan.wire.http import docs


@pytest.fixture
def app() -> FastAPI:
    made = FastAPI(title="Saan <b>bold</b>", description="ไทย · English", docs_url=None, redoc_url=None)
    docs.add(made)

    @made.post("/v1/things", summary="ส่ง · send", responses={422: {"description": "ไม่ถูก · not right"}})
    async def things(dry_run: bool = False) -> dict[str, Any]:
        return {"dry_run": dry_run}

    return made


async def test_the_page_says_every_address_and_answer_and_escapes_what_it_shows(app: FastAPI) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://saan") as client:
        page = await client.get("/docs")

    assert page.status_code == 200
    for said in ("/v1/things", "dry_run", "ส่ง · send", "ไม่ถูก · not right", "Saan &lt;b&gt;bold&lt;/b&gt;"):
        assert said in page.text
    assert "<b>bold" not in page.text


async def test_the_page_needs_no_other_host_and_no_script(app: FastAPI) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://saan") as client:
        page = await client.get("/docs")

    assert re.findall(r"https?://", page.text) == []
    assert "<script" not in page.text
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
