"""The report as one static page: the verdict, the figures, and a timeline of load, faults and recovery."""

from collections.abc import Sequence
from html import escape
from typing import Final

from saan.prove import figures
from saan.prove.result import SHOWN, Result
from saan.prove.timeline import timeline

_STYLE: Final = (
    ":root{color-scheme:light dark;--bad:#c0392b;--good:#1e8449;--load:#5d8aa8}"
    "@media(prefers-color-scheme:dark){:root{--bad:#f1948a;--good:#7dcea0;--load:#85b0cc}"
    "body{background:#161a1d;color:#e4e6e7}svg rect[fill]{filter:brightness(1.5)}}"
    "body{font:15px/1.55 system-ui,'Noto Sans Thai',sans-serif;margin:2rem auto;max-width:1150px;padding:0 1rem}"
    "h2{font-size:1.1rem;margin:2rem 0 .3rem}p{margin:.3rem 0}"
    "table{border-collapse:collapse}td,th{padding:.2rem .9rem .2rem 0;border-bottom:1px solid #8884;text-align:left}"
    "td.n{text-align:right;font-variant-numeric:tabular-nums}svg{width:100%;height:auto}.load{fill:var(--load)}"
    ".bad{color:var(--bad);fill:var(--bad);font-weight:600}.good{color:var(--good);font-weight:600}"
)
_SAID: Final = {
    "minutes": "นาที · minutes",
    "events": "เหตุการณ์ที่ส่ง · events published",
    "deliveries": "สำเนาที่ส่งถึงผู้รับ · copies delivered",
    "refused": "ที่ไม่รับ · refused",
    "unacknowledged": "ที่ผู้ส่งไม่ได้คำตอบ · without an answer",
    "drained_s": "วินาทีจนสงบหลังหยุดส่ง · seconds to rest after the load",
    "unrecovered": "ครั้งที่ไม่ฟื้น · never flowed again",
    "lost": "สูญ · lost",
    "doubled": "ซ้ำ · doubled",
    "inverted": "สลับลำดับ · out of order",
    "leaked": "ถึงผู้ไม่มีสิทธิ์ · leaked",
    "missing": "ไม่ถึงผู้มีสิทธิ์ · missing",
    "altered": "เนื้อหาเปลี่ยน · altered",
    "receipts": "ใบตอบรับไม่ตรงผล · receipts that disagree",
    "orphaned": "กักกันโดยไม่มีเหตุ · quarantined without reason",
    "unbalanced": "บัญชีไม่ลงตัว · unbalanced",
    "told": "ความลับในบันทึก · secrets in logs",
    "stale": "สถานะไม่ตรงกับบันทึก · state differs from the log",
    "before": "ก่อนความผิดปกติแรก · before the first fault",
    "during": "ระหว่างเกิดและฟื้น · during faults and recovery",
    "between": "ระหว่างความผิดปกติ · between faults",
    "after": "หลังความผิดปกติสุดท้าย · after the last",
}


def page(result: Result) -> str:
    """A whole HTML document; it needs nothing from anywhere."""
    course = result.course
    title = f"Saan prove · seed {course.seed} · {course.brokers} broker{'s' if course.brokers > 1 else ''}"
    return (
        f'<!doctype html><html lang="th"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>{_STYLE}</style><h1>{title}</h1>{_verdict(result)}"
        f"{_heading('ลำดับเวลา', 'Timeline')}{timeline(course)}"
        "<p>เข้ม: ช่วงที่เกิด · จาง: จนทุกอย่างไหลอีกครั้ง · Dark: while it strikes; pale: until everything flows again.</p>"
        f"{_figures(result)}{_throughput(result)}{_recovery(result)}{_lacking(result)}{_examples(result)}</html>"
    )


def _verdict(result: Result) -> str:
    good, bad = "ไม่พบความผิดพลาด · nothing found", "พบความผิดพลาด · faults found"
    told = _paragraph("good", good) if result.clean else _paragraph("bad", bad)
    if result.late:
        names = ", ".join(result.late)
        told += _paragraph("bad", f"ฟื้นช้ากว่าที่สัญญา · flowed again later than promised: {names}")
    return told


def _paragraph(kind: str, text: str) -> str:
    return f'<p class="{kind}">{escape(text)}</p>'


def _figures(result: Result) -> str:
    whole = result.as_json()
    names = ("minutes", "events", "deliveries", "refused", "unacknowledged", "drained_s", "unrecovered", *result.found)
    return _heading("ตัวเลข", "Figures") + _table(("", ""), [(_SAID.get(n, n), _shown(whole[n])) for n in names])


def _throughput(result: Result) -> str:
    rows = [(_SAID[when], _shown(rate)) for when, rate in result.as_json()["throughput"].items()]
    return _heading("เหตุการณ์ต่อวินาที", "Events per second out of the router") + _table(("", "/ s"), rows)


def _recovery(result: Result) -> str:
    promised = result.course.promises
    rows = [
        (
            kind,
            one["times"],
            one["never"],
            one.get("median_s", "–"),
            one.get("worst_s", "–"),
            *_kept(promised.get(kind)),
        )
        for kind, one in figures.recovery(result.course.struck).items()
    ]
    head = ("ความผิดปกติ · fault", "ครั้ง · times", "ไม่ฟื้น · never", "กลาง · median s", "แย่สุด · worst s")
    return _heading("การฟื้นตัว", "Recovery") + _table((*head, "สัญญา · promise s", "ตามสัญญา · kept"), rows)


def _kept(promise: "dict[str, float | bool | None] | None") -> tuple[object, str]:
    if promise is None:
        return "", ""
    return promise["limit_s"], "✓" if promise["kept"] else "✗"


def _lacking(result: Result) -> str:
    rows = list(result.course.lacking.items())
    return _heading("ที่ทำบนเครื่องนี้ไม่ได้", "Not possible on this machine") + _table(("", ""), rows) if rows else ""


def _examples(result: Result) -> str:
    rows = [(one.checker, one.where, one.id, one.what) for found in result.found.values() for one in found[:SHOWN]]
    head = ("checker", "where", "event", "what")
    return _heading("ที่พบ", "What was found") + _table(head, rows) if rows else ""


def _heading(th: str, en: str) -> str:
    return f"<h2>{th} · {en}</h2>"


def _table(head: tuple[str, ...], rows: Sequence[Sequence[object]]) -> str:
    top = "".join(f"<th>{escape(name)}</th>" for name in head)
    body = "".join("<tr>" + "".join(map(_cell, row)) + "</tr>" for row in rows)
    return f"<table><tr>{top}</tr>{body}</table>"


def _cell(cell: object) -> str:
    if isinstance(cell, int | float):
        return f'<td class="n">{cell:,}</td>'
    return f'<td class="bad">{cell}</td>' if cell == "✗" else f"<td>{escape(str(cell))}</td>"


def _shown(figure: object) -> object:
    return "–" if figure is None else figure
