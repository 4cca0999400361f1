"""The shape of every file in ``schemas/`` and of the governed records made from them. Unknown keys are refused.

Organisation and code rows come from CSV files and stand in ``tables``; here is what is written in YAML.
"""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

DataClass = Literal["C0", "C1", "C2", "C2k", "C3", "C3x"]
Kind = Literal["school", "area-office", "provincial-office", "head-office", "ministry", "fund", "test-body", "health"]
Facet = Annotated[str, Field(pattern=r"^(grade|sex)$")]
EventName = Annotated[str, Field(pattern=r"^[a-z][a-z-]*\.[a-z][a-z-]*$")]
ParticipantId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{1,62}$")]
RoundName = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]*$")]
TableName = Annotated[str, Field(pattern=r"^[A-Z][A-Z_]*$")]
PurposeCode = Annotated[str, Field(pattern=r"^[A-Z][A-Z_]*$")]
FieldName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9]*(\.[A-Za-z][A-Za-z0-9]*)*$")]


class Form(BaseModel):
    """A file or a part of one: immutable, and every key is known."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=False)


class Words(Form):
    """The same said in Thai and in English."""

    th: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]


class RuleMessage(Form):
    """Words that replace those of the rule's kind; ``fix`` says what to do."""

    th: str = ""
    en: str = ""
    fix_th: str = ""
    fix_en: str = ""


class Rule(BaseModel):
    """One rule: ``code``, ``kind``, perhaps ``severity`` and ``message``; other keys are parameters of the kind."""

    model_config = ConfigDict(extra="allow", frozen=True)

    code: Annotated[str, Field(pattern=r"^(V([1-9]|1[0-8])|ENV-[0-9]+)$")]
    kind: Annotated[str, Field(pattern=r"^[a-z][a-z_]*$")]
    severity: Literal["reject", "park", "warn"] | None = None
    message: RuleMessage = RuleMessage()

    @property
    def params(self) -> dict[str, Any]:
        return dict(self.model_extra or {})


class Subject(Form):
    """What the event is about: the kind, and the fields that identify it."""

    kind: Literal[
        "learner",
        "school",
        "class",
        "teacher",
        "curriculum",
        "innovation",
        "budget",
        "committee",
        "cooperation",
        "participant",
    ]
    fields: Annotated[list[FieldName], Field(min_length=1)]


Status = Literal[
    "identified",
    "enrolled",
    "transferring",
    "suspended",
    "tracked",
    "transferred",
    "withdrawn",
    "graduated",
    "deceased",
]


class HistoryStep(Form):
    """What the event does to the learner's history: see ``core.catalogue.Step``."""

    move: Literal["enter", "leave", "turn", "note"]
    on: FieldName
    school: FieldName | None = None
    becomes: Status | None = None
    by: FieldName | None = None
    told: dict[Status, Annotated[list[str], Field(min_length=1)]] = {}
    note: Annotated[str, Field(pattern=r"^([a-z][a-z-]*)?$")] = ""
    value: FieldName | None = None

    @model_validator(mode="after")
    def _complete(self) -> "HistoryStep":
        if self.move == "note":
            if not self.note or self.value is None or self.school or self.becomes or self.by:
                raise ValueError("a note has `note`, `value` and `on`, and nothing else")
        elif self.school is None or self.note or self.value:
            raise ValueError(f"`{self.move}` has a `school`, and no `note`")
        if self.move == "turn" and self.becomes is None:
            raise ValueError("`turn` says what the learner `becomes`")
        if self.move == "enter" and (self.becomes or self.by):
            raise ValueError("who enters becomes enrolled; `becomes` and `by` are for the other moves")
        if bool(self.told) != (self.by is not None):
            raise ValueError("`by` and `told` belong together")
        return self


class Marks(Form):
    """The fields with which an event marks its learner in a term: see ``core.catalogue.Marking``."""

    item: FieldName
    value: FieldName
    weight: FieldName | None = None
    year: FieldName = "academicYearBE"
    semester: FieldName = "semester"


class GivenMark(Form):
    """A mark that an example takes as known."""

    weight: Annotated[float, Field(ge=0, le=600)]
    value: str


class GivenTerm(Form):
    """The marks of the latest term that an example takes as known, by subject."""

    year: Annotated[int, Field(ge=2500, le=2650)]
    semester: Annotated[int, Field(ge=0, le=3)]
    marks: dict[str, GivenMark]


