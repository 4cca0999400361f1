"""A school that publishes over HTTP and an office that receives, both with the client kit, while something dies."""

import threading
import time
import uuid
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Self

from saan.client import Publisher, Subscriber

from .conftest import Stack, eventually

SCHOOL, OFFICE = "sis-96012007", "peo-96"
_LEARNERS = 16
"""Enough to have some in every partition."""
_TRIES = 600
_BETWEEN = 0.25
_PLACE = {
    "schoolUid": "SC-ce35ce724f35",
    "schoolCode10": "1096240356",
    "provinceCode": "96",
    "academicYearBE": 2568,
    "semester": 1,
    "effectiveDate": "2025-06-02",
}


class Traffic:
    """Publishes one event of every learner, turn after turn, and receives them, while it is open.

    ``handed_in`` and ``arrived`` hold (learner, turn) with the seconds of the monotonic clock, in order; what arrives
    twice is in ``arrived`` twice.
    """

    def __init__(self, stack: Stack) -> None:
        self._stack, self._run = stack, uuid.uuid4().hex[:12]
        self._stop_publishing, self._stop = threading.Event(), threading.Event()
        self._tokens = stack.token(SCHOOL), stack.token(OFFICE)
        self._pool = ThreadPoolExecutor(2)
        self._work: list[Future[None]] = []
        self.handed_in: dict[tuple[int, int], float] = {}
        self.arrived: list[tuple[tuple[int, int], float]] = []
        self.words: Counter[str] = Counter()

    def __enter__(self) -> Self:
        self._work = [self._pool.submit(self._publish), self._pool.submit(self._receive)]
        return self

    def __exit__(self, *_: object) -> None:
        self._stop_publishing.set()
        self._stop.set()
        self._pool.shutdown()

    def flows(self, since: float, seconds: float) -> float:
        """Wait until every learner has something in the inbox that was handed in after `since`; how long that took."""
        first: dict[int, float] = {}

        def all_learners() -> bool:
            self._raise()
            for key, at in list(self.arrived):
                if self.handed_in[key] >= since:
                    first.setdefault(key[0], at)
            return len(first) == _LEARNERS

        eventually(all_learners, seconds, f"records of all {_LEARNERS} learners flow")
        return max(first.values()) - since

    def settle(self, seconds: float = 180) -> None:
        """Publish no more, and wait until everything that was handed in has arrived, and what comes twice too."""
        self._stop_publishing.set()
        self._work[0].result()
        eventually(lambda: not self.missing(), seconds, "everything that was handed in has arrived")
        quiet = len(self.arrived), time.monotonic()
        while time.monotonic() - quiet[1] < 3:
            if len(self.arrived) != quiet[0]:
                quiet = len(self.arrived), time.monotonic()
            time.sleep(0.2)

    def missing(self) -> set[tuple[int, int]]:
        return self.handed_in.keys() - {key for key, _ in list(self.arrived)}

    def doubled(self) -> list[tuple[int, int]]:
        return [key for key, count in Counter(key for key, _ in self.arrived).items() if count > 1]

    def turns(self, learner: int) -> list[int]:
        """The turns of one learner in the order in which they arrived."""
        return [turn for (whose, turn), _ in self.arrived if whose == learner]

    def _raise(self) -> None:
        """What has ended before its time has failed."""
        for work in self._work:
            if work.done():
                work.result()

    def _publish(self) -> None:
        with Publisher(
            self._stack.address("gateway"), self._tokens[0], tries=_TRIES, timeout=10, sleep=_soon
        ) as publisher:
            turn = 0
            while not self._stop_publishing.wait(_BETWEEN):
                now = time.monotonic()
                self.handed_in.update({(learner, turn): now for learner in range(_LEARNERS)})
                events = [self._event(learner, turn) for learner in range(_LEARNERS)]
                for verdict in publisher.publish(events):
                    assert verdict.word in {"accepted", "duplicate"}, (verdict.word, verdict.code, verdict.path)
                    self.words[verdict.word] += 1
                turn += 1

    def _receive(self) -> None:
        cursor = None
        with Subscriber(
            self._stack.address("deliverer"), self._tokens[1], tries=_TRIES, timeout=10, sleep=_soon
        ) as subscriber:
            while not self._stop.is_set():
                page = subscriber.pull(cursor, max=500, wait=1)
                now = time.monotonic()
                own = [str(event["id"]).split("-") for event in page.events]
                self.arrived += [((int(key[1]), int(key[2])), now) for key in own if key[0] == self._run]
                cursor = page.cursor
            subscriber.ack(cursor or "")

    def _event(self, learner: int, turn: int) -> Mapping[str, Any]:
        return {
            "id": f"{self._run}-{learner}-{turn}",
            "type": "student.profile-changed",
            "source": SCHOOL,
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "testdata": True,
            "data": {
                **_PLACE,
                "idType": "CITIZEN_ID",
                "idValue": _citizen(learner),
                "changedFields": ["phone"],
                "part": "contact",
                "phone": f"{turn:010}",
            },
        }


def _soon(asked: float) -> None:
    """What would be waited is cut short: how soon records flow again is to be the exchange's doing."""
    time.sleep(min(asked, 0.3))


def _citizen(number: int) -> str:
    """An invented citizen ID with its check digit."""
    digits = f"99000077{number:04}"
    total = sum(int(digit) * (13 - place) for place, digit in enumerate(digits))
    return digits + str((11 - total % 11) % 10)
