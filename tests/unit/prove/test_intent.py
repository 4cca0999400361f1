"""The log of intents gives back what was written, and is on disk when writing returns."""

import time
from pathlib import Path

from saan.prove.intent import Answer, Intent, IntentLog, read


def test_what_was_meant_and_answered_is_read_back(tmp_path: Path, intents: list[Intent]) -> None:
    with IntentLog(tmp_path / "log") as log:
        log.intend(intents)
        log.answered([Answer("school-a", "e1", "accepted")])
        found = read(tmp_path / "log")

    assert found == (intents, [Answer("school-a", "e1", "accepted")])


def test_a_log_goes_on_after_a_crash(tmp_path: Path, intents: list[Intent]) -> None:
    for part in (intents[:2], intents[2:]):
        with IntentLog(tmp_path / "log") as log:
            log.intend(part)

    assert read(tmp_path / "log")[0] == intents


def test_a_log_tells_once_when_a_publication_was_first_handed_in(tmp_path: Path, intents: list[Intent]) -> None:
    with IntentLog(tmp_path / "log") as log:
        before = time.time()
        log.intend(intents[:1])
        between = time.time()
        log.intend(intents[:1])
        handed_in = log.handed_in(intents[0].key)

        assert handed_in is not None
        assert before <= handed_in <= between
        assert log.handed_in(intents[0].key) is None