class Given(Form):
    """What an example takes as known of its subject: see ``core.assumed.Assumed``.

    Without ``school``, ``status`` was told at the school for which the example is published.
    """

    status: Status | None = None
    school: str | None = None
    open: dict[str, Status] = {}
    notes: dict[str, str] = {}
    sequence: int | None = None
    term: GivenTerm | None = None


class Example(Form):
    """One example in JSON form: whole (``data``), or another one by its number among the accepted, changed.

    ``because`` and ``path`` say what must be found (warned, parked and rejected examples only). ``lengthen`` repeats
    the text of a field up to so many characters. ``envelope`` overrides CloudEvents attributes, for example ``source``.
    ``received`` is when it came in; left out, shortly after nine in the morning of its effective date. ``given`` is the
    history by which the example is judged; without it, rules about the history are silent.
    """

    say: str = ""
    because: str = ""
    path: str = ""
    data: dict[str, Any] | None = None
    start: Annotated[int | None, Field(alias="from", ge=0)] = None
    put: Annotated[dict[str, Any], Field(alias="set")] = {}
    drop: list[str] = []
    lengthen: dict[str, Annotated[int, Field(ge=1, le=100_000)]] = {}
    envelope: dict[str, str] = {}
    received: AwareDatetime | None = None
    given: Given | None = None

    @model_validator(mode="after")
    def _whole_or_changed(self) -> "Example":
        if (self.data is None) == (self.start is None):
            raise ValueError("an example has either `data` or `from`")
        return self


class Examples(Form):
    accepted: list[Example] = []
    warned: list[Example] = []
    parked: list[Example] = []
    rejected: list[Example] = []


class HandsOverForm(Form):
    """What an event that Saan writes itself tells of a transfer: see ``core.catalogue.HandsOver``."""

    after: EventName
    copies: Annotated[list[FieldName], Field(min_length=1)]
    known: dict[FieldName, Annotated[str, Field(pattern=r"^(entered|status|note:[a-z][a-z-]*)$")]] = {}


class ClosingForm(Form):
    """Which events close the school that they are about: see ``core.catalogue.Closing``."""

    note: Annotated[str, Field(pattern=r"^[a-z][a-z-]*$")]
    values: Annotated[list[str], Field(min_length=1)]


class EventEntry(Form):
    """``catalogue/<event>.yaml``: all that Saan knows about one event type besides its fields.

    ``schema`` names the file in ``avro/``; ``tables`` are those of the standard whose fields it carries (see
    ``standard.csv``). A control type (``control: true``) is written by Saan itself: it has no publishers, rules or
    examples. One that has ``roles`` may be subscribed to by agreement. If it names the schools that it ``concerns``, or
    ``hands_over`` a learner, it is routed like any other event; else it reaches every recipient whole, whatever the
    agreement's scope, so nothing of it is above C0.
    """

    event: EventName
    schema_file: Annotated[str, Field(alias="schema", pattern=r"^[a-z.-]+\.avsc$")]
    title: Words
    domain: Annotated[str, Field(pattern=r"^[a-z]+$")]
    data_class: Annotated[DataClass, Field(alias="class")]
    retention: Annotated[str, Field(pattern=r"^[a-z]+$")]
    tables: list[TableName] = []
    control: bool = False
    publishers: list[Kind] = []
    subject: Subject | None = None
    school: FieldName | None = None
    concerns: list[FieldName] = []
    follows_learner: bool = False
    former_schools: bool = False
    hands_over: HandsOverForm | None = None
    history: list[HistoryStep] = []
    links: Annotated[list[FieldName], Field(max_length=2)] = []
    marks: Marks | None = None
    closes: ClosingForm | None = None
    roster: dict[Facet, FieldName] = {}
    rules: list[Rule] = []
    roles: list[Kind] = []
    examples: Examples = Examples()

    @model_validator(mode="after")
    def _complete(self) -> "EventEntry":
        if self.control:
            unfit = ("publishers", "subject", "rules", "history", "links", "marks", "closes")
            said = [name for name in unfit if getattr(self, name)]
            if said:
                raise ValueError(f"a control type has no {', '.join(said)}")
        elif self.subject is None or not self.publishers:
            raise ValueError("an event type names its `subject` and its `publishers`")
        elif self.hands_over:
            raise ValueError("only Saan hands a learner over: `hands_over` is for control types")
        elif self.links and (len(self.links) != 2 or self.subject.kind != "learner"):
            raise ValueError("`links` are the kind and the value of another identity of a learner")
        elif self.closes and (self.subject.fields != [self.school] or self.closes.note not in self._notes):
            raise ValueError("what `closes` a school is about that school alone, and notes its status in its history")
        return self

    @property
    def _notes(self) -> set[str]:
        return {step.note for step in self.history if step.note}


