"""A plan names every difference once, says which ones need care, and refuses what would break something."""

import copy
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from saan.governance.changes import Change, Level, pending, refused
from saan.governance.plan import plan
from saan.governance.site import Live
from saan.governance.wanted import Wanted, wanted
from saan.wire import files
from saan.wire.cluster import Grant, Topic
from saan.wire.governed_records import CREDENTIAL, SCHEMA_ID, Token, tokens_value, versions_value
from saan.wire.registrar import RULES, Version

RECORD = "th.saan.student.StudentEnrolled"
VIEW = f"{RECORD}.view.certify"
TOKEN = Token("0" * 64, 0)


@pytest.fixture(scope="module")
def entities() -> dict[str, Any]:
    """The governed entities of the demo province, as they stand in ``schemas/``."""
    return files.read(files.default_folder()).entities()


@pytest.fixture(scope="module")
def meant(entities: dict[str, Any]) -> Wanted:
    return wanted(entities)


def as_applied(meant: Wanted, registered: Wanted | None = None) -> Live:
    """The site after ``meant`` was applied to it."""
    versions = {record: (Version(1, 100 + number),) for number, record in enumerate((registered or meant).schemas)}
    held = dict.fromkeys(meant.participants, (TOKEN,))
    records = {
        **meant.entities,
        **{SCHEMA_ID + record: versions_value(had) for record, had in versions.items()},
        **{CREDENTIAL + name: tokens_value(tokens) for name, tokens in held.items()},
    }
    return Live(
        rules=RULES,
        versions=versions,
        schemas=meant.schemas,
        objections={},
        topics=meant.topics,
        access=meant.access,
        users=meant.participants,
        records=records,
        held=held,
    )


@pytest.fixture
def live(meant: Wanted) -> Live:
    return as_applied(meant)


EMPTY = Live(
    rules={},
    versions={},
    schemas={},
    objections={},
    topics={},
    access=frozenset(),
    users=frozenset(),
    records={},
    held={},
)


def only(changes: list[Change]) -> Change:
    assert len(changes) == 1, [change.said_en for change in changes]
    return changes[0]


def with_topic(live: Live, name: str, **changed: Any) -> Live:
    return replace(live, topics={**live.topics, name: replace(live.topics[name], **changed)})


def with_config(live: Live, name: str, **changed: str) -> Live:
    config = {**live.topics[name].config, **{key.replace("_", "."): value for key, value in changed.items()}}
    return with_topic(live, name, config=config)


def amended(entities: Mapping[str, Any], key: str, amend: Callable[[Any], None]) -> Wanted:
    copied = copy.deepcopy(dict(entities))
    amend(copied[key])
    return wanted(copied)


def test_a_site_that_is_as_governed_needs_nothing(meant: Wanted, live: Live) -> None:
    assert plan(meant, live) == []


def test_an_empty_site_gets_everything_and_nothing_of_it_needs_care(meant: Wanted) -> None:
    changes = plan(meant, EMPTY)

    assert {change.level for change in changes} == {Level.HARMLESS}
    assert {change.name for change in changes if change.kind == "schema"} == set(meant.schemas)
    assert {change.name for change in changes if change.kind == "topic"} == set(meant.topics)
    assert {change.name for change in changes if change.kind == "credential"} == meant.participants
    assert {change.name for change in changes if change.kind == "governance"} == set(meant.entities)


def test_governance_records_come_last_when_all_that_they_speak_of_exists(meant: Wanted) -> None:
    kinds = list(dict.fromkeys(change.kind for change in plan(meant, EMPTY)))

    assert kinds == ["rule", "schema", "topic", "access", "credential", "governance"]


def test_every_change_is_said_in_thai_and_in_english(meant: Wanted) -> None:
    for change in plan(meant, EMPTY):
        assert change.name in change.said_th
        assert change.name in change.said_en


@pytest.mark.parametrize("partitions", [1, 3, 12])
def test_the_number_of_partitions_of_a_topic_is_never_changed(meant: Wanted, live: Live, partitions: int) -> None:
    change = only(plan(meant, with_topic(live, "record.student", partitions=partitions)))

    assert (change.level, change.name) == (Level.REFUSED, "record.student")
    assert "have read everything" in change.said_en


