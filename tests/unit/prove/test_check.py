"""The checkers find nothing in sound evidence, and name exactly what was planted."""

from dataclasses import replace

import pytest

from saan.prove import plant
from saan.prove.check import CHECKERS, Meant, check, meant
from saan.prove.evidence import Entry, Evidence
from saan.prove.intent import Intent


def test_nothing_is_found_in_sound_evidence(book: Meant, seen: Evidence) -> None:
    assert not any(check(book, seen).values())


@pytest.mark.parametrize("name", plant.KINDS)
@pytest.mark.parametrize("seed", range(5))
def test_a_planted_fault_is_named_by_its_checker_and_by_no_other(
    book: Meant, seen: Evidence, name: str, seed: int
) -> None:
    assert plant.named(book, seen, name, seed)


def test_every_checker_has_a_fault_that_is_planted_for_it() -> None:
    assert {kind.checker for kind in plant.KINDS.values()} == CHECKERS.keys()


def test_planting_leaves_the_evidence_itself_as_it_was(book: Meant, seen: Evidence) -> None:
    for name in plant.KINDS:
        plant.named(book, seen, name, 1)

    assert not any(check(book, seen).values())


def test_evidence_in_which_nothing_can_be_planted_says_so(book: Meant) -> None:
    for name in plant.KINDS:
        with pytest.raises(plant.Barren):
            plant.named(book, Evidence(), name, 1)


def test_an_event_that_nobody_acknowledged_and_no_outbox_holds_is_not_lost(intents: list[Intent]) -> None:
    assert check(meant(intents, []), Evidence())["lost"] == []


def test_an_event_that_an_outbox_holds_is_lost_although_nobody_acknowledged_it(
    intents: list[Intent], seen: Evidence
) -> None:
    gone = seen.log.pop(0)

    assert [one.id for one in check(meant(intents, []), seen)["lost"]] == [gone.id]


def test_a_refused_event_in_an_inbox_is_leaked(book: Meant, seen: Evidence) -> None:
    seen.inboxes["office"].append(replace(seen.quarantine[0], topic="inbox.office"))

    assert [one.id for one in check(book, seen)["leaked"]] == ["bad"]


def test_a_refused_event_that_is_not_in_quarantine_is_named(book: Meant, seen: Evidence) -> None:
    seen.quarantine.pop(0)

    assert [one.id for one in check(book, seen)["orphaned"]] == ["bad"]


def test_an_event_set_aside_although_it_was_to_be_accepted_is_named(book: Meant, seen: Evidence) -> None:
    seen.quarantine.append(replace(seen.outbox[0], topic="quarantine", origin="outbox.school-a/0/0", code="V1"))

    assert [one.id for one in check(book, seen)["orphaned"]] == ["e0"]


def test_blocks_of_the_ledger_that_overlap_are_named(book: Meant, seen: Evidence) -> None:
    seen.ledger[1] = Entry("validator", "outbox.school-a", 0, 3, 8, 5, {"accepted": 3, "rejected": 2}, {})

    assert any("overlap" in one.what for one in check(book, seen)["unbalanced"])


@pytest.mark.parametrize("told", [0, 1, 3])
def test_refused_records_of_which_an_office_hears_another_number_are_named(
    book: Meant, seen: Evidence, told: int
) -> None:
    seen.notices[1] = replace(seen.notices[1], records=told)

    (found,) = check(book, seen)["unbalanced"]
    assert found.where == "office"


def test_refused_records_of_which_nobody_hears_are_named(book: Meant, seen: Evidence) -> None:
    seen.notices = []

    assert "nobody" in {found.where for found in check(book, seen)["unbalanced"]}


def test_a_repeat_that_is_not_told_as_one_is_named(book: Meant, seen: Evidence) -> None:
    seen.receipts[1] = replace(seen.receipts[1], duplicates=())

    assert [one.id for one in check(book, seen)["receipts"]] == ["e2"]


def test_content_other_than_was_meant_is_altered(book: Meant, seen: Evidence) -> None:
    seen.log[2] = replace(seen.log[2], body="another")

    assert [one.id for one in check(book, seen)["altered"]] == ["e2"]
