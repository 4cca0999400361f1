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
    1096,
    330,
    (126, 76),
    (
        Box("publishers", 2, 12, "edge"),
        Box("gateway", 196, 12),
        Box("validator", 390, 12, "station"),
        Box("checked", 584, 12),
        Box("router", 778, 12, "station"),
        Box("record", 968, 12),
        Box("quarantine", 584, 130, "aside"),
        Box("inbox", 968, 130),
        Box("deliverer", 968, 248, "edge"),
    ),
    (
        Arrow("speed", ((128, 50), (192, 50)), (160, 42)),
        Arrow("published", ((322, 50), (386, 50)), (354, 42)),
        Arrow("checked", ((516, 50), (580, 50)), (548, 42)),
        Arrow("judged", ((710, 50), (774, 50)), (742, 42)),
        Arrow("accepted", ((904, 50), (964, 50)), (934, 42)),
        Arrow("refused_first", ((453, 88), (453, 168), (580, 168)), (516, 160)),
        Arrow("refused_last", ((820, 88), (820, 168), (714, 168)), (768, 160)),
        Arrow("delivered", ((862, 88), (862, 168), (964, 168)), (914, 160)),
        Arrow("unread", ((1031, 206), (1031, 244)), (1020, 230), "end"),
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
    checked = whole.in_flight + last.records
    refused_first = first.records - checked
    refused_last = last.records - whole.accepted
    flows: dict[str, int | float | None] = {
        "speed": first.rate_10s,
        "published": whole.published,
        "checked": checked,
        "judged": last.records,
        "accepted": whole.accepted,
        "delivered": whole.delivered,
        "refused_first": refused_first,
        "refused_last": refused_last,
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