def test_a_topic_gets_more_partitions_only_where_it_is_named_as_moved(entities: dict[str, Any], live: Live) -> None:
    def move(topics: Any) -> None:
        (form,) = (form for form in topics["topics"] if form["id"] == "inbox.{participant}")
        form["moved"] = {"inbox.eef": 4}

    moved = amended(entities, "topics", move)
    changes = [change for change in plan(moved, live) if change.kind == "topic"]

    assert [(change.name, change.level, change.payload) for change in changes] == [("inbox.eef", Level.ATTENTION, 4)]
    assert "its readers must have read everything" in changes[0].said_en
    assert [c for c in plan(moved, with_topic(live, "inbox.eef", partitions=4)) if c.kind == "topic"] == []


def test_partitions_that_somebody_added_by_hand_are_refused_with_a_way_out(meant: Wanted, live: Live) -> None:
    change = only(plan(meant, with_topic(live, "inbox.eef", partitions=4)))

    assert change.level is Level.REFUSED
    assert "`moved` in topics.yaml" in change.said_en
    assert "stations do not write to it" in change.said_en


@pytest.mark.parametrize(
    ("had", "level"),
    [("-1", Level.ATTENTION), ("999999999999", Level.ATTENTION), ("1000", Level.HARMLESS)],
)
def test_a_retention_that_deletes_records_needs_attention(meant: Wanted, live: Live, had: str, level: Level) -> None:
    change = only(plan(meant, with_config(live, "quarantine", retention_ms=had)))

    assert (change.kind, change.action, change.level) == ("topic", "change", level)
    assert change.payload == {"retention.ms": meant.topics["quarantine"].config["retention.ms"]}


def test_another_clean_up_needs_attention(meant: Wanted, live: Live) -> None:
    change = only(plan(meant, with_config(live, "governance", cleanup_policy="delete")))

    assert change.level is Level.ATTENTION


def test_the_broker_says_when_a_publication_came_in_and_everybody_after_it_hands_that_on(meant: Wanted) -> None:
    by_broker = {n for n, t in meant.topics.items() if t.config.get("message.timestamp.type") == "LogAppendTime"}

    assert by_broker == {name for name in meant.topics if name.startswith("outbox.")}


def test_what_an_operator_set_beside_ours_is_left_alone(meant: Wanted, live: Live) -> None:
    assert plan(meant, with_config(live, "ledger", segment_bytes="1048576")) == []


def test_a_topic_that_nothing_governs_is_left_alone(meant: Wanted, live: Live) -> None:
    assert plan(meant, replace(live, topics={**live.topics, "somebody.elses": Topic("somebody.elses", 1)})) == []


def test_three_brokers_keep_three_copies_of_which_two_must_be_in_step(entities: dict[str, Any]) -> None:
    topics = wanted(entities, brokers=5).topics.values()

    assert {(topic.replication, topic.config["min.insync.replicas"]) for topic in topics} == {(3, "2")}


def test_the_national_profile_has_its_own_number_of_partitions(entities: dict[str, Any]) -> None:
    assert wanted(entities, profile="national").topics["record.student"].partitions == 64


def test_a_changed_doc_makes_a_version(entities: dict[str, Any], live: Live) -> None:
    changed = amended(entities, "event/receipt.issued", lambda entity: entity["avro"].update(doc="Said better."))

    change = next(change for change in plan(changed, live) if change.kind == "schema")

    assert (change.level, change.after) == (Level.HARMLESS, "2")
    assert change.payload["doc"] == "Said better."


def test_a_schema_that_would_mislead_readers_is_refused_although_the_registry_would_take_it(
    entities: dict[str, Any], live: Live
) -> None:
    def rename(entity: Any) -> None:
        field = next(field for field in entity["avro"]["fields"] if "default" in field)
        field["name"] += "Anew"

    change = next(iter(refused(plan(amended(entities, "event/student.enrolled", rename), live))))

    assert change.name.startswith(RECORD)
    assert "Anew" in change.said_en


