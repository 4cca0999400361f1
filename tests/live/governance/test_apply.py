"""Applying makes a real broker and a real registry what is governed, from wherever it starts."""

import copy
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from confluent_kafka.admin import AdminClient
from confluent_kafka.schema_registry import SchemaRegistryClient

from saan.governance.apply import apply, look
from saan.governance.changes import Change, Level
from saan.governance.site import site
from saan.governance.wanted import wanted
from saan.wire.cluster import Grant
from saan.wire.governed_records import SCHEMA_ID, schema_ids
from saan.wire.trouble import Trouble

RECORD = "th.saan.student.StudentEnrolled"


class Interrupted(Exception):
    """Stands for a machine that is switched off."""


def test_an_apply_that_is_interrupted_after_any_kind_of_change_is_completed_by_the_next(place: Any) -> None:
    entities = copy.deepcopy(place.entities)
    event = copy.deepcopy(entities["event/student.enrolled"])
    event["avro"]["name"] = "StudentSeen"
    entities["event/student.seen"] = {**event, "event": "student.seen"}
    entities["participant/fresh"] = {**entities["participant/niets"], "id": "fresh"}
    place.site.registrar.hold_rule("VALIDITY", "NONE")
    cut_after: list[str] = []

    def cut(change: Change, done: int, total: int) -> None:
        if change.kind not in cut_after:
            cut_after.append(change.kind)
            raise Interrupted

    while True:
        try:
            place.apply(entities, progress=cut)
            break
        except Interrupted:
            continue

    assert set(cut_after) == {"rule", "schema", "topic", "access", "credential", "governance"}
    assert look(entities, place.site) == []
    assert "fresh" in place.site.vault
    assert schema_ids(place.site.log.read())["th.saan.student.StudentSeen"]


def test_what_is_applied_is_there(place: Any) -> None:
    meant = wanted(place.entities)
    cluster = place.site.cluster
    topics = cluster.topics()

    assert meant.topics.keys() <= topics.keys()
    assert {name: topics[name].partitions for name in meant.topics} == {
        n: t.partitions for n, t in meant.topics.items()
    }
    assert cluster.grants() == meant.access
    assert cluster.users() == meant.participants
    assert place.site.registrar.rules() == {"COMPATIBILITY": "FULL_TRANSITIVE", "VALIDITY": "FULL"}


def test_applying_twice_changes_nothing(place: Any) -> None:
    assert place.apply() == []


def test_the_ids_that_governance_knows_are_those_a_foreign_client_reads(place: Any) -> None:
    ids = schema_ids(place.site.log.read())
    with SchemaRegistryClient({"url": f"{place.engine.endpoints.registry}/apis/ccompat/v7"}) as foreign:
        for record in wanted(place.entities).schemas:
            latest = foreign.get_latest_version(record)
            assert ids[record] == latest.schema_id
            assert ids[record, latest.version] == latest.schema_id


def test_a_changed_doc_is_a_version_of_its_own_with_an_id_of_its_own(place: Any) -> None:
    schema = {"type": "record", "name": "Kept", "namespace": "th.saan.test", "fields": []}
    schema["fields"] = [{"name": "a", "type": "string", "doc": "first"}]
    reworded = copy.deepcopy(schema)
    reworded["fields"][0]["doc"] = "second"
    registrar = place.site.registrar

    first, second = (registrar.register("th.saan.test.Kept", one) for one in (schema, reworded))

    assert (first.number, second.number) == (1, 2)
    assert first.id != second.id
    assert registrar.content(second.id) == reworded


def test_the_registry_refuses_what_old_readers_cannot_read(place: Any) -> None:
    fields = [{"name": "a", "type": "string"}]
    schema = {"type": "record", "name": "Strict", "namespace": "th.saan.test", "fields": fields}
    wider = {**schema, "fields": [*fields, {"name": "b", "type": "int"}]}
    registrar = place.site.registrar
    registrar.register("th.saan.test.Strict", schema)

    assert "b" in (registrar.objection("th.saan.test.Strict", wider) or "")
    with pytest.raises(Trouble, match=r"registry\.refused"):
        registrar.register("th.saan.test.Strict", wider)
    assert len(registrar.versions("th.saan.test.Strict")) == 1


def test_a_plan_with_one_dangerous_change_writes_nothing_at_all(place: Any) -> None:
    entities = copy.deepcopy(place.entities)
    entities["event/student.enrolled"]["avro"]["fields"][0]["name"] = "another"
    entities["participant/eef"]["name"]["en"] = "Another name"
    before = place.site.log.read()

    with pytest.raises(Trouble, match=r"governance\.refused"):
        place.apply(entities)

    assert place.site.log.read() == before
    assert place.look() == []


