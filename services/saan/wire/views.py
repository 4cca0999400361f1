"""Projections: what an agreement leaves out of an event, and the derived schema of what remains.

A view is registered as a record of its own, ``<record>.view.<name>``. Where an agreement leaves nothing out there is no
view, and the original bytes are handed over.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from saan.core.catalogue import DATA_CLASSES, EventType
from saan.core.participants import Agreement
from saan.core.world import World

PRIMITIVES = frozenset({"null", "boolean", "int", "long", "float", "double", "bytes", "string"})


@dataclass(frozen=True, slots=True)
class View:
    """One projection of one event type. ``dropped`` are field paths, ``fields`` the names kept at the top."""

    record: str
    name: str
    event: str
    fields: tuple[str, ...]
    dropped: frozenset[str]
    schema: Mapping[str, Any]


class ViewConflict(ValueError):
    """One view name would mean two different sets of fields for one event type."""

    def __init__(self, event: str, view: str, agreement: str) -> None:
        super().__init__(f"the view {view} of {event} means other fields in agreement {agreement} than elsewhere")
        self.event, self.view, self.agreement = event, view, agreement


def project(event: EventType, agreement: Agreement) -> frozenset[str]:
    """Paths of ``event`` that ``agreement`` does not hand over (``exceptions.status``); empty: the whole record."""
    return frozenset(_dropped(event.schema, "", agreement))


def views(world: World) -> list[View]:
    """Every view that the agreements of ``world`` need, each once. Raises ``ViewConflict``."""
    found: dict[tuple[str, str], View] = {}
    for event, agreement in _granted(world):
        dropped = project(event, agreement)
        known = found.get((event.name, agreement.view))
        if known is not None and known.dropped != dropped:
            raise ViewConflict(event.name, agreement.view, agreement.id)
        if known is None and dropped:
            found[event.name, agreement.view] = view(event, agreement.view, dropped)
    return list(found.values())


def by_agreement(world: World) -> dict[tuple[str, str], str]:
    """``(event type, agreement id)`` to the name of the view it needs; absent: the original bytes."""
    return {
        (event.name, agreement.id): agreement.view for event, agreement in _granted(world) if project(event, agreement)
    }


def view(event: EventType, name: str, dropped: frozenset[str]) -> View:
    """The view of ``event`` without the fields at the paths ``dropped``."""
    schema = _Cutter(event.schema, dropped).cut(name, f"{event.record}.view")
    kept = tuple(field["name"] for field in schema["fields"])
    return View(f"{event.record}.view.{name}", name, event.name, kept, dropped, schema)


def _granted(world: World) -> Iterator[tuple[EventType, Agreement]]:
    for participant in world.participants.values():
        for agreement in participant.agreements:
            for name in sorted(agreement.events):
                if name in world.events:
                    yield world.events[name], agreement


def _dropped(record: Mapping[str, Any], above: str, agreement: Agreement) -> Iterator[str]:
    ceiling = DATA_CLASSES.index(agreement.ceiling)
    for field in record["fields"]:
        path = above + field["name"]
        too_private = DATA_CLASSES.index(field["class"]) > ceiling and path not in agreement.granted
        if path in agreement.withheld or too_private:
            yield path
            continue
        inner = next(records_in(field["type"]), None)
        if inner is not None:
            below = list(_dropped(inner, f"{path}.", agreement))
            # A record without fields is no use to anybody: then the field goes as a whole.
            yield from [path] if len(_own(below, path)) == len(inner["fields"]) else below


def _own(paths: list[str], above: str) -> list[str]:
    return [path for path in paths if "." not in path.removeprefix(f"{above}.")]


def records_in(type_: Any) -> Iterator[Mapping[str, Any]]:
    """The record types that a field's type holds directly, through unions, arrays and maps."""
    if isinstance(type_, list):
        for branch in type_:
            yield from records_in(branch)
    elif isinstance(type_, dict):
        if type_["type"] == "record":
            yield type_
        elif type_["type"] == "array":
            yield from records_in(type_["items"])
        elif type_["type"] == "map":
            yield from records_in(type_["values"])


class _Cutter:
    """Copies a schema without some fields. A type defined in a field cut away is defined where it is met next."""

    def __init__(self, schema: Mapping[str, Any], dropped: frozenset[str]) -> None:
        self._schema, self._dropped = schema, dropped
        self._types: dict[str, Mapping[str, Any]] = {}
        self._defined: set[str] = set()
        self._learn(schema)

    def cut(self, name: str, namespace: str) -> dict[str, Any]:
        return {**self._record(self._schema, ""), "name": name, "namespace": namespace}

    def _learn(self, type_: Any) -> None:
        for part in type_ if isinstance(type_, list) else [type_]:
            if isinstance(part, dict):
                if "name" in part:
                    self._types[part["name"]] = part
                for inner in (*(f["type"] for f in part.get("fields", ())), part.get("items"), part.get("values")):
                    self._learn(inner)

    def _record(self, record: Mapping[str, Any], above: str) -> dict[str, Any]:
        fields = [f for f in record["fields"] if above + f["name"] not in self._dropped]
        return {**record, "fields": [{**f, "type": self._type(f["type"], f"{above}{f['name']}.")} for f in fields]}

    def _type(self, type_: Any, path: str) -> Any:
        if isinstance(type_, list):
            return [self._type(branch, path) for branch in type_]
        if isinstance(type_, str):
            known = self._types.get(type_.rpartition(".")[2])
            return type_ if type_ in PRIMITIVES or known is None else self._type(known, path)
        if "name" in type_:
            if type_["name"] in self._defined:
                return type_["name"]
            self._defined.add(type_["name"])
            return self._record(type_, path) if type_["type"] == "record" else dict(type_)
        return {k: self._type(v, path) if k in ("items", "values") else v for k, v in type_.items()}