def test_the_registrys_objection_refuses_the_change(meant: Wanted) -> None:
    change = only(refused(plan(meant, replace(EMPTY, objections={RECORD: "b at /fields/1"}))))

    assert change.name == RECORD
    assert "b at /fields/1" in change.said_th
    assert "b at /fields/1" in change.said_en


def test_a_view_over_other_fields_is_told_to_take_a_new_name(meant: Wanted, live: Live) -> None:
    had = {**live.schemas[VIEW], "fields": live.schemas[VIEW]["fields"][1:]}
    narrower = replace(live, schemas={**live.schemas, VIEW: had})

    change = only(refused(plan(meant, narrower)))

    assert change.name == VIEW
    assert "a view of a new name" in change.said_en


def test_a_weakened_rule_of_the_registry_is_put_right_with_attention(meant: Wanted, live: Live) -> None:
    change = only(plan(meant, replace(live, rules={**RULES, "COMPATIBILITY": "NONE"})))

    assert (change.kind, change.before, change.after) == ("rule", "NONE", "FULL_TRANSITIVE")
    assert change.level is Level.ATTENTION


def test_a_permission_given_behind_governances_back_is_taken_away(meant: Wanted, live: Live) -> None:
    stray = Grant("eef", "topic", "inbox.niets", "READ")
    assert live.access is not None

    change = only(plan(meant, replace(live, access=live.access | {stray})))

    assert (change.kind, change.action, change.name, change.level) == ("access", "remove", "eef", Level.ATTENTION)
    assert change.payload == ([], [stray])


def test_permissions_of_users_that_governance_does_not_know_are_left_alone(meant: Wanted, live: Live) -> None:
    assert live.access is not None

    assert plan(meant, replace(live, access=live.access | {Grant("backup", "topic", "x", "READ")})) == []


def test_a_missing_permission_is_given_again(meant: Wanted, live: Live) -> None:
    assert live.access is not None
    own = Grant("eef", "topic", "inbox.eef", "READ")

    change = only(plan(meant, replace(live, access=live.access - {own})))

    assert (change.action, change.level, change.payload) == ("create", Level.HARMLESS, ([own], []))


def test_a_cluster_that_checks_no_permissions_is_noted_and_nothing_is_pending(meant: Wanted, live: Live) -> None:
    changes = plan(meant, replace(live, access=None, users=frozenset()))

    assert only(changes).level is Level.NOTE
    assert pending(changes) == []


def test_who_takes_part_no_more_loses_access_and_secrets_and_keeps_its_topics(
    entities: dict[str, Any], live: Live
) -> None:
    fewer = wanted({key: value for key, value in entities.items() if key != "participant/eef"})

    changes = [change for change in plan(fewer, live) if "eef" in change.name]

    assert [(change.kind, change.action, change.name) for change in changes] == [
        ("access", "remove", "eef"),
        ("credential", "remove", "eef"),
        ("governance", "remove", "participant/eef"),
    ]
    assert {change.level for change in changes} == {Level.ATTENTION}


@pytest.mark.parametrize(
    ("part", "value", "said"),
    [("publishes", [], "mandate"), ("speaks_for", ["SC-1"], "mandate"), ("agreements", [], "agreements")],
)
def test_a_participants_changed_rights_need_attention(
    entities: dict[str, Any], meant: Wanted, part: str, value: Any, said: str
) -> None:
    changed = amended(entities, "participant/niets", lambda entity: entity.update({part: value}))

    change = next(c for c in plan(changed, as_applied(meant)) if c.name == "participant/niets")

    assert change.level is Level.ATTENTION
    assert said in change.said_en


def test_a_participants_changed_name_is_harmless(entities: dict[str, Any], live: Live) -> None:
    changed = amended(entities, "participant/niets", lambda entity: entity["name"].update(en="NIETS"))

    assert only(plan(changed, live)).level is Level.HARMLESS


def test_records_of_others_on_the_governance_topic_are_left_alone(meant: Wanted, live: Live) -> None:
    assert plan(meant, replace(live, records={**live.records, "pause/eef": {"since": 1}})) == []