def test_more_partitions_for_a_keyed_topic_are_refused_by_plan_and_by_apply(place: Any) -> None:
    entities = copy.deepcopy(place.entities)
    for topic in entities["topics"]["topics"]:
        topic["partitions"]["small"] = 8

    refused = [change for change in look(entities, place.site) if change.level is Level.REFUSED]

    assert "record.student" in {change.name for change in refused}
    with pytest.raises(Trouble, match=r"governance\.refused"):
        place.apply(entities)


def test_a_topic_named_as_moved_is_given_its_partitions_and_never_fewer_again(place: Any) -> None:
    entities = copy.deepcopy(place.entities)
    (form,) = (form for form in entities["topics"]["topics"] if form["id"] == "inbox.{participant}")
    form["moved"] = {"inbox.eef": 3}

    made = place.apply(entities)

    assert ("inbox.eef", Level.ATTENTION) in {(change.name, change.level) for change in made}
    assert place.site.cluster.topics()["inbox.eef"].partitions == 3
    assert look(entities, place.site) == []
    assert [change.name for change in place.look() if change.level is Level.REFUSED] == ["inbox.eef"]

    # Leave the place as it was found.
    admin = AdminClient({"bootstrap.servers": place.engine.endpoints.bootstrap})
    admin.delete_topics(["inbox.eef"])["inbox.eef"].result(20)
    deadline = time.monotonic() + 20
    while "inbox.eef" in place.site.cluster.topics():
        assert time.monotonic() < deadline
        time.sleep(0.1)
    place.apply()
    assert place.look() == []


def test_a_participant_that_leaves_loses_access_and_comes_back_with_new_secrets(place: Any) -> None:
    before = place.site.vault.read("eef")
    place.apply({key: value for key, value in place.entities.items() if key != "participant/eef"})
    grants = place.site.cluster.grants()

    assert grants is not None
    assert "eef" not in {grant.user for grant in grants} | place.site.cluster.users()
    assert {"participant/eef", "credential/eef"} & place.site.log.read().keys() == set()
    assert "inbox.eef" in place.site.cluster.topics()

    place.apply()

    assert place.site.vault.read("eef").token != before.token
    assert place.look() == []


def test_what_was_changed_by_hand_is_put_right(place: Any) -> None:
    cluster = place.site.cluster
    cluster.allow([Grant("eef", "topic", "inbox.niets", "READ")])
    cluster.configure("ledger", {"retention.ms": "1000"})
    httpx.put(
        f"{place.engine.endpoints.registry}/apis/registry/v3/admin/rules/COMPATIBILITY",
        json={"ruleType": "COMPATIBILITY", "config": "NONE"},
    ).raise_for_status()

    made = {(change.kind, change.name): change.level for change in place.apply()}

    assert made == {
        ("rule", "COMPATIBILITY"): Level.ATTENTION,
        ("topic", "ledger"): Level.HARMLESS,
        ("access", "eef"): Level.ATTENTION,
    }
    assert place.look() == []


def test_another_folder_of_secrets_neither_changes_nor_reveals_those_in_force(place: Any, tmp_path: Path) -> None:
    at = place.engine.endpoints
    with site(at.bootstrap, at.registry, tmp_path) as elsewhere:
        assert apply(place.entities, elsewhere) == []
        assert list(elsewhere.vault) == []


def test_two_that_apply_at_the_same_time_leave_one_whole_state(place: Any) -> None:
    place.apply({key: value for key, value in place.entities.items() if not key.startswith("participant/sis-")})
    met: list[BaseException] = []

    def run() -> None:
        try:
            place.apply()
        except Trouble as trouble:
            met.append(trouble)

    both = [threading.Thread(target=run) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join(60)

    assert [trouble.code for trouble in met if isinstance(trouble, Trouble)] in ([], ["cluster.fenced"])
    place.apply()
    assert place.look() == []
    grants = place.site.cluster.grants()
    assert grants == wanted(place.entities).access


def test_a_lost_governance_log_is_written_again_from_the_files(place: Any) -> None:
    records = place.site.log.read()
    place.site.log.write({f"{SCHEMA_ID}{RECORD}": None, "topics": None})

    place.apply()

    assert place.site.log.read() == records


def test_a_broker_or_a_registry_that_is_away_is_one_coded_sentence(place: Any, tmp_path: Path) -> None:
    at = place.engine.endpoints
    nowhere = "127.0.0.1:9"
    for bootstrap, registry, code in (
        (at.bootstrap, f"http://{nowhere}", "registry.away"),
        (nowhere, at.registry, "cluster.away"),
    ):
        with site(bootstrap, registry, tmp_path) as one, pytest.raises(Trouble) as met:
            apply(place.entities, one)
        assert met.value.code == code
