"""The report as one static page: the figures, and a timeline of load, faults and recovery."""

from collections.abc import Sequence
from html import escape
from typing import Final

from saan.prove.result import Result, Struck

_WIDTH: Final = 1100
_HEIGHT: Final = 220
_ROW: Final = 14
_COLOURS: Final = {"kill": "#c0392b", "term": "#d68910", "freeze": "#2874a6", "broker": "#7d3c98", "zombie": "#117864"}
_STYLE: Final = (
    "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:1150px;padding:0 1rem}"
    "table{border-collapse:collapse;margin:1rem 0}td,th{padding:.2rem .8rem;border-bottom:1px solid #8884;"
    "text-align:left}td.n{text-align:right}svg{width:100%;height:auto}.bad{color:#c0392b;font-weight:600}"
    "@media(prefers-color-scheme:dark){body{background:#161a1d;color:#e4e6e7}}"
)


def page(result: Result) -> str:
    """A whole HTML document; it needs nothing from anywhere."""
    title = f"Saan prove · seed {result.seed}"
    verdict = "ไม่พบความผิดพลาด · nothing found" if result.clean else "พบความผิดพลาด · faults found"
    return (
        f'<!doctype html><html lang="th"><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style>'
        f'<h1>{title}</h1><p class="{"" if result.clean else "bad"}">{verdict}</p>'
        f"{_figures(result)}{_timeline(result)}{_recovery(result)}{_examples(result)}</html>"
    )


def _figures(result: Result) -> str:
    whole = result.as_json()
    names = ("minutes", "events", "deliveries", "refused", "unacknowledged", "unrecovered", "drained_s")
    rows = {name: whole[name] for name in names} | {name: len(found) for name, found in result.found.items()}
    return _table(("", ""), [(name, value) for name, value in rows.items()])


def _recovery(result: Result) -> str:
    rows = [
        (kind, one["times"], one["never"], one.get("median_s", "–"), one.get("worst_s", "–"))
        for kind, one in result.recovery().items()
    ]
    return _table(("ความผิดปกติ · fault", "ครั้ง · times", "ไม่กลับ · never", "median s", "worst s"), rows)


def _examples(result: Result) -> str:
    rows = [(one.checker, one.where, one.id, one.what) for found in result.found.values() for one in found[:20]]
    return _table(("checker", "where", "event", "what"), rows) if rows else ""


def _table(head: tuple[str, ...], rows: Sequence[Sequence[object]]) -> str:
    top = "".join(f"<th>{escape(name)}</th>" for name in head)
    body = "".join(
        "<tr>" + "".join(f'<td class="{_side(cell)}">{escape(str(cell))}</td>' for cell in row) + "</tr>"
        for row in rows
    )
    return f"<table><tr>{top}</tr>{body}</table>"


def _side(cell: object) -> str:
    return "n" if isinstance(cell, int | float) else ""


def _timeline(result: Result) -> str:
    """Events out of the router per second, and below it every fault with the time until everything flowed again."""
    length = max([1.0, *result.per_second, *(one.over + (one.recovery or 0) for one in result.struck)])
    tallest = max([1, *result.per_second.values()])
    across = _WIDTH / length
    bars = "".join(
        f'<rect x="{second * across:.1f}" y="{_HEIGHT - n / tallest * (_HEIGHT - 20):.1f}" width="{across:.2f}" '
        f'height="{n / tallest * (_HEIGHT - 20):.1f}" fill="#5d8aa8"/>'
        for second, n in sorted(result.per_second.items())
        if second >= 0
    )
    marks = "".join(_mark(one, row, across) for row, one in enumerate(result.struck))
    height = _HEIGHT + _ROW * (len(result.struck) + 1)
    label = f'<text x="4" y="14" font-size="12" fill="currentColor">{tallest} / s</text>'
    return f'<svg viewBox="0 0 {_WIDTH} {height}" role="img">{bars}{label}{marks}</svg>'


def _mark(one: Struck, row: int, across: float) -> str:
    colour = next((colour for word, colour in _COLOURS.items() if one.kind.startswith(word)), "#566573")
    left, y = one.began * across, _HEIGHT + 6 + row * _ROW
    long = max(2.0, (one.over - one.began) * across)
    back = (one.recovery or 0.0) * across
    told = f"{one.kind} {'never' if one.recovery is None else f'{one.recovery:.1f} s'}"
    side = f'text-anchor="end" x="{left - 4:.1f}"' if left > _WIDTH * 0.7 else f'x="{left + long + back + 6:.1f}"'
    return (
        f'<line x1="{left:.1f}" x2="{left:.1f}" y1="20" y2="{y}" stroke="{colour}" stroke-opacity=".35"/>'
        f'<rect x="{left:.1f}" y="{y}" width="{long:.1f}" height="8" fill="{colour}"/>'
        f'<rect x="{left + long:.1f}" y="{y + 2}" width="{back:.1f}" height="4" fill="{colour}" fill-opacity=".4"/>'
        f'<text {side} y="{y + 9}" font-size="10" fill="currentColor">{escape(told)}</text>'
    )
