"""What the compiler makes: plain data, to be run by the native machine.

A record is read twice. First its bytes are walked by ``nodes``, one per type: every byte is checked, and what a rule
needs is noted in *slots*: nothing, a number, a text, bytes, or where a list begins. Then ``code`` is run over the
slots; each instruction lets the record pass or puts it in doubt. An array of which rules ask something is walked again,
item by item, for every such instruction.
"""

from dataclasses import dataclass, field
from enum import IntEnum, auto
from typing import TypeVar

from saan.wire.compiled.automaton import Automaton
from saan.wire.compiled.tables import Table

NOTHING = 0
"""The slot that is always empty: what a rule reads that the schema does not have."""


class Shape(IntEnum):
    """What a node reads. ``a`` and ``b`` are:"""

    NULL = auto()
    BOOLEAN = auto()
    INT = auto()
    LONG = auto()
    FLOAT = auto()
    DOUBLE = auto()
    BYTES = auto()
    STRING = auto()
    ENUM = auto()  # a: the text of the first symbol; b: number of symbols
    FIXED = auto()  # a: bytes
    OPTION = auto()  # a: the byte that says null; b: the byte that says that a value follows
    UNION = auto()
    ARRAY = auto()  # a, b: the slots of an item, which are ``numbers[a]`` to before ``numbers[a + b]``
    MAP = auto()
    RECORD = auto()


class Op(IntEnum):
    """What an instruction asks. Capital letters are its operands; an empty slot passes unless it says otherwise."""

    GIVEN = auto()  # slot A is not empty and no empty text
    SOME = auto()  # one of the B slots ``numbers[A…]`` is
    ABSENT = auto()  # slot A is empty: for what has no compiled form
    RANGE = auto()  # X <= slot A <= Y if it is a whole number, else U <= slot A <= V; B: decimal places or -1
    STEP = auto()  # slot A is a multiple of U; B: decimal places or -1
    TODAY = auto()  # day A is at most X days after the day of receipt
    ORDER = auto()  # X <= day B - day A <= Y
    SCHOOL_DAY = auto()  # day A is a Monday to Friday
    FISCAL = auto()  # A is the fiscal year of day B
    MATCH = auto()  # text A is accepted by automaton B and has X to Y characters
    NOT_TEXT = auto()  # A is not text B
    IF_TEXT = auto()  # if A is not text B, C instructions are left out
    IF_IN = auto()  # if A is a text that is not in table B, C instructions are left out; D: whether nothing is in it
    IF_GIVEN = auto()  # if A is empty or an empty text, C instructions are left out
    CODE = auto()  # text A, or each of list A where D, is in table B on day C
    CODE_STEP = auto()  # in the order of table C, B lies as far behind A as table X allows for text D
    CODE_BY = auto()  # text A is on day D in the table that table C has for text B
    ALLOWED = auto()  # each of A is in a table that table C has for a text of B
    NEST = auto()  # pairs ``numbers[A…]`` of B slots and tables: in the table on day C, beginning with the one before
    COUNT = auto()  # list A has X to Y items
    CITIZEN = auto()  # text A is a citizen ID with the right check digit
    G_YEAR = auto()  # the two digits behind the first character of A are a year not after B
    DIFFER = auto()  # A and B are both given and not the same
    ONE_OF = auto()  # A is the same as one of the C slots ``numbers[B…]``
    WINDOW = auto()  # day A is in time for the C rounds (opens, closes, day) from ``numbers[B]`` on
    ROUND_OVER = auto()  # the first of the C rounds (year, closes) from ``numbers[B]`` on with year A is over
    SCHOOL = auto()  # A is of table X, with a kind in mask Y, active on day C, and teaches grade B; levels: table D
    ORGANISATION = auto()  # A is of table X, with a kind in mask Y, active on day C, in province B
    CODE_TEN = auto()  # digits 3 and 4 of code B are province A, and the code is that of school C in table X
    PREFIX = auto()  # by table X, prefix A fits gender B and the age from day C to day D
    AGE = auto()  # the age from day A to day C is X to Y years, and within U of that of grade B in table D
    RETIRE = auto()  # day A is the 30 September that ends the service of somebody born on day B after X years
    SUM = auto()  # the B pairs ``numbers[A…]`` of slots and decimal places add up to U
    DISTANCE = auto()  # B - A is X
    BAND = auto()  # number A is in the band that table C has for grade B; D: decimal places or -1
    AT_MOST = auto()  # number or length A is at most number B; C, D: their decimal places or -1
    SUMS_TO = auto()  # in list A, slots B add up to U to V per slot C
    UNIQUE = auto()  # no two items of list A have the same in slot B
    EACH = auto()  # the next C instructions hold for every item of list A


@dataclass(frozen=True, slots=True)
class Node:
    """One type at one place; ``slot`` is where its value goes, or -1; ``inner`` are nodes."""

    shape: Shape
    slot: int
    inner: tuple[int, ...] = ()
    a: int = 0
    b: int = 0


@dataclass(frozen=True, slots=True)
class Instruction:
    op: Op
    a: int = 0
    b: int = 0
    c: int = 0
    d: int = 0
    x: int = 0
    y: int = 0
    u: float = 0.0
    v: float = 0.0


@dataclass(slots=True)
class Program:
    """One schema and one event type.

    ``root`` is the node of the record, ``slots`` how many there are. ``subject`` are the slots that name whom the
    record is about; ``learner`` says that they are an identity, which becomes a pseudonym. ``school`` is the slot with
    the school that the publisher must speak for, or -1.
    """

    nodes: list[Node] = field(default_factory=list)
    code: list[Instruction] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    texts: list[bytes] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    automata: list[Automaton] = field(default_factory=list)
    root: int = 0
    slots: int = 1
    subject: tuple[int, ...] = ()
    learner: bool = False
    school: int = -1

    def number_list(self, numbers: list[int]) -> int:
        """Where in ``numbers`` these are."""
        self.numbers.extend(numbers)
        return len(self.numbers) - len(numbers)

    def text(self, text: str) -> int:
        """The number of a text."""
        self.texts.append(text.encode())
        return len(self.texts) - 1

    def table(self, table: Table) -> int:
        """The number of a table."""
        return _number(self.tables, table)

    def automaton(self, automaton: Automaton) -> int:
        """The number of an automaton."""
        return _number(self.automata, automaton)


T = TypeVar("T")


def _number(known: list[T], one: T) -> int:
    for at, other in enumerate(known):
        if other is one:
            return at
    known.append(one)
    return len(known) - 1
