"""The account of a block adds up."""

from hypothesis import given
from hypothesis import strategies as st

from saan.core.account import Account
from saan.core.outcome import Finding, Severity

FINDING = Finding("V1", "idValue", Severity.REJECT, "ผิด", "wrong")
outcomes = st.sampled_from(["accepted", "duplicate", "rejected", "parked"])


def note(account: Account, outcome: str, source: str, id: str) -> None:
    match outcome:
        case "accepted":
            account.accepted(source, "t", id, "st-1")
        case "duplicate":
            account.duplicate(source, "t", id)
        case refused:
            account.refused(refused, source, "t", id, [FINDING])


@given(st.lists(st.tuples(outcomes, st.sampled_from(["p", "q"]), st.uuids().map(str)), max_size=50))
def test_published_is_the_sum_of_what_became_of_it(block: list[tuple[str, str, str]]) -> None:
    account = Account("validator")
    for outcome, source, id in block:
        note(account, outcome, source, id)
    entry = account.entry()

    for source in ("p", "q"):
        parts = (entry[name].get(source, 0) for name in ("accepted", "duplicates", "rejected", "parked"))
        assert entry["published"].get(source, 0) == sum(parts)
    assert sum(entry["outcomes"].values()) == len(block)


@given(st.permutations([("p", str(i)) for i in range(6)]))
def test_the_sketch_does_not_depend_on_the_order(ids: list[tuple[str, str]]) -> None:
    account, again = Account("router"), Account("router")
    for source, id in ids:
        account.accepted(source, "t", id, "s")
    for source, id in sorted(ids):
        again.accepted(source, "t", id, "s")

    assert account.entry()["sketchOut"] == again.entry()["sketchOut"] == account.entry()["sketchIn"]


def test_receipts_say_everything_once_and_stay_small() -> None:
    account = Account("router")
    for n in range(5):
        account.accepted("p", "t", str(n), "s")
    account.refused("rejected", "p", "t", "bad", [FINDING])

    receipts = [fields for publisher, fields in account.receipts(final=True, limit=2) if publisher == "p"]

    assert [len(r["accepted"]) for r in receipts] == [2, 2, 1]
    assert [r["eventId"] for receipt in receipts for r in receipt["refused"]] == ["bad"]


def test_an_acceptance_that_is_not_final_is_not_told() -> None:
    account = Account("validator")
    account.accepted("p", "t", "1", "s")

    assert list(account.receipts(final=False)) == []
