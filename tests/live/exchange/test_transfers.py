"""A learner moves to a school of another province, on a whole exchange: who gets what before, after and back-dated."""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from saan.core.identity import citizen_id_ok
from saan.wire import files

from .conftest import SCHOOL, Running, event, eventually, example, header

SAAN = Path(sys.executable).parent / "saan"
MOVES, STAYS = "9900007680746", "9900007680754"
OLD = {name: example("student.enrolled")[name] for name in ("schoolUid", "schoolCode10", "provinceCode")}
NEW = {"schoolUid": "SC-93718f83cea0", "schoolCode10": "1054390214", "provinceCode": "54"}
OFFICE, NEW_SCHOOL, NEW_OFFICE = "peo-96", "sis-54", "peo-54"
EVERYBODY = (SCHOOL, OFFICE, NEW_SCHOOL, NEW_OFFICE)
MADE_OF = {
    NEW_SCHOOL: (SCHOOL, {SCHOOL: NEW_SCHOOL, OLD["schoolUid"]: NEW["schoolUid"], "AG-96-96012007": "AG-54-1"}),
    NEW_OFFICE: (OFFICE, {OFFICE: NEW_OFFICE, "PEO-96": "PEO-54", "AG-96-PEO": "AG-54-PEO"}),
}
"""Who takes part besides: like participants that are there, for a school and its office in Phrae."""


def saan(*arguments: str | Path) -> str:
    done = subprocess.run([SAAN, *arguments], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def exchange(exchange: Running, tmp_path: Path) -> Running:
    """The exchange, with a school and an office of another province."""
    copy = tmp_path / "schemas"
    shutil.copytree(files.default_folder(), copy)
    for name, (like, instead) in MADE_OF.items():
        text = (copy / "participants" / f"{like}.yaml").read_text(encoding="utf-8")
        for old, new in {**instead, f"AG-{like.upper()}": f"AG-{name.upper()}"}.items():
            text = text.replace(old, new)
        (copy / "participants" / f"{name}.yaml").write_text(text, encoding="utf-8")
    saan("apply", "--dir", exchange.folder, "--schemas", copy, "--json")
    return exchange


class Story:
    """One learner's events, in the order in which they are told; ``owed`` is who must have got which of them."""

    def __init__(self, exchange: Running, learner: str) -> None:
        self._exchange = exchange
        self._learner = {"idType": "CITIZEN_ID", "idValue": learner}
        self.owed: dict[str, list[str]] = {name: [] for name in EVERYBODY}
        self._said: set[str] = set()

    def tell(
        self, source: str, type: str, day: str, to: tuple[str, ...], school: Mapping[str, str], **more: Any
    ) -> str:
        """Publish as of that day, and wait until it has come out."""
        data = example(type) | school | self._learner | more
        one = event(type, source, data, time=f"{day}T03:00:00Z")
        assert self._exchange.publish(source, one) == ["accepted"]
        for name in to:
            self.owed[name].append(one["id"])
        self._said.add(one["id"])
        eventually(lambda: all(self._exchange.arrived(name)[one["id"]] for name in to))
        return str(one["id"])

    def got(self) -> dict[str, list[str]]:
        """What lies in every inbox, each as often as it does, in its order."""
        return {
            name: [
                header(m, "ce_id")
                for m in self._exchange.read(f"inbox.{name}")
                if header(m, "ce_id") in self._said and header(m, "ce_type") != "receipt.issued"
            ]
            for name in EVERYBODY
        }


def test_after_a_transfer_the_old_side_gets_nothing_more_and_what_lies_before_still_is_its_own(
    exchange: Running,
) -> None:
    assert citizen_id_ok(MOVES)
    story = Story(exchange, MOVES)
    story.tell(SCHOOL, "student.enrolled", "2025-05-16", (OFFICE,), OLD, entryDate="2025-05-16")
    story.tell(SCHOOL, "grade.finalised", "2025-05-20", (OFFICE,), OLD)
    transfer = story.tell(
        NEW_SCHOOL,
        "student.transferred",
        "2025-06-02",
        (SCHOOL, OFFICE, NEW_OFFICE),
        NEW,
        fromSchoolUid=OLD["schoolUid"],
        toSchoolUid=NEW["schoolUid"],
        leaveDate="2025-06-02",
        entryDate="2025-06-02",
        gradeLevelCode=None,
    )
    story.tell(NEW_SCHOOL, "grade.finalised", "2025-06-10", (NEW_OFFICE,), NEW)
    late = story.tell(SCHOOL, "grade.finalised", "2025-06-11", (NEW_SCHOOL, NEW_OFFICE), OLD)
    # What the old school corrects of its own time goes where it went, and to the new school by its agreement.
    story.tell(SCHOOL, "grade.finalised", "2025-05-25", (OFFICE, NEW_SCHOOL), OLD)

    assert story.got() == story.owed
    assert _handed_over(exchange, transfer) == {NEW_SCHOOL, NEW_OFFICE}

    said = saan("why", late, OFFICE, "--dir", exchange.folder)
    assert "since the transfer on 2025-06-02" in said
    assert "นับแต่การย้ายเมื่อวันที่ 2/6/2568" in said
    (told,) = json.loads(saan("why", late, NEW_OFFICE, "--dir", exchange.folder, "--json"))
    assert (told["reason"], told["inInbox"]) == ("delivered", True)


def test_a_transfer_that_was_asked_for_and_cancelled_moves_nobody(exchange: Running) -> None:
    assert citizen_id_ok(STAYS)
    story = Story(exchange, STAYS)
    story.tell(SCHOOL, "student.enrolled", "2025-05-16", (OFFICE,), OLD, entryDate="2025-05-16")
    schools = {"fromSchoolUid": OLD["schoolUid"], "toSchoolUid": NEW["schoolUid"]}
    everybody_else = (OFFICE, NEW_SCHOOL, NEW_OFFICE)
    story.tell(
        SCHOOL, "student.transfer-requested", "2025-06-02", everybody_else, OLD, **schools, requestedDate="2025-06-02"
    )
    story.tell(SCHOOL, "grade.finalised", "2025-06-10", (OFFICE,), OLD)
    story.tell(
        SCHOOL, "student.transfer-cancelled", "2025-06-12", everybody_else, OLD, **schools, cancelledDate="2025-06-12"
    )
    story.tell(SCHOOL, "grade.finalised", "2025-06-15", (OFFICE,), OLD)

    assert story.got() == story.owed


def _handed_over(exchange: Running, transfer: str) -> set[str]:
    """Who was told of the old stay because of this transfer; nobody twice."""
    found = [
        name
        for name in EVERYBODY
        for m in exchange.read(f"inbox.{name}")
        if header(m, "ce_type") == "learner.handed-over" and header(m, "ce_causationid") == transfer
    ]
    assert len(found) == len(set(found))
    return set(found)
