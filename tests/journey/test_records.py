"""A record through validator and router: who gets it, who does not, and what is told about it."""

from dataclasses import replace
from typing import Any

from saan.core.learner_bytes import decode
from saan.core.world import World
from saan.router.handler import fold
from saan.wire.record import cloud_event
from saan.wire.store import key

from .conftest import Exchange, Record, example

SCHOOL = "sis-96012007"


def enrolment(world: World, **changes: Any) -> dict[str, Any]:
    return example(world, "student.enrolled") | {"entryDate": "2025-05-16"} | changes


async def test_an_enrolment_becomes_part_of_the_record_and_reaches_the_entitled(
    exchange: Exchange, world: World
) -> None:
    id = exchange.publish(SCHOOL, "student.enrolled", enrolment(world))

    await exchange.run()

    assert [r.id for r in exchange.log.of("record.student")] == [id]
    got = {name for name in world.participants if [r.id for r in exchange.inbox(name)] == [id]}
    assert got == {"peo-96", "sesa-nwt", "obec-dmc", "eef"}


async def test_original_bytes_are_handed_over_or_a_projection_under_its_own_schema(
    exchange: Exchange, world: World
) -> None:
    exchange.publish(SCHOOL, "student.enrolled", enrolment(world))
    await exchange.run()
    (sent,), (record,), (view,) = (
        exchange.log.of("outbox.gateway"),
        exchange.log.of("record.student"),
        exchange.inbox("eef"),
    )

    assert record.value == sent.value
    assert view.value != sent.value
    assert "idValue" not in exchange.registry.decode(view.value or b"")


async def test_the_key_and_the_subject_are_one_pseudonym_and_no_identity(exchange: Exchange, world: World) -> None:
    exchange.publish(SCHOOL, "student.enrolled", enrolment(world))
    await exchange.run()
    (record,) = exchange.log.of("record.student")

    assert record.key == dict(record.headers)["ce_subject"]
    assert (record.key or b"").startswith(b"st-")
    assert enrolment(world)["idValue"].encode() not in (record.key or b"") + repr(record.headers).encode()


async def test_an_id_published_twice_has_one_effect_in_one_block_and_across_blocks(
    exchange: Exchange, world: World
) -> None:
    id = exchange.publish(SCHOOL, "student.enrolled", enrolment(world))
    exchange.publish(SCHOOL, "student.enrolled", enrolment(world), id=id)
    await exchange.run()
    exchange.publish(SCHOOL, "student.enrolled", enrolment(world), id=id)
    await exchange.run()

    assert [r.id for r in exchange.inbox("peo-96")] == [id]
    assert sum(len(receipt["duplicates"]) for receipt in exchange.receipts(SCHOOL)) == 2


async def test_a_refused_record_is_kept_whole_and_its_publisher_is_told_why(exchange: Exchange, world: World) -> None:
    id = exchange.publish(SCHOOL, "student.enrolled", enrolment(world, idValue="9900007680666"))
    await exchange.run()
    (sent,), (kept,) = exchange.log.of("outbox.gateway"), exchange.log.of("quarantine")
    (refused,) = [refusal for receipt in exchange.receipts(SCHOOL) for refusal in receipt["refused"]]

    assert kept.value == sent.value
    assert dict(kept.headers)["saan_code"] == b"V1"
    assert (refused["eventId"], refused["code"], refused["path"]) == (id, "V1", "idValue")
    assert exchange.log.of("record.student") == []


async def test_a_test_result_follows_the_learner_to_the_new_school(exchange: Exchange, world: World) -> None:
    """The school of the day of the event gets it, not the one where the learner was before."""
    data = enrolment(world)
    old = {**data, "schoolUid": "SC-73ac495accea", "schoolCode10": "1096240352"}
    exchange.publish("sis-96022001", "student.enrolled", old)
    await exchange.run()
    moved = example(world, "student.transferred") | {
        "schoolUid": data["schoolUid"],
        "schoolCode10": data["schoolCode10"],
        "idType": data["idType"],
        "idValue": data["idValue"],
        "fromSchoolUid": "SC-73ac495accea",
        "toSchoolUid": data["schoolUid"],
        "leaveDate": "2025-06-02",
        "entryDate": "2025-06-02",
    }
    transfer = exchange.publish(SCHOOL, "student.transferred", moved)
    await exchange.run()
    result = example(world, "test-result.recorded") | {"idType": data["idType"], "idValue": data["idValue"]}
    id = exchange.publish("niets", "test-result.recorded", result)
    await exchange.run()

    assert exchange.log.of("quarantine") == []
    told, arrived = exchange.inbox(SCHOOL)
    assert (told.type, arrived.id) == ("learner.handed-over", id)
    assert [r.id for r in exchange.inbox("sis-96022001")] == [transfer]


