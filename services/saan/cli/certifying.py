"""`saan round certify`, `verify` and `report`: the count of a school signed, replayed, and told by its office."""

from typing import Annotated, Any

import typer

from saan.cli.counting import Exchange, exchange, now, refused
from saan.cli.failure import Failure, no_participant
from saan.cli.options import As, Dir, Json
from saan.cli.printing import as_json, as_table
from saan.core import merkle
from saan.core.calendar import day_of, rfc3339
from saan.core.roster import Roster, counted
from saan.core.rounds import State, Window
from saan.rounds import saying
from saan.rounds.completeness import Completeness, completeness
from saan.rounds.reading import CERTIFIED, Counting
from saan.rounds.saying import Certificate
from saan.rounds.settled import settle

Name = Annotated[str, typer.Argument(metavar="ROUND", help="รอบ · JUN10, NOV10 or EOY.")]
Year = Annotated[
    int | None, typer.Option("--year", help="ปีการศึกษา พ.ศ. · Academic year, B.E. (default: the latest that is open).")
]
School = Annotated[str, typer.Option("--school", metavar="SC-…", help="สถานศึกษา · The school, by its key.")]
_ONE = Annotated[str | None, typer.Option("--school", metavar="SC-…", help="เฉพาะแห่งเดียว · Only this school.")]


def certify(
    name: Name,
    school: School,
    participant: As,
    year: Year = None,
    signer: Annotated[
        str, typer.Option("--signer", help="ผู้รับรอง · Who certifies: a post or an office, never an identity number.")
    ] = "ผู้อำนวยการสถานศึกษา",
    dir: Dir = None,
    json: Json = False,
) -> None:
    """รับรองจำนวน · Certify a school: count by grade and sex, and sign the root of its roster.

    What was received before the cut-off is counted, once nothing of it is under way any more; the certificate names the
    records it stands on, so that anybody with the log can work it out again (`saan round verify`). It is published as
    `round.certified` by the school's own system or its area office. Certifying again replaces the certificate.
    Example: `saan round certify JUN10 --school SC-2da05aa5ab97 --as sis-96012001`.
    """
    at, time = exchange(dir), now()
    window, of = at.window(name, year), at.school(school)
    if window.state(time) in (State.PLANNED, State.OPEN):
        raise _too_early(window)
    made = _count(at, window, school, signer, time, quiet=json)
    data = saying.certified(of, window, at.pattern(window), made)
    (verdict,) = at.publish(participant, [_event(CERTIFIED, participant, data)])
    if verdict.word not in ("accepted", "duplicate"):
        raise refused(verdict)
    if json:
        as_json({"id": verdict.id, "verdict": verdict.word, **data})
        return
    rows = [(one["gradeLevelCode"], one["genderCode"], one["learners"]) for one in data["counts"]]
    as_table(
        f"{of.name['th']} {made.counted.total:,} คน · learners", ("ชั้น · grade", "เพศ · sex", "#คน · learners"), rows
    )
    print(f"root {data['root']}\ncut-off {data['cutOff']}")
    print(f"คำตัดสินสุดท้ายมาเป็นใบรับ · the final verdict comes as a receipt: saan inbox {participant} --receipts")


def verify(
    name: Name,
    year: Year = None,
    school: _ONE = None,
    learner: Annotated[
        str | None, typer.Option("--learner", metavar="st-…", help="พิสูจน์รายคน · Prove that this learner is in it.")
    ] = None,
    dir: Dir = None,
    json: Json = False,
) -> None:
    """พิสูจน์ใบรับรอง · Replay the log up to each certificate's cut-off and compare count and root.

    Exit code 1 when a certificate is not what the log says, or there is none. With --learner the way from the entry of
    that learner to the certified root is shown (RFC 6962). Example: `saan round verify JUN10 --school SC-2da05aa5ab97`.
    """
    at = exchange(dir)
    window = at.window(name, year)
    with at.records(quiet=json) as records:
        found = {id: data for id, data in records.certificates(window).items() if school in (None, id)}
        rosters = {id: Roster(window.day, data["cutOff"]) for id, data in found.items()}
        records.count(Counting(roster, found[id]["logEnds"]) for id, roster in rosters.items())
    rows = [_verified(id, found[id], rosters[id], learner) for id in sorted(found)]
    if not rows:
        raise _no_certificate(window)
    wrong = [row for row in rows if row["differs"]]
    if json:
        as_json(rows)
    else:
        shown = [
            (r["school"], r["learners"], "✓" if not r["differs"] else ", ".join(r["differs"]), r["root"]) for r in rows
        ]
        columns = ("สถานศึกษา · school", "#คน · learners", "ผล · verified", "root")
        as_table(f"ตรงกัน {len(rows) - len(wrong)} จาก {len(rows)} · as the log says", columns, shown)
        for row in rows:
            for line in row.get("proof", {}).get("path", ()):
                print(line)
    raise typer.Exit(1 if wrong else 0)


