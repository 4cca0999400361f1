"""The system's own sentences."""

import pytest

from saan.core.outcome import Severity
from saan.core.said import CODES, finding

PARAMS = {"expected": "C2k"}


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_code_says_problem_and_fix_in_both_languages(code: str) -> None:
    said = finding(code, "ce_time", **PARAMS)
    assert code.startswith(said.code)
    assert all((said.th, said.en, said.fix_th, said.fix_en))
    assert any("\u0e00" <= letter <= "\u0e7f" for letter in said.th)
    assert "{" not in said.th + said.en + said.fix_th + said.fix_en


def test_only_what_may_still_arrive_makes_a_record_wait() -> None:
    parked = {code for code in CODES if finding(code, **PARAMS).severity is Severity.PARK}
    assert parked == {"WIRE-10", "V16/gap", "V16/behind"}


@pytest.mark.parametrize("code", sorted(CODES - {"ENV-5", "SCHEMA-1"}))
def test_all_but_two_codes_need_no_more_than_a_path(code: str) -> None:
    assert finding(code).path == ""


def test_a_code_with_two_sentences_keeps_its_number() -> None:
    assert finding("V15/type").code == finding("V15", "schoolUid").code == "V15"
    assert finding("V15/type").en != finding("V15", "schoolUid").en


def test_an_unknown_code_is_a_mistake_of_the_program() -> None:
    with pytest.raises(KeyError):
        finding("V99")
