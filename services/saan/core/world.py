"""Everything governed, as one immutable value: what a decision may depend on besides the record itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from saan.core.catalogue import EventType
from saan.core.codes import CodeList, Crosswalk
from saan.core.layout import Layout
from saan.core.organisations import Organisations
from saan.core.participants import Participant
from saan.core.rounds import Rounds


@dataclass(frozen=True, slots=True)
class World:
    """One consistent state of governance. A change makes a new value; decisions in one block use one value.

    ``environment`` is ``production`` or anything else; test data is refused in production only. ``files`` says what the
    columns of schools' files mean.
    """

    events: Mapping[str, EventType]
    codes: Mapping[str, CodeList]
    crosswalk: Crosswalk
    organisations: Organisations
    participants: Mapping[str, Participant]
    environment: str = "sandbox"
    rounds: Rounds = field(default_factory=Rounds)
    files: Mapping[str, Layout] = field(default_factory=dict)

    def closing(self, days: Mapping[str, int]) -> "World":
        """This world, with some organisations closed from a day on (``Organisations.closed``)."""
        return replace(self, organisations=self.organisations.closed(days))