def test_an_opened_round_stays_open_whatever_is_applied(meant: Wanted, live: Live) -> None:
    opened = {"round/2569/JUN10": {"opens": "", "confirms": "", "closes": "", "counts": ""}}
    assert plan(meant, replace(live, records={**live.records, **opened})) == []


def test_an_unreadable_record_is_written_anew(meant: Wanted, live: Live) -> None:
    change = only(plan(meant, replace(live, records={**live.records, "topics": None})))

    assert (change.action, change.name) == ("create", "topics")


def test_credentials_issued_from_another_folder_are_left_as_they_are(meant: Wanted, live: Live) -> None:
    assert plan(meant, replace(live, held={})) == []


def test_credentials_in_this_folder_that_are_not_in_force_are_put_in_force(meant: Wanted, live: Live) -> None:
    rotated = {**live.held, "eef": (TOKEN, Token("1" * 64, 5))}

    change = only(plan(meant, replace(live, held=rotated)))

    assert (change.kind, change.action, change.name) == ("credential", "change", "eef")


def test_a_kafka_user_that_is_missing_is_made_again_from_the_folder(meant: Wanted, live: Live) -> None:
    change = only(plan(meant, replace(live, users=live.users - {"eef"})))

    assert (change.kind, change.action, change.name) == ("credential", "change", "eef")


def test_a_participant_reaches_its_own_topics_and_groups_and_nothing_else(meant: Wanted) -> None:
    for grant in meant.access:
        if grant.user in meant.participants:
            assert grant in {
                Grant(grant.user, "topic", f"outbox.{grant.user}", "WRITE"),
                Grant(grant.user, "topic", f"inbox.{grant.user}", "READ"),
                Grant(grant.user, "group", grant.user, "READ"),
                Grant(grant.user, "group", f"{grant.user}.", "READ", prefix=True),
            }


def test_only_a_participant_with_a_kafka_client_has_an_outbox_to_write(meant: Wanted) -> None:
    writers = {grant.user for grant in meant.access if grant.operation == "WRITE"} & meant.participants

    assert writers == {name for name in meant.participants if meant.entities[f"participant/{name}"].get("kafka")}


def test_a_station_reaches_what_topics_yaml_gives_it(meant: Wanted) -> None:
    validator = {(g.resource, g.name, g.operation, g.prefix) for g in meant.access if g.user == "saan-validator"}

    assert ("topic", "outbox.", "READ", True) in validator
    assert ("topic", "checked.", "WRITE", True) in validator
    assert ("transactional_id", "saan-validator-", "WRITE", True) in validator
    assert ("topic", "record.", "WRITE", True) not in validator


def religion(entities: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """The governed entities with the list of religions changed."""
    return {**entities, "codes/religion": {**copy.deepcopy(entities["codes/religion"]), **changed}}


def test_other_codes_under_the_same_version_are_refused(entities: dict[str, Any], live: Live) -> None:
    rows = [*entities["codes/religion"]["rows"], ["007", "ยูดาห์", "Judaism"]]
    (found,) = plan(wanted(religion(entities, rows=rows)), live)
    assert (found.level, found.name) == (Level.REFUSED, "codes/religion")
    assert "raise the version" in found.said_en


@pytest.mark.parametrize(("more", "level"), [(["007", "ยูดาห์", "Judaism"], Level.HARMLESS), (None, Level.ATTENTION)])
def test_a_higher_version_is_harmless_unless_it_takes_codes_away(
    entities: dict[str, Any], live: Live, more: list[str] | None, level: Level
) -> None:
    rows = entities["codes/religion"]["rows"]
    (found,) = plan(wanted(religion(entities, version=2, rows=[*rows, more] if more else rows[:-1])), live)
    assert (found.level, found.before, found.after) == (level, "1", "2")
    assert "version 2" in found.said_en


def test_a_lower_version_is_refused(entities: dict[str, Any], live: Live) -> None:
    (found,) = plan(wanted(religion(entities, version=0)), live)
    assert found.level is Level.REFUSED


def test_what_is_told_about_a_list_may_change_without_a_version(entities: dict[str, Any], live: Live) -> None:
    (found,) = plan(wanted(religion(entities, title={"th": "ศาสนา", "en": "faith"})), live)
    assert found.level is Level.HARMLESS
