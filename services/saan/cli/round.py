"""`saan round`: reporting rounds, from opening to the verified certificate."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from saan.cli import certifying
from saan.cli.counting import Exchange, exchange, no_round, now, refused
from saan.cli.failure import Failure
from saan.cli.options import Dir, Json
from saan.cli.printing import as_json, as_table
from saan.core.calendar import day_of, rfc3339, to_date, to_datetime
from saan.core.roster import Roster, counted
from saan.core.rounds import BANGKOK, Window
from saan.rounds import saying
from saan.rounds.completeness import completeness, expected, progress
from saan.rounds.reading import Counting
from saan.wire import rounds as written
from saan.wire.forms import RoundsFile

app = typer.Typer(
    no_args_is_help=True,
    help="รอบรายงาน 10 มิ.ย. 10 พ.ย. และสิ้นปี · Reporting rounds: open, follow, certify, verify. "
    "JUN10, NOV10 and EOY fall as schemas/rounds.yaml says; a round binds nobody before it is opened.",
)

Name = Annotated[str, typer.Argument(metavar="ROUND", help="รอบ · JUN10, NOV10 or EOY.")]
Time = Annotated[
    str | None, typer.Option(help="เวลาอื่นตามคำสั่ง · Another time by order: 2026-06-12T16:30, Asia/Bangkok.")
]


@app.command("open")
def open_round(
    name: Name,
    year: Annotated[int, typer.Option("--year", min=2500, max=2650, help="ปีการศึกษา พ.ศ. · Academic year, B.E.")],
    office: Annotated[
        str | None,
        typer.Option("--as", metavar="PARTICIPANT", help="ผู้แจ้งโรงเรียน · The office that tells its schools."),
    ] = None,
    opens: Time = None,
    confirms: Time = None,
    closes: Time = None,
    note: Annotated[str | None, typer.Option("--order", help="หนังสือสั่งการ · The order that this rests on.")] = None,
    dir: Dir = None,
    json: Json = False,
) -> None:
    """เปิดรอบ · Open a round: from now on its cut-off binds every event, and with --as every school is told.

    Opening it again with other times moves it. The schools get `round.opened` events, published as the office that is
    named, which needs the mandate for them. Example: `saan round open JUN10 --year 2569 --as sesa-nwt`.
    """
    at = exchange(dir)
    window = _planned(at, name, year, opens, confirms, closes)
    changed = at.world.rounds.get(name, year) != window
    if changed:
        at.governance.write({written.key(window): written.value(window)})
    told = _tell(at, window, office, note) if office else 0
    if json:
        as_json({**_plain(window), "changed": changed, "schools_told": told})
        return
    print("เปิดแล้ว · opened" if changed else "เปิดอยู่แล้วตามเวลานี้ · open already, with these times")
    _table([window])
    if office:
        print(f"แจ้งโรงเรียน {told} แห่ง · schools told; คำตัดสิน · final verdicts: saan inbox {office} --receipts")


@app.command()
def status(
    name: Annotated[str | None, typer.Argument(metavar="[ROUND]", help="รอบ · The round; left out: all.")] = None,
    year: certifying.Year = None,
    dir: Dir = None,
    json: Json = False,
) -> None:
    """ดูรอบ · Show which rounds are open, or how complete one is: schools final, partial and silent, by office.

    Counts by grade and sex are read from the canonical log as it is now, up to the round's cut-off. Example:
    `saan round status JUN10 --json`.
    """
    at = exchange(dir)
    if name is None:
        windows = list(at.world.rounds.windows)
        if json:
            as_json([_plain(window) for window in windows])
        else:
            _table(windows)
        return
    found = _progress(at, at.window(name, year), quiet=json)
    if json:
        as_json(found)
        return
    _table([at.window(name, year)])
    offices = [
        (
            one["office"],
            one["name"]["th"],
            one["expected"],
            one["final"],
            one["partial"],
            one["silent"],
            one["learners"],
        )
        for one in found["offices"]
    ]
    columns = ("หน่วยงาน · office", "", "#โรงเรียน · schools", "#final", "#partial", "#silent", "#นักเรียน · learners")
    as_table("ความครบถ้วน · completeness", columns, offices)
    rows = [(one["school"], one["name"]["th"], one["progress"], one["learners"]) for one in found["schools"]]
    as_table("โรงเรียน · schools", ("รหัส · key", "", "", "#นักเรียน · learners"), rows)


app.command("certify")(certifying.certify)
app.command("verify")(certifying.verify)
app.command("report")(certifying.report)


def _planned(at: Exchange, name: str, year: int, opens: str | None, confirms: str | None, closes: str | None) -> Window:
    file = RoundsFile.model_validate(at.governed.get(written.ENTITY, {"rounds": {}}))
    if name not in file.rounds:
        raise no_round(name, file.rounds)
    window = written.moved(written.planned(file, name, year), _instant(opens), _instant(confirms), _instant(closes))
    if not window.opens <= window.confirms < window.closes:
        raise Failure(
            "cli.round-times",
            "ลำดับเวลาต้องเป็น เปิด รับรอง แล้วปิด",
            "A round opens, is confirmed then or later, and closes after that.",
            "แก้ --opens --confirms --closes",
            "Mend --opens, --confirms or --closes.",
        )
    return window


def _instant(text: str | None) -> dt.datetime | None:
    if text is None:
        return None
    try:
        read = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter("ต้องเป็น ปปปป-ดด-ววTชช:นน (ค.ศ.) · must be YYYY-MM-DDThh:mm") from error
    return read if read.tzinfo else read.replace(tzinfo=BANGKOK)


def _tell(at: Exchange, window: Window, office: str, note: str | None) -> int:
    """Publish ``round.opened`` for every taking-part school that the office speaks for; how many were taken."""
    who = at.world.participants.get(office)
    mandate = who.speaks_for if who else frozenset()
    today = day_of(now())
    schools = [s for s in sorted(expected(at.world)) if mandate & at.world.organisations.above(s, today)]
    said = [saying.opened(at.school(school), window, at.pattern(window), note) for school in schools]
    events = [
        {"id": _id(data), "type": "round.opened", "source": office, "time": rfc3339(now()), "data": data}
        for data in said
    ]
    verdicts = at.publish(office, events)
    for verdict in verdicts:
        if verdict.word not in ("accepted", "duplicate"):
            raise refused(verdict)
    return len(verdicts)


def _id(data: dict[str, Any]) -> str:
    """The same opening of the same school is the same event, however often it is said."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"saan:round.opened:{sorted(data.items())}"))


