"""What one block knows of its subjects: one read before, changes in memory, one write after the commit."""

from collections.abc import Iterable
from dataclasses import replace

from saan.core.learner import Learner
from saan.core.learner_bytes import decode, encode
from saan.wire.replay import States
from saan.wire.store import key
from saan.wire.transport import Unable


class Memory:
    """State per subject of one domain, and the enrolments of the domain that knows them."""

    def __init__(self, store: States, domain: str, history_domain: str) -> None:
        self._store, self._domain, self._history = store, domain, history_domain
        self._known: dict[bytes, Learner] = {}
        self._changed: dict[bytes, Learner] = {}
        self._overlay: dict[bytes, bytes] = {}

    def load(self, subjects: Iterable[str]) -> None:
        """Read the state of every subject of a block at once."""
        keys = {key(domain, subject.encode()) for subject in subjects for domain in (self._domain, self._history)}
        try:
            self._known = {name: decode(stored) for name, stored in self._store.get(list(keys)).items()}
        except ValueError as broken:
            self._store.condemn(str(broken))
            raise Unable(f"the local state cannot be trusted and is made anew: {broken}") from broken

    def of(self, subject: str) -> Learner:
        name = key(self._domain, subject.encode())
        return self._changed.get(name) or self._known.get(name) or Learner()

    def history(self, subject: str) -> Learner:
        """What is known of the learner's school life, with the notes and marks of this domain."""
        name = key(self._history, subject.encode())
        learner = self._changed.get(name) or self._known.get(name) or Learner()
        own = self.of(subject)
        return learner if self._domain == self._history else replace(learner, notes=own.notes, term=own.term)

    def put(self, subject: str, learner: Learner) -> None:
        """Keep a change. A state that has no bytes fails here, where its record can still be set aside."""
        name = key(self._domain, subject.encode())
        self._changed[name], self._overlay[name] = learner, encode(learner)

    def commit(self, next_offset: int) -> None:
        """Write what changed, with the offset of ``record.<domain>`` that it reflects."""
        self._store.commit(self._domain, self._overlay, next_offset)
