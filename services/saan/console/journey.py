"""The way of a message as a drawing: boxes, and arrows with numbers, for a wide screen and for a narrow one."""

from dataclasses import dataclass
from typing import Final

from saan.console.picture import Picture, Station

Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Box:
    """One place on the way, by the name of its words; ``tone`` chooses its colour."""

    name: str
    x: int
    y: int
    tone: str = "place"


@dataclass(frozen=True, slots=True)
class Arrow:
    """From place to place: the corners of its line, and where its number stands (``anchor`` as in SVG)."""

    name: str
    line: tuple[Point, ...]
    at: Point
    anchor: str = "middle"

    @property
    def points(self) -> str:
        return " ".join(f"{x},{y}" for x, y in self.line)


@dataclass(frozen=True, slots=True)
class Layout:
    """A drawing of ``width`` × ``height``; every box measures ``box`` (width, height)."""

    width: int
    height: int
    box: tuple[int, int]
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


WIDE: Final = Layout(
    1244,
    212,
    (118, 76),
    (
        Box("publishers", 2, 8, "edge"),
        Box("gateway", 189, 8),
        Box("validator", 376, 8, "station"),
        Box("checked", 563, 8),
        Box("router", 750, 8, "station"),
        Box("inbox", 937, 8),
        Box("deliverer", 1124, 8, "edge"),
        Box("quarantine", 563, 132, "aside"),
        Box("record", 937, 132),
    ),
    (
        Arrow("speed", ((122, 46), (186, 46)), (154, 38)),
        Arrow("published", ((309, 46), (373, 46)), (341, 38)),
        Arrow("checked", ((496, 46), (560, 46)), (528, 38)),
        Arrow("judged", ((683, 46), (747, 46)), (715, 38)),
        Arrow("delivered", ((870, 46), (934, 46)), (902, 38)),
        Arrow("unread", ((1057, 46), (1121, 46)), (1183, 104)),
        Arrow("refused_first", ((435, 84), (435, 170), (560, 170)), (499, 162)),
        Arrow("refused_last", ((786, 84), (786, 170), (684, 170)), (739, 162)),
        Arrow("accepted", ((834, 84), (834, 170), (934, 170)), (885, 162)),
    ),
)

TALL: Final = Layout(
    350,
    800,
    (132, 72),
    (
        Box("publishers", 20, 4, "edge"),
        Box("gateway", 20, 124),
        Box("validator", 20, 244, "station"),
        Box("checked", 20, 364),
        Box("router", 20, 484, "station"),
        Box("inbox", 20, 604),
        Box("deliverer", 20, 724, "edge"),
        Box("quarantine", 214, 364, "aside"),
        Box("record", 214, 484),
    ),
    (
        Arrow("speed", ((86, 76), (86, 120)), (96, 103), "start"),
        Arrow("published", ((86, 196), (86, 240)), (96, 223), "start"),
        Arrow("checked", ((86, 316), (86, 360)), (96, 343), "start"),
        Arrow("judged", ((86, 436), (86, 480)), (96, 463), "start"),
        Arrow("delivered", ((86, 556), (86, 600)), (96, 583), "start"),
        Arrow("unread", ((86, 676), (86, 720)), (96, 703), "start"),
        Arrow("refused_first", ((152, 280), (280, 280), (280, 360)), (216, 272)),
        Arrow("refused_last", ((140, 480), (140, 460), (280, 460), (280, 440)), (272, 454), "end"),
        Arrow("accepted", ((152, 520), (210, 520)), (181, 512)),
    ),
)


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers of the drawing: on arrows (``flows``), inside boxes (``holds``), and which arrows move now."""

    flows: dict[str, int | float | None]
    holds: dict[str, int | float]
    moving: frozenset[str]


def figures(seen: Picture) -> Figures:
    """The numbers that belong to the arrows and boxes of a picture."""
    whole, stations = seen.whole, {station.name: station for station in seen.stations}
    first, last = stations["validator"], stations["router"]
    unread = [account.unread_s for account in seen.accounts if account.unread_s is not None]
    flows: dict[str, int | float | None] = {
        "speed": first.rate_10s,
        "published": whole.published,
        "checked": first.accepted,
        "judged": last.records,
        "accepted": whole.accepted,
        "delivered": whole.delivered,
        "refused_first": first.refused,
        "refused_last": last.refused,
        "unread": max(unread, default=None),
    }
    holds: dict[str, int | float] = {
        "publishers": sum(account.sheet.published > 0 for account in seen.accounts),
        "validator": first.rate_10s,
        "checked": whole.in_flight,
        "router": last.rate_10s,
        "record": whole.accepted,
        "quarantine": whole.rejected + whole.parked,
        "inbox": whole.delivered,
        "deliverer": sum(account.sheet.delivered > 0 for account in seen.accounts),
    }
    return Figures(flows, holds, frozenset(_moving(first, last)))


def _moving(first: Station, last: Station) -> list[str]:
    names = ["speed", "published", "checked"] if first.rate_10s > 0 else []
    return [*names, *(["judged", "accepted", "delivered"] if last.rate_10s > 0 else [])]