class AgreementForm(Form):
    """One agreement of a participant: see ``core.participants.Agreement``. ``valid_to`` is the first day without it."""

    id: Annotated[str, Field(pattern=r"^[A-Z0-9][A-Z0-9-]*$")]
    events: Annotated[list[EventName], Field(min_length=1)]
    purposes: Annotated[list[PurposeCode], Field(min_length=1)]
    basis: Annotated[str, Field(min_length=1)]
    ceiling: DataClass
    view: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    scope: Annotated[list[str], Field(min_length=1)]
    valid_from: date
    valid_to: date | None = None
    withheld: list[FieldName] = []
    granted: list[FieldName] = []
    where: dict[FieldName, Annotated[list[str], Field(min_length=1)]] = {}
    paused: bool = False
    looks_back: bool = False

    @model_validator(mode="after")
    def _starts_before_it_ends(self) -> "AgreementForm":
        if self.valid_to is not None and self.valid_to <= self.valid_from:
            raise ValueError("`valid_to` lies after `valid_from`")
        return self


class ParticipantFile(Form):
    """``participants/<id>.yaml``: one system, its mandate and its agreements. ``mark`` and ``note`` keep provenance."""

    id: ParticipantId
    kind: Kind
    name: Words
    speaks_for: Annotated[list[str], Field(min_length=1)]
    publishes: list[EventName] = []
    purposes: list[PurposeCode] = []
    kafka: bool = False
    agreements: list[AgreementForm] = []
    mark: str = ""
    note: str = ""


class Purpose(Form):
    """One purpose; ``law`` cites what it rests on, ``mark`` says how sure that is (F, I, R)."""

    th: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]
    law: str
    mark: str


class PurposesFile(Form):
    """``purposes.yaml``."""

    purposes: dict[PurposeCode, Purpose]


class MomentForm(Form):
    """A day and a time of day of any academic year, on the clock of Bangkok; ``mark`` says how sure it is."""

    on: Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]
    at: Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")] = "00:00"
    next_year: bool = False
    mark: Literal["F", "I", "R", "M", "P"]


class RoundForm(Form):
    """One reporting round as it returns every year: see the head of ``rounds.yaml``."""

    title: Words
    semester: Annotated[int, Field(ge=0, le=3)]
    opens: MomentForm
    confirms: MomentForm
    closes: MomentForm
    counts: MomentForm


class RoundException(Form):
    """What was ordered otherwise for one academic year (B.E.); ``order`` cites what says so."""

    round: RoundName
    year: Annotated[int, Field(ge=2500, le=2650)]
    opens: AwareDatetime | None = None
    confirms: AwareDatetime | None = None
    closes: AwareDatetime | None = None
    order: Annotated[str, Field(min_length=1)]
    mark: Literal["F", "I", "R", "M", "P"]


class RoundsFile(Form):
    """``rounds.yaml``."""

    rounds: dict[RoundName, RoundForm]
    exceptions: list[RoundException] = []


class Partitions(Form):
    """How many partitions a topic has, by profile."""

    small: Annotated[int, Field(ge=1, le=256)]
    national: Annotated[int, Field(ge=1, le=1024)]


class TopicForm(Form):
    """One topic, or one per participant or domain: see the head of ``topics.yaml``."""

    id: Annotated[str, Field(pattern=r"^[a-z]+(\.([a-z]+|\{participant\}|\{domain\}))?$")]
    holds: Annotated[str, Field(min_length=1)]
    key: Annotated[str, Field(min_length=1)]
    partitions: Partitions
    retention: Annotated[str, Field(pattern=r"^([1-9][0-9]*[hd]|forever)$")]
    cleanup: Literal["delete", "compact"]
    max_message_bytes: Annotated[int, Field(ge=1024, le=64 * 1024 * 1024)]
    write: Annotated[list[str], Field(min_length=1)]
    read: Annotated[list[str], Field(min_length=1)]
    only: Literal["kafka"] | None = None
    moved: dict[str, Annotated[int, Field(ge=1, le=10_000)]] = Field(default_factory=dict)


class TopicsFile(Form):
    """``topics.yaml``."""

    topics: Annotated[list[TopicForm], Field(min_length=1)]
