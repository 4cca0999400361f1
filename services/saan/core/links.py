"""Which pseudonyms are of one learner, and under which of them everything about the learner travels.

A link says of one pseudonym (the alias) that it is the same learner as another one, the subject, under which the
learner was known before. Whatever names the alias afterwards is about the subject: so one learner has one history,
whichever identity a publisher knows.

Links are a set. The order in which they are told, and how often, makes no difference: linked pseudonyms form a group,
and its root is the one that is nobody's alias. Two links that were decided at the same moment may leave several such
pseudonyms, or none, when each was made the other's alias; then the least of them is the root.
"""

from collections.abc import Iterable
from typing import Final

ALIAS: Final = "linkedsubject"
"""The CloudEvents extension that names the alias on an event that links; its subject is the pseudonym that stays."""


class Links:
    """The links known so far; more may be added, none is ever taken back."""

    def __init__(self, links: Iterable[tuple[str, str]] = ()) -> None:
        self._groups: dict[str, set[str]] = {}
        self._aliases: set[str] = set()
        self._roots: dict[str, str] = {}
        for alias, subject in links:
            self.add(alias, subject)

    def add(self, alias: str, subject: str) -> None:
        """Take in that ``alias`` is the same learner as ``subject``; a pseudonym linked to itself says nothing."""
        if alias == subject:
            return
        self._aliases.add(alias)
        group = self._groups.get(alias, {alias}) | self._groups.get(subject, {subject})
        root = min(group - self._aliases, default=min(group))
        for one in group:
            self._groups[one], self._roots[one] = group, root

    def root(self, pseudonym: str) -> str:
        """The pseudonym under which the learner's events travel; itself, where nothing is linked."""
        return self._roots.get(pseudonym, pseudonym)