def report(name: Name, participant: As, year: Year = None, dir: Dir = None, json: Json = False) -> None:
    """รายงานความครบถ้วน · Tell how complete a round is, as the office that is named: `round.completeness-reported`.

    Offices above get it with their agreements: how many schools are final, partial and silent, and which.
    Example: `saan round report JUN10 --as sesa-nwt`.
    """
    at, time = exchange(dir), now()
    window, who = at.window(name, year), at.world.participants.get(participant)
    if who is None:
        raise no_participant(participant)
    found = [one for one in _complete(at, window, quiet=json) if one.office.id in who.speaks_for]
    events = [
        _event("round.completeness-reported", participant, one.data(window, at.pattern(window), time)) for one in found
    ]
    for verdict in at.publish(participant, events):
        if verdict.word not in ("accepted", "duplicate"):
            raise refused(verdict)
    if json:
        as_json([event["data"] for event in events])
        return
    for one in (event["data"] for event in events):
        print(
            f"{one['officeUid']}: รับรองแล้ว {one['final']} จาก {one['expected']} · {one['final']} of {one['expected']} "
            f"schools final, {one['partial']} partial, {one['silent']} silent"
        )


def _count(at: Exchange, window: Window, school: str, signer: str, time: int, *, quiet: bool) -> Certificate:
    cut_off = min(time, window.closes)
    settle(at.meter, cut_off)
    roster = Roster(window.day, cut_off)
    with at.records(quiet=quiet) as records:
        ends = records.count([Counting(roster)])
    return Certificate(counted(roster, school), cut_off, ends, time, signer)


def _complete(at: Exchange, window: Window, *, quiet: bool) -> list[Completeness]:
    roster = Roster(window.day, min(now(), window.closes))
    with at.records(quiet=quiet) as records:
        learners = {school: data["learners"] for school, data in records.certificates(window).items()}
        records.count([Counting(roster)])
    return completeness(at.world, day_of(now()), learners, roster.heard_of())


def _verified(school: str, certificate: Any, roster: Roster, learner: str | None) -> dict[str, Any]:
    found = counted(roster, school)
    row: dict[str, Any] = {
        "school": school,
        "learners": certificate["learners"],
        "root": certificate["root"],
        "replayed": found.root.hex(),
        "differs": saying.differences(certificate, found),
    }
    entries = list(roster.entries(school))
    leaves = [entry.leaf() for entry in entries if learner is not None]
    for entry in entries:
        if entry.subject == learner:
            proof = merkle.prove(leaves, entry.leaf())
            path = [one.hex() for one in proof.path]
            row["proof"] = {"leaf": entry.leaf().decode(), "index": proof.index, "size": proof.size, "path": path}
    return row


def _event(type: str, source: str, data: Any) -> dict[str, Any]:
    return {"type": type, "source": source, "time": rfc3339(now()), "data": data}


def _too_early(window: Window) -> Failure:
    return Failure(
        "cli.round-not-confirming",
        f"ยังไม่ถึงเวลารับรองรอบ {window.round}",
        f"The time to certify the round {window.round} has not come.",
        "ดูเวลารับรองด้วย saan round status",
        "See with `saan round status` from when on directors certify.",
    )


def _no_certificate(window: Window) -> Failure:
    return Failure(
        "cli.no-certificate",
        f"ยังไม่มีใบรับรองของรอบ {window.round} ปี {window.year_be}",
        f"There is no certificate of the round {window.round} of {window.year_be}.",
        "รับรองก่อนด้วย saan round certify",
        "Certify first, with `saan round certify`.",
    )
