"""The STUDENT template, written: one file per school, in the order and with the names of the form."""

import csv
import io
from collections.abc import Iterable, Mapping
from itertools import groupby

from saan.core.layout import Column
from saan.core.world import World
from saan.sources import template, writes
from saan.sources.fold import Known
from saan.sources.places import Places
from saan.sources.writes import Write

_ENCODING = "utf-8-sig"
"""The mark before the text makes spreadsheets read Thai rightly."""


def files(learners: Iterable[Known], world: World) -> dict[str, bytes]:
    """File name to content; learners who are at no school are left out."""
    layout = world.files[template.NAME]
    columns = _writes(layout.columns, world)
    texts: dict[str, io.StringIO] = {}
    for known in learners:
        if known.school is None:
            continue
        text = texts.get(known.school)
        if text is None:
            text = texts[known.school] = io.StringIO()
            csv.writer(text).writerow(layout.headers())
        csv.writer(text).writerow([write(known) for write in columns])
    return {f"{template.NAME}-{school}.csv": text.getvalue().encode(_ENCODING) for school, text in texts.items()}


def _writes(columns: Iterable[Column], world: World) -> list[Write]:
    places = Places(world)
    made: list[Write] = []
    for address, run in groupby(columns, key=lambda column: column.read == "place" and bool(column.field)):
        own = list(run)
        if not address:
            made.extend(_write(column, world) for column in own)
            continue
        for at in range(0, len(own), 3):
            three = own[at : at + 3]
            by_list: Mapping[str, Write] = writes.addresses(three, world, places)
            made.extend(by_list[column.list] for column in three)
    return made


def _write(column: Column, world: World) -> Write:
    if not column.field:
        return lambda known: ""
    match column.read:
        case "identity":
            return writes.identity
        case "identity-kind":
            return writes.card
        case "passport":
            return writes.passport
        case "class":
            return writes.class_and_room(column)
        case "code":
            return writes.coded(column, writes.names(world, column.list, template.SYSTEM))
        case _:
            return writes.plain(column)