def _progress(at: Exchange, window: Window, *, quiet: bool) -> dict[str, Any]:
    roster = Roster(window.day, min(now(), window.closes))
    with at.records(quiet=quiet) as records:
        certificates = records.certificates(window)
        records.count([Counting(roster)])
    learners = {school: data["learners"] for school, data in certificates.items()}
    known = roster.heard_of()
    offices = completeness(at.world, day_of(now()), learners, known)
    schools = []
    for school in sorted(expected(at.world)):
        count, made = counted(roster, school), certificates.get(school)
        schools.append(
            {
                "school": school,
                "name": dict(at.school(school).name),
                "progress": progress(school, certificates, known).value,
                "learners": count.total,
                "counts": saying.counts(count),
                "root": count.root.hex(),
                "certified": made and _certificate(made),
            }
        )
    said = [{"office": one.office.id, "name": dict(one.office.name), **_summary(one, at, window)} for one in offices]
    return {**_plain(window), "offices": said, "schools": schools}


def _certificate(signed: Mapping[str, Any]) -> dict[str, Any]:
    return {"learners": signed["learners"], "root": signed["root"], "at": _bangkok(signed["certifiedAt"])}


def _summary(one: Any, at: Exchange, window: Window) -> dict[str, Any]:
    data = one.data(window, at.pattern(window), now())
    names = ("expected", "final", "partial", "silent", "learners", "partialSchools", "silentSchools")
    return {name: data[name] for name in names}


def _plain(window: Window) -> dict[str, Any]:
    times = {name: _bangkok(getattr(window, name)) for name in ("opens", "confirms", "closes")}
    counts = to_date(window.day).isoformat()
    return {
        "round": window.round,
        "year": window.year_be,
        "state": window.state(now()).value,
        **times,
        "counts": counts,
    }


def _bangkok(instant: int) -> str:
    return to_datetime(instant).astimezone(BANGKOK).isoformat(timespec="seconds")


def _table(windows: list[Window]) -> None:
    columns = ("รอบ · round", "ปี · year", "", "เปิด · opens", "รับรอง · confirms", "ปิด · closes", "นับวันที่ · counts")
    as_table(f"{len(windows)} รอบ · rounds", columns, [tuple(_plain(window).values()) for window in windows])