async def test_the_new_school_and_its_offices_are_told_what_is_known_of_the_old_stay(
    exchange: Exchange, world: World
) -> None:
    data = enrolment(world)
    old = {**data, "schoolUid": "SC-73ac495accea", "schoolCode10": "1096240352"}
    exchange.publish("sis-96022001", "student.enrolled", old)
    await exchange.run()
    names = ("schoolUid", "schoolCode10", "idType", "idValue")
    moved = example(world, "student.transferred") | {name: data[name] for name in names}
    moved |= {"fromSchoolUid": "SC-73ac495accea", "toSchoolUid": data["schoolUid"]}
    transfer = exchange.publish(SCHOOL, "student.transferred", moved)
    await exchange.run()
    exchange.publish(SCHOOL, "student.transferred", moved)
    await exchange.run()

    (told,) = exchange.inbox(SCHOOL)
    assert dict(told.headers)["ce_causationid"] == transfer.encode()
    said = exchange.registry.decode(told.value or b"")
    assert (said["fromSchoolUid"], said["toSchoolUid"]) == ("SC-73ac495accea", data["schoolUid"])
    assert (said["lastStatus"], said["lastGradeLevelCode"]) == ("enrolled", data["gradeLevelCode"])
    assert [r.type for r in exchange.inbox("peo-96")].count("learner.handed-over") == 1
    assert "learner.handed-over" not in {r.type for r in exchange.inbox("sis-96022001")}
    assert {r.type for r in exchange.log.of("record.student")} == {"student.enrolled", "student.transferred"}


async def test_the_ledger_accounts_for_every_record_of_every_block(exchange: Exchange, world: World) -> None:
    exchange.publish(SCHOOL, "student.enrolled", enrolment(world))
    exchange.publish(SCHOOL, "student.enrolled", enrolment(world, gradeLevelCode="999"))
    await exchange.run()
    validator, router = exchange.ledger("validator"), exchange.ledger("router")

    assert sum(entry["records"] for entry in validator) == 2
    assert sum(entry["accepted"].get(SCHOOL, 0) for entry in validator) == 1
    assert sum(entry["rules"].get("V4", 0) for entry in validator) == 1
    assert sum(sum(entry["delivered"].values()) for entry in router) == 4
    assert (
        sum(int.from_bytes(e["sketchOut"], "big") for e in validator) % 2**64
        == sum(int.from_bytes(e["sketchIn"], "big") for e in router) % 2**64
    )


async def test_replaying_the_log_gives_the_state_that_routing_left(exchange: Exchange, world: World) -> None:
    exchange.publish(SCHOOL, "student.enrolled", enrolment(world))
    for _ in range(5):
        exchange.publish(SCHOOL, "student.profile-changed", _profile(world))
    await exchange.run()
    after = fold(exchange.desk)

    replayed: dict[bytes, bytes] = {}
    for record in exchange.log.of("record.student"):
        name = key("student", record.key or b"")
        replayed[name] = after(replayed.get(name), record)

    assert replayed == {k: v for store in exchange.stores for k, v in store.states.items()}
    assert all(decode(state).schools(20_250) == {"SC-ce35ce724f35"} for state in replayed.values())


def test_an_event_type_that_left_the_catalogue_does_not_keep_the_log_from_being_replayed(world: World) -> None:
    gone = Exchange(replace(world, events={n: e for n, e in world.events.items() if n != "grade.finalised"}))
    told = {"id": "1", "type": "grade.finalised", "source": SCHOOL, "time": "2025-06-02T02:00:00Z"}
    record: Any = Record("record.learning", 0, 0, b"st-1", b"x", cloud_event(told))

    assert decode(fold(gone.desk)(None, record)).seen(SCHOOL, "1")


def _profile(world: World) -> dict[str, Any]:
    data = enrolment(world)
    own = {name: data[name] for name in ("schoolUid", "schoolCode10", "idType", "idValue")}
    return example(world, "student.profile-changed") | own
