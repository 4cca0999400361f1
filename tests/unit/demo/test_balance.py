import io
from collections import Counter

import pytest
from rich.console import Console

from saan.demo.balance import Account, balance
from saan.demo.owed import Key
from saan.demo.result import Result, Surprise
from saan.demo.show import headline, tables

ONE, TWO, OTHER = ("s", "1"), ("s", "2"), ("elsewhere", "9")


def account(owed: Counter[Key], delivered: Counter[Key]) -> Account:
    (found,) = balance({"p": owed}, {"p": delivered}, {ONE, TWO})
    return found


def test_everything_owed_and_nothing_else_balances() -> None:
    found = account(Counter([ONE, TWO]), Counter([TWO, ONE]))
    assert found == Account("p", 2, 2, (), ())
    assert found.balanced


def test_what_was_owed_and_did_not_come_is_named() -> None:
    found = account(Counter([ONE, TWO]), Counter([TWO]))
    assert found.missing == (ONE,)
    assert not found.balanced


def test_what_came_without_being_owed_is_named() -> None:
    found = account(Counter([ONE]), Counter([ONE, TWO]))
    assert found.surplus == (TWO,)
    assert not found.balanced


def test_a_second_copy_is_a_surplus() -> None:
    found = account(Counter([ONE]), Counter([ONE, ONE, ONE]))
    assert found.surplus == (ONE, ONE)


def test_one_missing_and_one_too_many_do_not_cancel_out() -> None:
    found = account(Counter([ONE]), Counter([TWO]))
    assert (found.owed, found.got) == (1, 1)
    assert not found.balanced


def test_what_others_publish_at_the_same_time_is_left_out() -> None:
    assert account(Counter([ONE]), Counter([ONE, OTHER])).balanced


def test_an_inbox_that_nobody_expected_is_in_the_balance() -> None:
    found = balance({}, {"stranger": Counter([ONE])}, {ONE})
    assert [(a.participant, a.surplus) for a in found] == [("stranger", (ONE,))]


def result(*accounts: Account, surprises: tuple[Surprise, ...] = ()) -> Result:
    return Result(
        run="a",
        pupils=2,
        published=3,
        accepted=2,
        rejected=1,
        repeated=0,
        warned=0,
        rows=4,
        rows_refused=2,
        rejected_by_rule=Counter({"V12": 1}),
        rows_by_rule=Counter({"V2": 1, "DUP": 1}),
        accounts=accounts,
        surprises=surprises,
        first_delivery_s=0.5,
        duration_s=1.0,
        kafka="127.0.0.1:1",
        registry="http://127.0.0.1:2",
        console="http://127.0.0.1:3",
    )


def shown(of: Result) -> str:
    console = Console(width=200, file=io.StringIO())
    for table in tables(of):
        console.print(table)
    file = console.file
    assert isinstance(file, io.StringIO)
    return file.getvalue()


BALANCED = result(account(Counter([ONE]), Counter([ONE])))
LACKING = result(account(Counter([ONE]), Counter()))


def test_a_result_is_balanced_when_every_account_is_and_nothing_surprised() -> None:
    surprise = Surprise("exchange", ONE, "V1", "accepted")
    assert BALANCED.balanced
    assert not LACKING.balanced
    assert not result(*BALANCED.accounts, surprises=(surprise,)).balanced


@pytest.mark.parametrize(("of", "th", "en"), [(BALANCED, "ดุลพอดี", "balanced:"), (LACKING, "ดุลไม่พอดี", "NOT balanced")])
def test_the_headline_says_it_in_thai_and_english(of: Result, th: str, en: str) -> None:
    assert th in headline(of)
    assert en in headline(of)


def test_rules_stand_in_the_order_of_their_numbers() -> None:
    text = shown(BALANCED)
    assert text.index("DUP") < text.index("V2 ") < text.index("V12")


def test_differences_are_shown_only_where_there_are_any() -> None:
    assert "differences" not in shown(BALANCED)
    assert "missing" in shown(LACKING)
    assert "s 1" in shown(LACKING)


def test_a_long_list_of_differences_is_cut_and_says_so() -> None:
    keys = [("s", str(number)) for number in range(50)]
    (many,) = balance({"p": Counter(keys)}, {}, keys)
    assert "and 40 more" in shown(result(many))


def test_the_json_of_a_result_has_the_promised_fields() -> None:
    figures = LACKING.as_json()
    assert figures["published"] == figures["accepted"] + figures["rejected"]
    assert figures["owed"] == {"p": 1}
    assert figures["delivered"] == {"p": 0}
    assert figures["balanced"] is False
    assert figures["missing"] == {"p": ["1"]}
    assert {"duration_s", "kafka", "registry"} <= figures.keys()
