"""The HTTP status is a pure function of what became of the events."""

import pytest

from saan.gateway.answer import Result, Word, headers, status

A, D, I, R = Word.ACCEPTED, Word.DUPLICATE, Word.INVALID, Word.RETRYABLE  # noqa: E741


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([A], 202),
        ([D], 202),
        ([A, D], 202),
        ([A, I], 207),
        ([D, I], 207),
        ([A, R], 207),
        ([A, I, R], 207),
        ([I], 422),
        ([I, I], 422),
        ([R], 503),
        ([R, I], 503),
    ],
)
def test_the_status_follows_from_the_counts(words: list[Word], expected: int) -> None:
    assert status([Result("e", word) for word in words]) == expected


def test_a_rehearsal_never_answers_202() -> None:
    assert status([Result("e", A)], rehearsal=True) == 200


def test_only_a_request_that_is_foreign_throughout_is_unauthorised() -> None:
    foreign = Result("e", I, foreign=True)
    assert status([foreign, foreign]) == 401
    assert status([foreign, Result("e", I)]) == 422


def test_retry_after_is_there_whenever_something_can_be_sent_again() -> None:
    assert "Retry-After" in headers([Result("e", A), Result("e", R)])
    assert headers([Result("e", A), Result("e", I)]) == {}
