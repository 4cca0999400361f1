"""The page in a real browser, on a ledger in a real Kafka."""

import signal
import subprocess
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import Console, eventually, running

NASTY = '"><script>document.title="owned"</script><img src=x onerror="document.title=\'owned\'">'
SECONDS = 30_000
"""How long, in milliseconds, the page may take to show something."""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page whose browser reports no error at all while the test runs."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened, errors = context.new_page(), list[str]()
    opened.set_default_timeout(SECONDS)
    opened.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    context.close()
    assert errors == []


def _figure(page: Page, name: str) -> int:
    return int(page.locator(f"[data-figure={name}]").inner_text().replace(",", ""))


def _refusal(**fields: str) -> dict[str, str]:
    said = {"code": "V4", "path": "gradeLevelCode", "th": "รหัสชั้นไม่มีในรายการ", "en": "No such grade level."}
    named = {"participant": "sis-96012001", "eventId": "e-1", "eventType": "student.enrolled"}
    return {**named, **said, "fixTh": "ใช้รหัสตามรายการ", "fixEn": "Use a code of the list.", **fields}


def test_numbers_change_on_the_open_page_when_stations_post(console: Console, page: Page) -> None:
    page.goto(f"{console.address}/?lang=en")
    expect(page.locator(".pulse")).to_have_text("Live", timeout=SECONDS)
    before, delivered = _figure(page, "published"), _figure(page, "delivered")
    page.evaluate("window.untouched = true")

    console.post("validator", published={"sis-96012001": 41}, accepted={"sis-96012001": 41})
    expect(page.locator("[data-figure=published]")).to_have_text(f"{before + 41:,}", timeout=SECONDS)
    expect(page.locator("[data-figure=in_flight]")).to_have_text("41", timeout=SECONDS)

    console.post(
        "router", published={"sis-96012001": 41}, accepted={"sis-96012001": 41}, delivered={"eef": 40, "peo-96": 41}
    )
    expect(page.locator("[data-figure=in_flight]")).to_have_text("0", timeout=SECONDS)
    expect(page.locator("[data-figure=delivered]")).to_have_text(f"{delivered + 81:,}", timeout=SECONDS)
    expect(page.locator("[data-participant=eef]")).to_contain_text("Equitable Education Fund")
    drawn = page.locator("#journey-wide [data-flow=delivered]")
    expect(drawn).to_have_text(f"{delivered + 81:,}", timeout=SECONDS)
    assert page.evaluate("window.untouched"), "the page was loaded again"


def test_a_refusal_appears_with_its_reason_in_both_languages(console: Console, page: Page) -> None:
    page.goto(console.address)
    expect(page.locator(".pulse")).to_have_text("สด", timeout=SECONDS)
    assert page.locator("html").get_attribute("lang") == "th"

    said = _refusal(th="รหัสคำนำหน้าไม่มีในรายการ", en="No such prefix.", eventId="e-both")
    console.post("validator", published={"niets": 1}, rejected={"niets": 1}, rules={"V4": 1}, refusals=[said])

    newest = page.locator("#refusals li").filter(has_text="e-both")
    expect(newest).to_contain_text("รหัสคำนำหน้าไม่มีในรายการ", timeout=SECONDS)
    expect(newest.locator(".also")).to_have_text("No such prefix.")
    page.get_by_role("link", name="English").click()
    expect(page.locator("h1")).to_have_text("Saan · console")
    expect(page.locator("#refusals li").filter(has_text="e-both").locator("strong")).to_have_text("No such prefix.")


def test_html_in_a_refusal_neither_runs_nor_shows_as_html(console: Console, page: Page) -> None:
    page.goto(f"{console.address}/?lang=en")
    expect(page.locator(".pulse")).to_have_text("Live", timeout=SECONDS)
    images = page.locator("img").count()

    nasty = _refusal(th=NASTY, en=NASTY, participant=NASTY, eventType=NASTY, path=NASTY, fixEn=NASTY, code=NASTY)
    console.post("validator", published={NASTY: 1}, rejected={NASTY: 1}, rules={NASTY: 1}, refusals=[nasty])

    expect(page.locator("#refusals strong").filter(has_text="<script>").first).to_have_text(NASTY, timeout=SECONDS)
    page.reload()
    expect(page.locator("#refusals strong").filter(has_text="<script>").first).to_have_text(NASTY)
    assert page.title() == "Saan · console"
    assert page.locator("img").count() == images


def test_what_was_never_committed_and_what_is_no_entry_are_not_counted(console: Console) -> None:
    before = console.board()

    console.write(b"\x00\x00\x00\x00\x01garbage", commit=False)
    console.write(b"no entry at all")

    after = eventually(console, lambda board: board["unreadable"] == before["unreadable"] + 1)
    assert after["whole"] == before["whole"]


def test_the_page_fits_a_phone_and_needs_no_script(console: Console, browser: Browser) -> None:
    console.post("validator", published={"sis-96012001": 1}, accepted={"sis-96012001": 1})
    eventually(console, lambda board: board["whole"]["published"] > 0)
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    phone = context.new_page()
    phone.goto(console.address)

    assert phone.locator("noscript meta[http-equiv=refresh]").count() == 1 or "refresh" in phone.content()
    expect(phone.locator("#journey-tall svg")).to_be_visible()
    expect(phone.locator("#journey-wide svg")).to_be_hidden()
    assert phone.locator("main").bounding_box()["width"] <= 360  # type: ignore[index]
    assert all(box["x"] + box["width"] <= 360 for box in _boxes(phone, "section"))
    context.close()


def test_a_frozen_broker_is_said_on_the_page_and_forgotten_when_it_is_back(console: Console, page: Page) -> None:
    page.goto(f"{console.address}/?lang=en")
    expect(page.locator("#health")).to_contain_text("Kafka: up", timeout=SECONDS)

    signal_to(console.broker, signal.SIGSTOP)
    try:
        expect(page.locator("#health")).to_contain_text("Kafka: no answer", timeout=SECONDS)
    finally:
        signal_to(console.broker, signal.SIGCONT)

    expect(page.locator("#health")).to_contain_text("Kafka: up", timeout=2 * SECONDS)
    before = console.board()["whole"]["published"]
    console.post("validator", published={"eef": 2}, accepted={"eef": 2})
    eventually(console, lambda board: board["whole"]["published"] == before + 2)


def test_a_new_console_shows_what_the_one_before_showed(console: Console) -> None:
    before = console.board()
    with running(console.engine, console.folder) as second:
        again = eventually(second, lambda board: board["caught_up"] and board["entries"] == before["entries"])

    assert again["whole"] == before["whole"]
    assert again["rules"] == before["rules"]


def test_a_console_ends_at_once_although_somebody_watches(console: Console) -> None:
    with (
        running(console.engine, console.folder) as second,
        httpx.stream("GET", f"{second.address}/events", timeout=30) as watching,
    ):
        assert watching.headers["content-type"].startswith("text/event-stream")
        lines = watching.iter_lines()
        while not next(lines).startswith("data: "):
            pass
        began = time.monotonic()
        second.process.terminate()
        _drain(lines)
        assert second.process.wait(15) == 0
        assert time.monotonic() - began < 9


def _drain(lines: Iterator[str]) -> None:
    for _ in lines:
        pass


def _boxes(page: Page, selector: str) -> list[Any]:
    return [box for one in page.locator(selector).all() if (box := one.bounding_box()) is not None]


def signal_to(pid: int, number: signal.Signals) -> None:
    subprocess.run(["kill", f"-{number.value}", str(pid)], check=True)
