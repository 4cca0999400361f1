"""Who subscribed is told of a new version of a code list, once per version, with what is different in it."""

import copy
from typing import Any

import pytest

from saan.governance.announcing import EVENT, news, records
from saan.wire import files, world
from saan.wire.avro import Codec
from saan.wire.record import FRAME_SIZE, schema_id

NOW = 1_780_000_000_000_000


@pytest.fixture(scope="module")
def entities() -> dict[str, Any]:
    return files.read(files.default_folder()).entities()


@pytest.fixture
def newer(entities: dict[str, Any]) -> dict[str, Any]:
    """The same with a second version of the list of religions: one more, and one retired."""
    one = copy.deepcopy(entities["codes/religion"])
    one |= {"version": 2, "valid_from": "2026-05-16"}
    one["rows"][5] = [*one["rows"][5][:4], "", "2026-05-16"]
    one["rows"].append(["007", "ยูดาห์", "Judaism"])
    return {**entities, "codes/religion": one}


def test_a_new_version_goes_to_who_subscribed_and_says_what_is_different(
    entities: dict[str, Any], newer: dict[str, Any]
) -> None:
    (told,) = news(entities, newer, NOW)
    assert "moe-edc" in told.recipients
    event = world.event_type(newer[f"event/{EVENT}"])
    codec = Codec(event.schema)
    out = list(records(told, codec, 7))
    assert [one.topic for one in out] == [f"inbox.{recipient}" for recipient in told.recipients]
    data = codec.decode(out[0].value[FRAME_SIZE:])
    assert isinstance(data, dict)
    assert schema_id(out[0].value) == 7
    assert (data["list"], data["version"], data["previousVersion"], data["rows"]) == ("CLS_RELIGION", 2, 1, 7)
    assert [(one["code"], one["change"]) for one in data["changes"]] == [("006", "RETIRED"), ("007", "ADDED")]
    headers = dict(out[0].headers)
    assert headers["ce_type"] == b"code-list.published"
    assert headers["ce_id"] == b"apply:codes/religion:2"


@pytest.mark.parametrize(
    "forget", [lambda one: None, lambda one: {k: v for k, v in one.items() if k != "version"}, lambda one: {**one}]
)
def test_a_list_that_is_new_or_had_no_version_or_stays_the_same_is_no_news(
    entities: dict[str, Any], forget: Any
) -> None:
    live = {**entities, "codes/religion": forget(entities["codes/religion"])}
    assert news(live, entities, NOW) == []


def test_a_first_apply_has_no_news(entities: dict[str, Any]) -> None:
    assert news({}, entities, NOW) == []


def test_nobody_is_told_when_nobody_subscribed(newer: dict[str, Any], entities: dict[str, Any]) -> None:
    alone = {key: value for key, value in newer.items() if not key.startswith("participant/")}
    assert news(entities, alone, NOW) == []
