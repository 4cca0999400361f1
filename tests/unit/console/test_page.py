"""The page says what the board knows, in two languages, and nothing that somebody sent can change it."""

import asyncio
import re
from html.parser import HTMLParser

import orjson
import pytest

from saan.console.health import Health, Unread
from saan.console.live import stream
from saan.console.page import PARTS, Page, lasting
from saan.console.picture import Picture, picture
from saan.console.words import WORDS

from .conftest import NOW, House, participant, refusal

NASTY = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>&lt;b&gt;{{ 7*7 }}"


class Elements(HTMLParser):
    """Every element and attribute name of a page, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes.update(name for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


async def _page(house: House, language: str = "th") -> str:
    await house.ledger.step(0)
    async with house.browser() as browser:
        return (await browser.get("/", params={"lang": language})).raise_for_status().text


def _busy(house: House) -> None:
    house.participants = {"sis-1": participant("sis-1", th="โรงเรียนบ้านทดสอบ", en="Test School")}
    house.post(
        published={"sis-1": 1234},
        accepted={"sis-1": 1230},
        rejected={"sis-1": 4},
        rules={"V4": 4},
        refusals=[refusal()],
    )
    house.post("router", published={"sis-1": 1230}, accepted={"sis-1": 1230}, delivered={"peo-96": 900})


async def test_the_page_speaks_thai_and_has_english_beside_it(house: House) -> None:
    _busy(house)
    page = await _page(house)

    assert '<html lang="th">' in page
    assert "งบดุลของเหตุการณ์" in page
    assert '<span class="also" lang="en">Balance of events</span>' in page
    assert "โรงเรียนบ้านทดสอบ" in page
    assert "รหัสชั้นไม่มีในรายการ" in page


async def test_the_page_speaks_english_when_asked(house: House) -> None:
    _busy(house)
    page = await _page(house, "en")

    assert '<html lang="en">' in page
    assert '<span class="also" lang="th">งบดุลของเหตุการณ์</span>' in page
    assert "Test School" in page
    assert "Use a code of the list." in page


async def test_the_page_shows_the_numbers_of_the_ledger(house: House) -> None:
    _busy(house)
    text = Elements(await _page(house, "en")).text

    for number in ("1,234", "1,230", "900"):
        assert number in text
    assert "It adds up" in text


async def test_a_sheet_that_does_not_add_up_is_said_in_words(house: House) -> None:
    house.post(published={"sis-1": 2}, accepted={"sis-1": 1})

    assert "It does not add up" in await _page(house, "en")


async def test_html_in_what_others_sent_stays_text(house: House) -> None:
    plain = Elements(await _page(house))
    house.participants = {"sis-1": participant("sis-1", th=NASTY, en=NASTY)}
    fields = dict.fromkeys(("eventId", "eventType", "path", "th", "en", "fixTh", "fixEn", "code"), NASTY)
    house.post(
        published={"sis-1": 1, NASTY: 1},
        rejected={"sis-1": 1, NASTY: 1},
        rules={NASTY: 1},
        refusals=[refusal(NASTY, **fields)],
    )
    house.post(NASTY)
    page = await _page(house)

    found = Elements(page)
    assert found.names.count("script") == plain.names.count("script") == 1
    assert found.names.count("img") == plain.names.count("img")
    assert "onerror" not in found.attributes
    assert "alert(1)" in found.text
    assert "49" not in re.findall(r"\d+", found.text)


async def test_an_event_id_that_may_be_an_identity_is_not_shown(house: House) -> None:
    house.post(rejected={"sis-1": 2}, refusals=[refusal(eventId="9900007680666"), refusal(eventId="ก ข")])
    page = await _page(house)
    async with house.browser() as browser:
        board = (await browser.get("/api/board")).text

    assert "9900007680666" not in page + board
    assert "ก ข" not in page + board


async def test_a_browser_is_told_to_run_nothing_but_the_consoles_own_files(house: House) -> None:
    async with house.browser() as browser:
        for address in ("/", "/api/board", "/static/live.js", "/healthz", "/nothing"):
            policy = (await browser.get(address)).headers["content-security-policy"]
            assert policy.startswith("default-src 'none'")
            assert "unsafe" not in policy
        page = (await browser.get("/")).text
    assert not re.search(r"\son\w+=|\sstyle=|<style", page)
    assert re.findall(r'(?:src|href)="([^"?#/])', page) == []


async def test_lag_is_said_in_words_and_not_by_colour_alone(house: House) -> None:
    house.health = Health(True, False, {"validator": Unread(NOW // 1000 - 90_000), "router": Unread(None)})
    text = Elements(await _page(house, "en")).text

    assert "90 s (late)" in text
    assert "0.0 s (fine)" in text
    assert "Schema registry: no answer" in text


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "A station is too far behind สถานีล่าช้าเกินกำหนด: Router"),
        ("th", "สถานีล่าช้าเกินกำหนด A station is too far behind: กระจาย"),
    ],
)
async def test_a_station_that_falls_too_far_behind_is_an_alarm_in_both_languages(
    house: House, language: str, said: str
) -> None:
    house.health = Health(
        True, True, {"validator": Unread(NOW // 1000 - 59_000), "router": Unread(NOW // 1000 - 60_000)}
    )
    page = await _page(house, language)
    health = page[page.index('id="health"') : page.index('id="balance"')]

    assert said in Elements(health).text
    assert "alidator" not in Elements(health).text
    async with house.browser() as browser:
        assert (await browser.get("/api/board")).json()["late"] == ["router"]
        assert "saan_exchange_late_stations 1.0" in (await browser.get("/metrics")).text


async def test_from_when_on_a_station_is_late_is_a_setting(house: House) -> None:
    house.health = Health(True, True, {"validator": Unread(NOW // 1000 - 8_000)})
    board = house.ledger.board

    assert picture(board, house.health, {}, NOW, caught_up=True).late == ()
    strict = picture(board, house.health, {}, NOW, caught_up=True, lag_alarm_s=8.0)
    assert [station.name for station in strict.late] == ["validator"]
    assert "8.0 s (late)" not in Elements(Page().whole(house.look(), "en")).text.replace("\n", "")
    assert "8.0 s" in Elements(Page().whole(strict, "en")).text
    assert "(late)" in Elements(Page().whole(strict, "en")).text


async def test_the_same_numbers_are_there_as_json(house: House) -> None:
    _busy(house)
    await house.ledger.step(0)
    async with house.browser() as browser:
        board = (await browser.get("/api/board")).json()

    assert board["whole"] == {
        "published": 1234,
        "accepted": 1230,
        "rejected": 4,
        "parked": 0,
        "duplicates": 0,
        "in_flight": 0,
        "delivered": 900,
        "difference": 0,
    }
    assert [line["id"] for line in board["accounts"]] == ["peo-96", "sis-1"]
    assert board["refusals"][0]["code"] == "V4"
    assert board["at"].endswith("Z")


async def test_prometheus_gets_the_balance(house: House) -> None:
    _busy(house)
    await house.ledger.step(0)
    async with house.browser() as browser:
        metrics = (await browser.get("/metrics")).text

    assert 'saan_exchange_events{outcome="published"} 1234.0' in metrics
    assert "sis-1" not in metrics


@pytest.mark.parametrize("query", ["lang=fr", "lang=", "lang=th&lang=xx"])
async def test_a_language_that_is_not_spoken_is_refused_with_a_code(house: House, query: str) -> None:
    async with house.browser() as browser:
        answer = await browser.get(f"/?{query}")

    assert answer.status_code == 400
    assert answer.json()["code"] == "GW-10"


async def test_watchers_get_everything_first_and_then_only_what_changed() -> None:
    closing = asyncio.Event()
    states = [{"a": "1", "b": "1"}, {"a": "1", "b": "2"}]
    sent = stream(lambda language: states.pop(0), "th", closing, every=0.001)

    assert (await anext(sent)).startswith(b"retry:")
    assert orjson.loads((await anext(sent)).removeprefix(b"data: ")) == {"a": "1", "b": "1"}
    assert orjson.loads((await anext(sent)).removeprefix(b"data: ")) == {"b": "2"}
    closing.set()
    assert [event async for event in sent] == []


async def test_every_living_part_has_its_place_on_the_page(house: House) -> None:
    page = await _page(house)

    for part in PARTS:
        assert f'id="{part}"' in page


def test_every_expression_has_words_in_both_languages() -> None:
    for name, (th, en) in WORDS.items():
        assert th, name
        assert en, name
        assert th.count("{}") == en.count("{}"), name


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(None, "unknown"), (0.04, "0.0 s"), (9.94, "9.9 s"), (119, "119 s"), (120, "2 min"), (7200, "2 h"), (1e6, "12 d")],
)
def test_a_duration_is_said_in_one_unit(seconds: float | None, said: str) -> None:
    assert lasting(seconds, "en") == said


async def test_a_country_of_participants_makes_no_endless_page(house: House) -> None:
    house.participants = {f"sis-{n}": participant(f"sis-{n}", th="โรงเรียน", en="School") for n in range(3_000)}
    house.post(published={f"sis-{n}": 1 for n in range(500)}, accepted={f"sis-{n}": 1 for n in range(500)})
    await house.ledger.step(0)
    seen: Picture = house.look()

    parts = Page().parts(seen, "en")

    assert parts["participants"].count("data-participant") == 100
    assert "and 400 more" in parts["participants"]
    assert len(parts["participants"]) < 200_000


async def test_the_drawing_has_room_for_a_country(house: House) -> None:
    house.post(published={"sis-1": 123_456_789}, accepted={"sis-1": 123_456_789})
    page = await _page(house, "en")

    drawn = re.search(r'data-flow="published">([^<]*)<', page)
    assert drawn is not None
    assert drawn[1] == "123.46M"
    assert ">123,456,789<" in page
