"""Owed against delivered, participant by participant and event by event."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from saan.demo.owed import Key

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Account:
    """One participant: how many events it was owed and got, and exactly which are missing or too many.

    ``surplus`` counts what it was not owed and every copy beyond the first.
    """

    participant: str
    owed: int
    got: int
    missing: tuple[Key, ...]
    surplus: tuple[Key, ...]

    @property
    def balanced(self) -> bool:
        return not self.missing and not self.surplus


def balance(
    owed: Mapping[str, Counter[Key]], delivered: Mapping[str, Counter[Key]], published: Collection[Key]
) -> list[Account]:
    """An account per participant, by name.

    Deliveries of events that are not among ``published`` belong to other users of the exchange and are left out.
    """
    accounts = []
    for participant in sorted(owed.keys() | delivered.keys()):
        due = owed.get(participant, Counter())
        got = Counter({key: n for key, n in delivered.get(participant, Counter()).items() if key in published})
        accounts.append(
            Account(
                participant,
                due.total(),
                got.total(),
                tuple(sorted((due - got).elements())),
                tuple(sorted((got - due).elements())),
            )
        )
    return accounts
