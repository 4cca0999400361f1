"""The way into a bundle: every row of every file judged in order, enrolments of learners told as events."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from saan.core.layout import Column, Layout
from saan.core.outcome import Finding, Severity
from saan.core.participants import Participant
from saan.core.world import World
from saan.sources.judge import Judge
from saan.sources.oneroster import gathered, manifest
from saan.sources.oneroster.bundle import Bundle
from saan.sources.oneroster.checks import checks_of, iso_date
from saan.sources.oneroster.gathered import Cells, Enrolments, Gathered
from saan.sources.row import Occasion, Reading, Row, RowOutcome, remarks
from saan.sources.said import finding
from saan.sources.strict import Strict, strict

NAME = "oneroster"
TITLE = {"th": "ชุดไฟล์ OneRoster 1.2", "en": "OneRoster 1.2 CSV bundle"}

_STUDENT = "student"


@dataclass(slots=True)
class Part:
    """One file of the bundle. ``keys`` are those of its rows, ``refused`` the ones among them that go nowhere."""

    table: Strict
    columns: tuple[Column, ...]
    keys: frozenset[str] = frozenset()
    refused: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)


def read(bundle: Bundle, participant: Participant, world: World, occasion: Occasion) -> Reading:
    """The judged rows of a bundle. Raises ``FileRefused`` before the first row for a bundle that is none, or that
    breaks off or is malformed anywhere."""
    gone = manifest.VERSIONS[manifest.check(bundle)]
    layout = world.files[NAME]
    with ExitStack() as stack:
        parts: dict[str, Part] = {}
        for name in manifest.NEEDED:
            columns = tuple(c for c in layout.columns if c.part == name and (name, c.name) not in gone)
            file = stack.enter_context(bundle.open(f"{name}.csv"))
            parts[name] = Part(strict(file, f"{name}.csv", [column.name for column in columns]), columns)
        files = stack.pop_all()
    rows = _Reader(parts, layout, participant, world, occasion).rows()
    return Reading(NAME, sum(part.table.count for part in parts.values()), _closing(files, rows))


def _closing(files: ExitStack, rows: Iterator[Row]) -> Iterator[Row]:
    with files:
        yield from rows


class _Reader:
    """Judges the parts in the order in which they refer to each other."""

    def __init__(
        self,
        parts: Mapping[str, Part],
        layout: Layout,
        participant: Participant,
        world: World,
        occasion: Occasion,
    ) -> None:
        self._parts = parts
        self._occasion = occasion
        self._known = Gathered()
        carried = [column for column in layout.columns if column.event]
        texts = [(c.name, c.field) for c in carried if c.part == "users" and c.read == "text"]
        event = next(column.event for column in carried)
        self._enrolments = Enrolments(world, occasion, event, texts)
        shown = {column.field: f"{column.part}.{column.name}" for column in carried}
        self._judge = Judge(world, participant, [event], {"idType": "users.userIds", **shown}, occasion)
        self._keep: Mapping[str, Callable[[Cells], None]] = {
            "academicSessions": lambda row: gathered.keep_session(self._known, row),
            "orgs": lambda row: gathered.keep_org(self._known, row, world.organisations),
            "classes": lambda row: gathered.keep_class(self._known, row),
            "users": lambda row: self._known.users.update({row["sourcedId"]: row}),
            "demographics": lambda row: self._known.demographics.update({row["sourcedId"]: row}),
        }

    def rows(self) -> Iterator[Row]:
        for name, part in self._parts.items():
            part.keys = frozenset(cells[0] for _, cells in part.table.rows())
            mains = self._mains(part) if name == gathered.EVENT_PART else {}
            checks = checks_of(part.columns)
            for number, cells in part.table.rows():
                if len(cells) != len(part.table.header):
                    width = len(part.table.header)
                    yield _row(name, number, [finding("ragged", found=len(cells), expected=width)])
                    continue
                found = checks(cells)
                if not _refuses(found):
                    found += self._relations(name, number, cells)
                if _refuses(found):
                    part.refused.add(cells[0])
                    yield _row(name, number, found)
                else:
                    yield self._taken(name, number, dict(zip(part.table.header, cells, strict=True)), found, mains)

    def _relations(self, name: str, number: int, cells: Sequence[str]) -> list[Finding]:
        """What is wrong with a sound row beside others: its key, what it refers to, who it is."""
        part = self._parts[name]
        found = [finding("same-key", part.columns[0].name)] if cells[0] in part.seen else []
        part.seen.add(cells[0])
        for column, cell in zip(part.columns, cells, strict=False):
            if column.read in ("reference", "references") and cell and not self._exist(name, column.list, cell):
                found.append(finding("no-such-row", column.name, file=f"{column.list}.csv"))
        if name == "users" and not found:
            row = dict(zip(part.table.header, cells, strict=True))
            found += gathered.user_objections(self._known, number, row, self._occasion.academic_year_be)
        return found

    def _exist(self, own: str, target: str, cell: str) -> bool:
        part = self._parts[target]
        wanted = (key.strip() for key in cell.split(","))
        # rows of the same file may refer to rows further down, which are not judged yet
        return all(key in part.keys and (own == target or key not in part.refused) for key in wanted)

    def _taken(
        self, name: str, number: int, row: Cells, found: list[Finding], mains: Mapping[str, tuple[str, str]]
    ) -> Row:
        if name != gathered.EVENT_PART or row["role"] != _STUDENT or not self._runs(row):
            if keep := self._keep.get(name):
                keep(row)
            return _row(name, number, found)
        main, school = mains.get(row["userSourcedId"], (row["sourcedId"], row["schoolSourcedId"]))
        if row["schoolSourcedId"] != school:
            return _row(name, number, [*found, finding("second-school", "schoolSourcedId")])
        if row["sourcedId"] != main:
            return _row(name, number, found)
        judged = self._judge.judge(number, self._enrolments.draft(self._known, row))
        outcome = RowOutcome.WARN if found and judged.outcome is RowOutcome.ACCEPT else judged.outcome
        return Row(number, outcome, (*judged.findings, *remarks(found, {})), judged.events, name)

    def _runs(self, row: Cells) -> bool:
        """Whether the enrolment holds today or is to come; one that ended is history, not a second enrolment."""
        ended = iso_date(row["endDate"])
        return ended is None or ended > self._occasion.today

    def _mains(self, part: Part) -> dict[str, tuple[str, str]]:
        """Key and school of the enrolment that stands for each learner: the first in a homeroom, else the first."""
        mains: dict[str, tuple[bool, str, str]] = {}
        for _, cells in part.table.rows():
            if len(cells) != len(part.table.header):
                continue
            row = dict(zip(part.table.header, cells, strict=True))
            attended = self._known.classes.get(row["classSourcedId"])
            if attended is None or row["role"] != _STUDENT or not self._runs(row):
                continue
            user = row["userSourcedId"]
            if user not in mains or (attended.homeroom and not mains[user][0]):
                mains[user] = (attended.homeroom, row["sourcedId"], row["schoolSourcedId"])
        return {user: (key, school) for user, (_, key, school) in mains.items()}


def _refuses(found: Sequence[Finding]) -> bool:
    return any(one.severity is not Severity.WARN for one in found)


def _row(name: str, number: int, found: Sequence[Finding]) -> Row:
    outcome = RowOutcome.REFUSE if _refuses(found) else RowOutcome.WARN if found else RowOutcome.ACCEPT
    return Row(number, outcome, remarks(found, {}), (), name)
