"""However links are told, and in whatever order places hear of each other: one pseudonym is left, and it knows all."""

from collections import defaultdict, deque

from hypothesis import given, settings
from hypothesis import strategies as st

from saan.core.history import ENROLLED, WITHDRAWN, fact
from saan.core.learner import Learner, Note
from saan.core.learner_bytes import decode, encode
from saan.core.links import Links
from saan.core.marks import Term, mark
from saan.core.merging import Joins, Passes, Roots, Told, after, carried, step, told

NAMES = "abcdef"
PAIRS = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=8)


class Places:
    """A place per pseudonym; what one tells another arrives in order, and who hears next is drawn."""

    def __init__(self) -> None:
        self.known = {name: Learner(facts=(fact(n, ENROLLED, name),)) for n, name in enumerate(NAMES)}
        self.published = Links()
        self._waiting: dict[tuple[str, str], deque[Told | tuple[str, str]]] = defaultdict(deque)

    def link(self, alias: str, subject: str) -> None:
        self._waiting["", subject].append((alias, subject))

    def run(self, draw: st.DataObject) -> None:
        while ways := sorted(way for way, queue in self._waiting.items() if queue):
            way = draw.draw(st.sampled_from(ways))
            said, here = self._waiting[way].popleft(), way[1]
            if isinstance(said, Told):
                self._hear(said, here)
            else:
                self._accept(said[0], here)

    def _accept(self, alias: str, here: str) -> None:
        root = self.known[here].root
        if root is not None:
            self._waiting[here, root].append((alias, root))
        elif alias != here:
            self._tell(here, Told(alias, here))

    def _hear(self, said: Told, here: str) -> None:
        assert here == said.key
        known = self.known[here]
        match step(said, known):
            case Roots():
                self.known[here] = after(said, known, None)
                self._tell(here, carried(said, encode(known)))
            case Passes(on):
                if on is not None:
                    self._tell(here, on)
            case Joins():
                self.known[here] = after(said, known, decode(said.state))
                self.published.add(said.former, said.subject)

    def _tell(self, here: str, said: Told) -> None:
        self._waiting[here, said.key].append(told(said.data()))

    def root(self, name: str) -> str:
        seen = [name]
        while (on := self.known[seen[-1]].root) is not None:
            assert on not in seen, "a circle is left"
            seen.append(on)
        return seen[-1]


@settings(max_examples=300, deadline=None)
@given(PAIRS, st.data())
def test_in_the_end_all_linked_pseudonyms_lead_to_one_that_knows_all(
    pairs: list[tuple[str, str]], data: st.DataObject
) -> None:
    places, links = Places(), Links(pairs)
    for alias, subject in pairs:
        places.link(alias, subject)
    places.run(data)

    for name in NAMES:
        linked = {other for other in NAMES if links.root(other) == links.root(name)}
        root = places.root(name)
        assert root in linked
        assert {one.school for one in places.known[root].facts} == linked
        assert {places.root(other) for other in linked} == {root}
        assert len({places.published.root(other) for other in linked}) == 1


@settings(max_examples=300, deadline=None)
@given(PAIRS, st.data())
def test_links_told_one_after_another_leave_the_pseudonym_that_the_validator_names(
    pairs: list[tuple[str, str]], data: st.DataObject
) -> None:
    places = Places()
    for alias, subject in pairs:
        alias, subject = places.published.root(alias), places.published.root(subject)
        places.link(alias, subject)
        places.run(data)

    assert {name: places.root(name) for name in NAMES} == {name: places.published.root(name) for name in NAMES}


def test_two_linked_in_each_other_at_one_moment_leave_the_least() -> None:
    a, b = Learner(facts=(fact(1, ENROLLED, "s"),)), Learner(facts=(fact(2, WITHDRAWN, "s"),))
    to_b, to_a = carried(Told("a", "b"), encode(a)), carried(Told("b", "a"), encode(b))
    a, b = a.rooted("b"), b.rooted("a")

    passed = step(to_b, b)
    assert isinstance(passed, Passes)
    assert passed.on is not None
    assert passed.on.key == "a"
    assert step(passed.on, a) == Joins()
    a = after(passed.on, a, decode(passed.on.state))
    assert a.root is None
    assert step(to_a, a) == Joins()
    assert len(after(to_a, a, decode(to_a.state)).facts) == 2


def test_a_joined_history_holds_what_both_knew() -> None:
    one = Learner(
        recent=(b"111111", b"222222"),
        facts=(fact(1, ENROLLED, "s"),),
        counts=((b"both", 3), (b"mine", 7)),
        notes=(Note("grade", 10, "211"),),
        term=Term(2568, 1, (mark("th", 1.5, "4"),)),
    )
    other = Learner(
        recent=(b"222222", b"333333"),
        facts=(fact(5, ENROLLED, "t"),),
        counts=((b"both", 9), (b"your", 2)),
        notes=(Note("grade", 20, "212"), Note("status", 1, "x")),
        term=Term(2568, 1, (mark("en", 1.0, "3"),)),
    )
    whole = one.joined(other.rooted("st-one"))

    assert set(whole.recent) == {b"111111", b"222222", b"333333"}
    assert whole.open is not None
    assert whole.open.school == "t"
    assert whole.counts == ((b"mine", 7), (b"your", 2)), "what both counted begins anew"
    assert (whole.note("grade"), whole.note("status"), whole.root) == ("212", "x", None)
    assert whole.term is not None
    assert len(whole.term.marks) == 2
    assert whole.joined(other).facts == whole.facts


def test_marks_of_a_later_term_hold() -> None:
    first, second = Term(2568, 1, (mark("th", 1, "4"),)), Term(2568, 2, (mark("th", 1, "3"),))
    for one, other in ((first, second), (second, first), (second, None), (None, second)):
        assert Learner(term=one).joined(Learner(term=other)).term == second
