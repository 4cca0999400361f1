"""Follow the learner: which schools a record concerns depends on where its learner was at the event's own time.

* What moves a learner concerns every school that it names, so both sides hear of a request and of a transfer.
* Anything else that is said of a learner concerns the schools that it names and, if its type follows the learner, the
  school where the learner is on the event's day; but not a school that the learner had left for another by then. So
  after a transfer the old school and its offices get nothing more, whoever says it, while what lies before the
  transfer still is theirs, however late it comes.
* A type that reaches ``former_schools`` concerns each school where the learner has been: an order to erase is for
  everybody who holds something.
* Where the learner has come to since by a transfer is ``reached``: agreements that look back cover it too.

What is known when a record is decided is what counts, and nothing that was delivered is taken back:

* Of a transfer that is told late the old side has got, and keeps, what was decided before; the transfer tells it the
  day of leaving, and everything later than that which is decided from then on goes to the new side alone. The new side
  does not get the days between again: the hand-over tells it what is known.
* A transfer that was asked for moves nobody: the learner is at the old school until somebody tells a transfer, whether
  the request is cancelled or forgotten. The other school has the request (and its cancellation) and nothing else.
* A transfer that was told and undone is undone by telling the way back, from the next day on at the earliest; the days
  between stay the other school's. An enrolment that is told anew by the same school changes nothing.
* Who withdraws or graduates leaves for no other school: what is still said of the learner goes where it always went,
  until another school has enrolled the learner.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from saan.core.catalogue import EventType
from saan.core.history import TRANSFERRED, Stay
from saan.core.learner import Learner


@dataclass(frozen=True, slots=True)
class Concerned:
    """The schools that one record concerns.

    ``left`` are those that the learner had left for another by the event's day, with the day of leaving (days since
    1970-01-01). ``reached`` are those to which the learner has come by a transfer after the event.
    """

    schools: frozenset[str]
    left: Mapping[str, int] = field(default_factory=dict)
    reached: frozenset[str] = frozenset()


def concerned(event: EventType, data: Mapping[str, Any], learner: Learner, day: int) -> Concerned:
    """Whom a record of this type and ``day`` concerns, by what is known of the learner."""
    named = frozenset(data[name] for name in event.concerns if data.get(name))
    if event.subject_kind != "learner" or event.moves or not learner.facts:
        return Concerned(named)
    stays = learner.stays
    if event.former_schools:
        return Concerned(named.union(stay.school for stay in stays if stay.start <= day))
    left = departures(stays, day)
    here = learner.schools(day) if event.follows_learner else ()
    return Concerned(named.difference(left).union(here), left, _reached(stays, day))


def departures(stays: Iterable[Stay], day: int) -> dict[str, int]:
    """The schools that the learner had left for another by ``day``, each with the day of leaving.

    A school is left for another when its last stay has ended as a transfer, or another school has enrolled the learner
    since.
    """
    begun = [stay for stay in stays if stay.start <= day]
    last = {stay.school: stay for stay in begun}
    left: dict[str, int] = {}
    for school, stay in last.items():
        if stay.end is not None and stay.end <= day:
            since = stay.end
            if stay.status == TRANSFERRED or any(o.school != school and o.start >= since for o in begun):
                left[school] = since
    return left


def _reached(stays: tuple[Stay, ...], day: int) -> frozenset[str]:
    """The school where the learner is now, if a transfer led there after ``day``."""
    if len(stays) < 2 or stays[-1].end is not None or stays[-1].start <= day:
        return frozenset()
    before = stays[-2]
    came = before.school != stays[-1].school and before.status == TRANSFERRED
    return frozenset({stays[-1].school}) if came else frozenset()
