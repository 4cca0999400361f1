"""Stations follow what is governed: whole states only, in force within five seconds, never a crash."""

import copy
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from confluent_kafka import Producer

from saan.core.world import World
from saan.governance.rotate import rotate
from saan.wire.governed import Governed
from saan.wire.trouble import Trouble

RECORD = "th.saan.student.StudentEnrolled"
IN_FORCE_WITHIN = 5.0


@asynccontextmanager
async def following(place: Any, **settings: Any) -> AsyncIterator[Governed]:
    governed = Governed(place.connection, **settings)
    await governed.start()
    try:
        yield governed
    finally:
        await governed.stop()


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def say(place: Any, *records: tuple[bytes, bytes | None]) -> None:
    """Write records to governance as nobody should."""
    producer = Producer({"bootstrap.servers": place.engine.endpoints.bootstrap, "log_level": 0})
    for key, value in records:
        producer.produce("governance", value, key, partition=0)
    assert producer.flush(10) == 0


async def test_the_first_world_is_whole(place: Any) -> None:
    async with following(place, environment="production") as governed:
        world = governed.world

        assert {f"participant/{name}" for name in world.participants} == {
            key for key in place.entities if key.startswith("participant/")
        }
        assert world.events["student.enrolled"].record == RECORD
        assert world.environment == "production"
        assert governed.schema_id(RECORD) == governed.schema_ids[RECORD, 1]
        assert governed.schema_id(RECORD, 99) is None


async def test_what_is_applied_is_in_force_within_five_seconds(place: Any, eventually: Any) -> None:
    changed: list[World] = []
    entities = copy.deepcopy(place.entities)
    entities["participant/eef"]["agreements"] = []
    async with following(place, on_change=changed.append) as governed:
        assert governed.world.participants["eef"].agreements

        place.apply(entities)
        await eventually(
            lambda: governed.world.participants["eef"].agreements == (), "no agreement of eef", IN_FORCE_WITHIN
        )

        assert changed == [governed.world]
        place.apply()
        await eventually(
            lambda: governed.world.participants["eef"].agreements != (), "the agreements of eef", IN_FORCE_WITHIN
        )


async def test_a_token_opens_for_its_participant_and_a_rotated_one_beside_it(place: Any, eventually: Any) -> None:
    old = place.site.vault.read("eef").token
    async with following(place) as governed:
        known = governed.participant(digest(old))
        assert known is not None
        assert known.id == "eef"
        assert governed.participant(digest("guessed")) is None

        fresh = rotate("eef", place.site).token

        await eventually(lambda: governed.participant(digest(fresh)) is not None, "the new token", IN_FORCE_WITHIN)
        assert governed.participant(digest(old)) == governed.participant(digest(fresh))


async def test_a_rotation_without_overlap_ends_the_old_token(place: Any, eventually: Any) -> None:
    old = place.site.vault.read("eef").token
    async with following(place) as governed:
        rotate("eef", place.site, overlap=0)

        await eventually(lambda: governed.participant(digest(old)) is None, "the old token's end", IN_FORCE_WITHIN)


async def test_a_token_is_worth_nothing_after_its_time(place: Any) -> None:
    token = place.site.vault.read("eef").token
    async with following(place, clock=lambda: 0) as governed:
        assert governed.participant(digest(token)) is None


async def test_no_token_is_on_the_governance_topic(place: Any) -> None:
    said = str(place.site.log.read())

    for participant in place.site.vault:
        credentials = place.site.vault.read(participant)
        assert credentials.token not in said
        assert credentials.password not in said


@pytest.mark.parametrize(
    "broken",
    [
        (b"participant/eef", b"{"),
        (b"participant/eef", b'{"id": 5}'),
        (b"schema-id/x", b"[]"),
        (b"\xff", b"{}"),
        (b"codes/gender", b'"text"'),
    ],
    ids=["not JSON", "not a participant", "no versions", "key not text", "not a list of codes"],
)
async def test_a_broken_record_leaves_the_last_good_world_in_force(
    place: Any, eventually: Any, broken: tuple[bytes, bytes]
) -> None:
    async with following(place) as governed:
        before = governed.world

        say(place, broken)
        rotate("niets", place.site)
        token = digest(place.site.vault.read("niets").token)
        place.apply()  # mends what was broken
        say(place, (broken[0], None) if broken[0] in (b"\xff", b"schema-id/x") else (b"nothing", None))

        await eventually(lambda: governed.participant(token) is not None, "the mended state", IN_FORCE_WITHIN)
        assert governed.world.participants == before.participants
        assert governed.world.codes == before.codes


async def test_half_a_change_is_never_in_force(place: Any, eventually: Any) -> None:
    seen: list[set[str]] = []
    without = {k: v for k, v in place.entities.items() if k not in ("participant/eef", "participant/niets")}
    async with following(place, on_change=lambda world: seen.append(set(world.participants))) as governed:
        everybody = set(governed.world.participants)
        place.apply(without)
        place.apply()
        rotate("eef", place.site)
        token = digest(place.site.vault.read("eef").token)
        await eventually(lambda: governed.participant(token) is not None, "the last change", IN_FORCE_WITHIN)

        assert set(governed.world.participants) == everybody
    assert all({"eef", "niets"} <= names or not {"eef", "niets"} & names for names in seen)


async def test_an_uncommitted_change_is_not_in_force(place: Any, eventually: Any) -> None:
    producer = Producer(
        {"bootstrap.servers": place.engine.endpoints.bootstrap, "transactional.id": "undecided", "log_level": 0}
    )
    producer.init_transactions(20)
    producer.begin_transaction()
    producer.produce("governance", None, b"participant/eef", partition=0)
    assert producer.flush(10) == 0
    try:
        async with following(place) as governed:
            assert "eef" in governed.world.participants
    finally:
        producer.abort_transaction(20)


async def test_without_governance_nothing_starts_and_the_way_out_is_said() -> None:
    governed = Governed({"bootstrap_servers": "127.0.0.1:9"})

    with pytest.raises(Trouble, match=r"cluster\.no-governance.*saan apply"):
        _ = governed.world
    with pytest.raises(Trouble, match=r"cluster\.no-governance"):
        await governed.ready(0.1)
