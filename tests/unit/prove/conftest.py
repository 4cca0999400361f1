"""Sound evidence: a small exchange that did everything right, written by hand."""

from hashlib import sha256

import pytest

from saan.prove.check import Meant, meant
from saan.prove.evidence import REJECTED, Entry, Evidence, Notice, Receipt, Record
from saan.prove.intent import Answer, Fate, Intent

SCHOOL, OFFICE, PROVINCE, STRANGER = "school-a", "office", "province", "stranger"
POISON = b"\0\0\0\0\1 no event"


def record(topic: str, offset: int, intent: Intent, **more: object) -> Record:
    given = {
        "key": b"st-1",
        "subject": "st-1",
        "value": b"whole " + intent.id.encode(),
        "body": intent.body,
        "fields": {"schoolUid": "SC-1", "score": "7"},
        **more,
    }
    return Record(topic, 0, offset, source=intent.source, id=intent.id, type=intent.type, **given)  # type: ignore[arg-type]


@pytest.fixture
def intents() -> list[Intent]:
    """Six events of two learners, the third one handed in again, one that must be refused, and poison."""
    told = [
        Intent(
            SCHOOL,
            f"e{n}",
            "student.enrolled",
            f"learner/{n % 2}",
            n // 2,
            f"body{n}",
            Fate.ACCEPTED,
            (OFFICE, PROVINCE),
        )
        for n in range(6)
    ]
    again = Intent(SCHOOL, "e2", "student.enrolled", "learner/0", 1, "body2", Fate.REPEATED, (OFFICE, PROVINCE))
    bad = Intent(SCHOOL, "bad", "student.enrolled", "learner/0", 3, "", Fate.REFUSED)
    poison = Intent(SCHOOL, "", "", "poison/1", 0, sha256(POISON).hexdigest(), Fate.POISON)
    return [*told, again, bad, poison]


@pytest.fixture
def book(intents: list[Intent]) -> Meant:
    return meant(intents, [Answer(one.source, one.id, "accepted") for one in intents])


@pytest.fixture
def seen(intents: list[Intent]) -> Evidence:
    told, (again, bad, poison) = intents[:6], intents[6:]
    seen = Evidence()
    seen.outbox = [record("outbox.school-a", n, one) for n, one in enumerate([*told, again, bad])]
    seen.outbox.append(record("outbox.school-a", 8, poison, value=POISON))
    seen.checked = [record("checked.student", n, one) for n, one in enumerate([*told, again])]
    seen.log = [record("record.student", n, one) for n, one in enumerate(told)]
    part = {"schoolUid": "SC-1"}
    seen.inboxes = {
        OFFICE: [record("inbox.office", n, one, value=b"part", fields=part) for n, one in enumerate(told)],
        PROVINCE: [record("inbox.province", n, one) for n, one in enumerate(told)],
        STRANGER: [],
    }
    seen.quarantine = [
        record("quarantine", 0, bad, origin="outbox.school-a/0/7", code="V1", verdict="rejected"),
        record("quarantine", 1, poison, value=POISON, origin="outbox.school-a/0/8", code="WIRE-2", verdict="rejected"),
    ]
    seen.notices = [
        Notice(PROVINCE, REJECTED, SCHOOL, 1),
        Notice(OFFICE, REJECTED, SCHOOL, 2),
        Notice(PROVINCE, REJECTED, SCHOOL, 1),
    ]
    seen.receipts = [
        Receipt(SCHOOL, "validator", refused=("bad", "unknown")),
        Receipt(SCHOOL, "router", accepted=tuple(one.id for one in told), duplicates=("e2",)),
    ]
    seen.ledger = [
        Entry("validator", "outbox.school-a", 0, 0, 3, 4, {"accepted": 4}, {}),
        Entry("validator", "outbox.school-a", 0, 4, 8, 5, {"accepted": 3, "rejected": 2}, {OFFICE: 1, PROVINCE: 2}),
        Entry("router", "checked.student", 0, 0, 6, 7, {"accepted": 6, "duplicate": 1}, {OFFICE: 6, PROVINCE: 6}),
    ]
    return seen
