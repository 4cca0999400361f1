"""The picture of a run: load over time, and below it a lane for every kind of fault."""

from collections.abc import Sequence
from html import escape
from typing import Final

from saan.prove.figures import Struck
from saan.prove.result import Course

_WIDTH: Final = 1100
_LEFT: Final = 150
"""Where time begins: names of the lanes stand left of it."""
_RIGHT: Final = 20
_TALL: Final = 180
_LANE: Final = 16
_FOOT: Final = 22
_COLOURS: Final = {
    "kill": "#c0392b",
    "term": "#b9770e",
    "freeze": "#2874a6",
    "zombie": "#117864",
    "join": "#1e8449",
    "storm": "#1e8449",
    "disk": "#7d6608",
    "clock": "#6c3483",
    "broker": "#7d3c98",
    "lose": "#7d3c98",
    "between": "#943126",
}
_OTHER: Final = "#4f6d7a"
_STEPS: Final = (5, 10, 30, 60, 120, 300, 600, 1800)
_COLUMNS: Final = 240
"""Bars at most: of a long run several seconds share one."""


def timeline(course: Course) -> str:
    """An SVG picture. Dark: the fault lasts; pale: until everything flows again; a cross: it never did."""
    length = max([1.0, course.ended, *(one.back for one in course.struck)])
    across = (_WIDTH - _LEFT - _RIGHT) / length
    kinds = sorted({one.kind for one in course.struck})
    height = _TALL + _LANE * len(kinds) + _FOOT
    return (
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" font-size="11" fill="currentColor">'
        f"{_grid(length, across, height)}{_load(course, across, length)}"
        f"{''.join(_lane(kind, row, course.struck, across) for row, kind in enumerate(kinds))}</svg>"
    )


def _grid(length: float, across: float, height: int) -> str:
    step = next((step for step in _STEPS if length / step <= 15), _STEPS[-1])
    drawn = ""
    for second in range(0, int(length) + 1, step):
        x = _LEFT + second * across
        told = f"{second // 60}:{second % 60:02d}"
        drawn += (
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{height - 16}" stroke="currentColor" stroke-opacity=".15"/>'
            f'<text x="{x:.1f}" y="{height - 4}" text-anchor="middle">{told}</text>'
        )
    return drawn


def _load(course: Course, across: float, length: float) -> str:
    """Events per second, the mean of every bar; the axis says how tall the tallest is."""
    wide = max(1, round(length / _COLUMNS))
    means = [
        (start, sum(course.per_second.get(start + n, 0) for n in range(wide)) / wide)
        for start in range(0, int(length) + 1, wide)
    ]
    tallest = max([1.0, *(mean for _, mean in means)])
    bars = "".join(
        f'<rect x="{_LEFT + start * across:.1f}" y="{_TALL - 8 - tall:.1f}" '
        f'width="{max(0.5, wide * across - 0.3):.2f}" height="{tall:.1f}" class="load"/>'
        for start, mean in means
        if (tall := mean / tallest * (_TALL - 30)) > 0
    )
    return f'<text x="{_LEFT - 8}" y="24" text-anchor="end">{tallest:.0f} / s</text>{bars}'


def _lane(kind: str, row: int, struck: Sequence[Struck], across: float) -> str:
    y = _TALL + row * _LANE
    colour = next((colour for word, colour in _COLOURS.items() if kind.startswith(word)), _OTHER)
    marks = "".join(_mark(one, y, colour, across) for one in struck if one.kind == kind)
    return f'<text x="{_LEFT - 8}" y="{y + 10}" text-anchor="end">{escape(kind)}</text>{marks}'


def _mark(one: Struck, y: int, colour: str, across: float) -> str:
    left, long = _LEFT + one.began * across, max(1.5, (one.over - one.began) * across)
    back = "never" if one.recovery is None else f"{one.recovery:.1f} s"
    told = f"{one.kind} {' '.join(one.targets)} · {one.began:.0f} s · {back}"
    end = f'<text x="{left + long + 1:.1f}" y="{y + 11}" class="bad">×</text>' if one.recovery is None else ""
    return (
        f"<g><title>{escape(told)}</title>"
        f'<rect x="{left + long:.1f}" y="{y + 3}" width="{(one.recovery or 0) * across:.1f}" height="7" '
        f'fill="{colour}" fill-opacity=".4"/>'
        f'<rect x="{left:.1f}" y="{y + 1}" width="{long:.1f}" height="11" fill="{colour}"/>{end}</g>'
    )
