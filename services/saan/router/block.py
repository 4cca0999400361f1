"""One block of checked records while it is decided: its outputs grow, and nothing is kept before they are committed."""

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from aiokafka import ConsumerRecord

from saan.core.account import UNKNOWN, Account
from saan.core.chain import released, sequence
from saan.core.duplicates import Ending, Notice, end, ending, follow, united
from saan.core.follow import concerned
from saan.core.learner import Learner
from saan.core.learner_bytes import decode, encode
from saan.core.merging import MERGED, Joins, Link, Passes, Roots, Told, after, carried, step, told
from saan.core.outcome import Delivery, Finding, Fits, Judgement, Refused, Second, Severity, Waits
from saan.core.remarks import About, Remarks
from saan.core.said import finding
from saan.router import cases
from saan.router.desk import Desk, Paper, Read
from saan.router.memory import Memory
from saan.router.waiting import Room, Waiting, enter, leave, waiting
from saan.wire import closed, linked
from saan.wire.papers import Span
from saan.wire.record import text, travelling
from saan.wire.transport import Committed, Lane, Outputs

log = logging.getLogger("saan.router")

STATION = "router"
CHECKED = "checked."


class Block:
    """Decides records of one lane, and what waits there. ``now`` is in microseconds since the epoch, UTC."""

    def __init__(self, desk: Desk, lane: Lane, memory: Memory, room: Room, now: int) -> None:
        self._desk, self._memory, self._room, self._now = desk, memory, room, now
        self._outputs = lane.outputs()
        self._account, self._remarks = Account(STATION), Remarks(desk.world)
        self._domain = lane.topic.removeprefix(CHECKED)
        self._partition = lane.partition
        self._waiting: dict[str, list[Waiting]] = {}
        self._looked: set[str] = set()
        self._retold = False

    def take(self, record: ConsumerRecord, read: Read) -> None:
        """Decide a record: it joins the log, waits, or is refused; then whatever waited for it is decided."""
        if read.event.name == MERGED:
            self._merge(record, told(read.message.data))
            return
        root = self._memory.of(read.subject).root
        if root is not None:
            self._send_on(record, root)
            return
        envelope, there = read.message.envelope, self._there(read.subject)
        known = self._memory.of(read.subject).seen(envelope.source, envelope.id)
        if known or any((one.source, one.id) == (envelope.source, envelope.id) for one in there):
            self._account.duplicate(envelope.source, envelope.type, envelope.id)
            return
        match self._judge(record, read, there):
            case Fits(warnings):
                self._accept(record, read, warnings)
                self._release(read.subject)
            case Refused(findings, second):
                self.refuse(record, findings, read)
                self._end(self._follow(waiting(record, envelope, self._now), second), Ending.REFUSED)
            case Waits(findings, second, patient):
                one = replace(self._follow(waiting(record, envelope, self._now), second), spared=patient)
                enter(self._outputs, one, f"parked.{self._domain}", self._partition)
                self._changing(read.subject).append(one)
                self._account.refused("parked", envelope.source, envelope.type, envelope.id, findings)

    def refuse(
        self, record: ConsumerRecord | Waiting, findings: Sequence[Finding], read: Read | Finding | None = None
    ) -> None:
        """Set a record aside in quarantine; ``read`` is what is understood of it."""
        outcome = "parked" if findings[0].severity is Severity.PARK else "rejected"
        source, type, id = _named(record)
        self._desk.papers.quarantine(self._outputs, record, outcome, source, findings, self._now)
        self._account.refused(outcome, source, type, id, findings)
        if outcome == "rejected":
            about = _about(read) if isinstance(read, Read) else About(source, type, id)
            self._remarks.rejected(about, findings[0].code, findings[0].path)

    def look(self, subjects: Iterable[str], until: int) -> None:
        """Decide again what waits of these subjects: release what can go on, and set aside what has waited since
        ``until`` or longer, unless it waits for a time that will come, or behind such a one."""
        for subject in subjects:
            self._looked.add(subject)
            self._release(subject)
            there, spared = self._changing(subject), False
            for one in tuple(there):
                at = there.index(one)
                judged = self._decided(one, there[:at])
                if not isinstance(judged, Waits):
                    continue  # the way became free just now; it goes on below
                spared = spared or judged.patient
                if spared or one.since > until:
                    there[at] = replace(one, spared=spared)
                else:
                    del there[at]
                    mended = tuple(replace(found, severity=Severity.REJECT) for found in judged.findings)
                    self._let_go(one, Refused((*mended, finding("WAIT-1"))), Ending.EXPIRED)
            self._release(subject)

    @property
    def empty(self) -> bool:
        """Whether nothing has happened that must be written."""
        return not self._account.happened and not self._retold

    def _merge(self, record: ConsumerRecord, said: Told) -> None:
        """Take the step by which this place joins two pseudonyms of one learner (``core.merging``)."""
        self._account.moved()
        known = self._memory.of(said.key)
        match step(said, known):
            case Roots():
                self._become(record, said, after(said, known, None))
                self._tell_place(carried(said, encode(known)), self._domain)
                for one in tuple(self._changing(said.former)):
                    self._changing(said.former).remove(one)
                    self._send_on(one, said.subject)
                    leave(self._outputs, one, f"parked.{self._domain}", self._partition, "moved")
                    self._end(one, Ending.LET_GO)
                    self._account.waited(*_named(one))
            case Passes(on):
                if on is not None:
                    self._tell_place(on, self._domain)
            case Joins():
                other = decode(said.state)
                self._become(record, said, after(said, known, other))
                self._tell_of(said, known, other, f"{record.topic}/{record.partition}/{record.offset}")
                if self._domain == self._desk.history_domain and said.former != said.subject:
                    self._outputs.put(linked.TOPIC, 0, *linked.record(said.former, said.subject))
                    for domain in self._desk.other_domains:
                        self._tell_place(Told(said.former, said.subject), domain)
                self._release(said.subject)

    def _tell_of(self, said: Told, known: Learner, other: Learner, origin: str) -> None:
        """Tell of the link whoever is concerned by the whole history and was not by what was ``known`` here, and both
        schools that held the learner, if there are two."""
        if said.link is not None:
            paper = Paper(said.subject.encode(), said.link.value, tuple(said.link.headers.items()))
            read = self._desk.read(paper)
            if isinstance(read, Read):
                whole = self._memory.of(said.subject)
                heard = frozenset(one.recipient for one in self._deliveries(read, known))
                self._deliver(paper, read, whole, but=heard)
                envelope = read.message.envelope
                claim = cases.Uniting(envelope.source, envelope.id, said.subject, origin)
                self._tell(claim, united(known, other))

    def _become(self, record: ConsumerRecord, said: Told, learner: Learner) -> None:
        self._memory.put(said.key, learner)
        topic = f"record.{self._domain}"
        self._outputs.put(topic, self._partition, record.key, record.value, tuple(record.headers), record.timestamp)

    def _tell_place(self, said: Told, domain: str) -> None:
        """Tell it where ``said.key`` is kept."""
        paper = self._desk.merged(said, STATION, domain, self._now)
        self._outputs.put(f"{CHECKED}{domain}", None, paper.key, paper.value, paper.headers)

    def _send_on(self, record: ConsumerRecord | Waiting, root: str) -> None:
        """Let the record be decided under the pseudonym that its learner goes by now."""
        self._account.moved()
        headers = travelling(record.headers, {"ce_subject": root})
        topic = f"{CHECKED}{self._domain}"
        self._outputs.put(topic, None, root.encode(), record.value, headers, record.timestamp)

    def _judge(self, record: ConsumerRecord | Waiting, read: Read, ahead: Iterable[Waiting]) -> Judgement:
        received = record.timestamp * 1000
        return self._desk.judge.judge(
            read.event,
            read.message.envelope,
            read.message.data,
            own=self._memory.of(read.subject),
            learner=self._memory.history(read.subject),
            ahead=[one.place for one in ahead],
            received=received,
            waited=max(0, self._now - received),
        )

    def _release(self, subject: str) -> None:
        """Let go on whatever waits no longer, in its order; of the rest, say which is a second enrolment now."""
        if not self._there(subject):
            return
        there = self._changing(subject)
        for one, judged in released(there, self._decided):
            self._let_go(one, judged, ending(judged))
        for at, one in enumerate(there):
            read = self._desk.read(one)
            if isinstance(read, Read):
                now = self._judge(one, read, there[:at])
                there[at] = self._follow(one, now.second if isinstance(now, Waits) else None)
                if there[at] is not one:
                    enter(self._outputs, there[at], f"parked.{self._domain}", self._partition)
                    self._retold = True

    def _decided(self, one: Waiting, ahead: Sequence[Waiting]) -> Judgement:
        read = self._desk.read(one)
        if isinstance(read, Finding):
            return Waits((read,)) if read.severity is Severity.PARK else Refused((read,))
        try:
            judged = self._judge(one, read, ahead)
            if isinstance(judged, Fits):
                encode(self._after(read))
        except Exception as error:  # noqa: BLE001 - else every later record of the lane would be taken for the offender
            log.error("%s cannot be decided and is set aside: %s", one.origin, type(error).__name__)
            return Refused((finding("POISON-1"),))
        return judged

    def _after(self, read: Read) -> Learner:
        envelope = read.message.envelope
        learner = self._memory.of(read.subject)
        return learner.after(read.event, envelope.source, envelope.id, read.message.data, sequence(envelope))

    def _follow(self, one: Waiting, second: Second | None) -> Waiting:
        """The waiting event with its case as it is now; whatever is new of it is told."""
        case, told = follow(one.case, second)
        self._tell(one, told)
        return one if case is one.case else replace(one, case=case)

    def _end(self, one: Waiting, how: Ending) -> None:
        self._tell(one, end(one.case, how)[1])

    def _tell(self, one: cases.Claim, told: Iterable[Notice]) -> None:
        for notice in told:
            cases.tell(self._desk.notices, self._outputs, self._account, one, notice, self._now)

    def _let_go(self, one: Waiting, judged: Fits | Refused, how: Ending) -> None:
        read = self._desk.read(one)
        source, kind, id = _named(one)
        if isinstance(judged, Fits) and isinstance(read, Read):
            outcome = "accepted"
            self._accept(one, read, judged.warnings)
        else:
            outcome = "rejected"
            self.refuse(one, judged.findings if isinstance(judged, Refused) else (finding("POISON-1"),), read)
        leave(self._outputs, one, f"parked.{self._domain}", self._partition, outcome)
        self._end(one, how)
        self._account.waited(source, kind, id)

    def _accept(self, record: ConsumerRecord | Waiting, read: Read, warnings: Sequence[Finding]) -> None:
        envelope = read.message.envelope
        before = self._memory.history(read.subject)
        self._memory.put(read.subject, self._after(read))
        record_topic = f"record.{self._domain}"
        self._outputs.put(
            record_topic, self._partition, record.key, record.value, tuple(record.headers), record.timestamp
        )
        if read.alias is not None:
            link = Link(record.value or b"", dict(record.headers))
            self._tell_place(Told(read.alias, read.subject, link=link), self._desk.history_domain)
        if read.event.closes is not None:
            since = self._memory.of(read.subject).closed(read.event.closes)
            self._outputs.put(closed.TOPIC, 0, *closed.record(read.subject, since))
        self._deliver(record, read, before)
        if read.event.moves:
            now = self._memory.history(read.subject)
            for told, paper in self._desk.handed_over(read, before, now):
                self._deliver(paper, told, now)
        self._account.accepted(envelope.source, envelope.type, envelope.id, read.subject, warnings)
        flagged = (*filter(None, envelope.extensions.get("dataquality", "").split(",")), *(w.code for w in warnings))
        for rule in dict.fromkeys(flagged):
            self._remarks.flagged(_about(read), rule)

    def _deliveries(self, read: Read, learner: Learner) -> Iterable[Delivery]:
        return self._desk.routes.route(read.message, concerned(read.event, read.message.data, learner, read.day))

    def _deliver(
        self,
        record: ConsumerRecord | Waiting | Paper,
        read: Read,
        learner: Learner,
        but: Collection[str] = (),
    ) -> None:
        """Put it into every inbox that is entitled to it, ``but`` for those told before."""
        projected: dict[str, bytes] = {}
        for delivery in self._deliveries(read, learner):
            if delivery.recipient in but:
                continue
            value = record.value
            if delivery.view is not None:
                value = projected.get(delivery.view) or self._desk.project(read, delivery.view)
                projected[delivery.view] = value
            inbox = f"inbox.{delivery.recipient}"
            self._outputs.put(inbox, None, record.key, value, tuple(record.headers), record.timestamp)
            self._account.delivered(delivery.recipient)

    def _there(self, subject: str) -> Sequence[Waiting]:
        changed = self._waiting.get(subject)
        return self._room.of(subject) if changed is None else changed

    def _changing(self, subject: str) -> list[Waiting]:
        return self._waiting.setdefault(subject, list(self._room.of(subject)))

    def close(self, span: Span) -> Outputs:
        """Receipts, the ledger entry, counts for the metrics, and the state to write once all of it is committed."""
        self._desk.notices.remark(self._outputs, self._account, self._remarks, span, self._now)
        self._desk.papers.receipts(self._outputs, self._account, span, self._now, final=True)
        self._desk.papers.ledger(self._outputs, self._account, span, self._now)
        for outcome, n in self._account.happened.items():
            self._outputs.count(outcome, n)
        self._outputs.after_commit(self._remember)
        return self._outputs

    def leave(self) -> None:
        """Nothing is to be written: keep what was learned of those who go on waiting."""
        self._room.keep(self._waiting)
        self._room.looked(self._looked)

    def _remember(self, committed: Committed) -> None:
        self.leave()
        end = committed.next_offset(f"record.{self._domain}", self._partition)
        if end is not None:
            self._memory.commit(end)


def _about(read: Read) -> About:
    envelope = read.message.envelope
    return About(envelope.source, envelope.type, envelope.id, envelope, read.event, read.message.data)


def _named(record: ConsumerRecord | Waiting) -> tuple[str, str, str]:
    """Publisher, event type and id, as far as the headers tell them."""
    headers = text(record.headers)
    named: Mapping[str, str] = headers if isinstance(headers, Mapping) else {}
    return named.get("ce_source", UNKNOWN), named.get("ce_type", UNKNOWN), named.get("ce_id", UNKNOWN)
