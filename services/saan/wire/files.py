"""Reads the folder ``schemas/``: everything that says what a message is and where it goes.

Reading never stops at the first fault: what cannot be read is said in ``Folder.faults``, the rest is there. Whether the
files agree with each other is the business of ``governance.check``.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from saan.wire import plain_yaml, tables
from saan.wire.forms import EventEntry, ParticipantFile, PurposesFile, RoundsFile, TopicsFile
from saan.wire.tables import Row

Form = TypeVar("Form", bound=BaseModel)
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in one file. ``file`` is relative to the folder, ``field`` a path in it (may be empty)."""

    file: str
    field: str
    said_th: str
    said_en: str


@dataclass(frozen=True, slots=True)
class ListFile:
    """One code list: its row of ``index.csv`` and its own rows."""

    name: str
    index: Row
    rows: list[Row]

    def with_rows(self, rows: list[Row]) -> "ListFile":
        """The same list with other rows."""
        return ListFile(self.name, self.index, rows)

    def entity(self) -> dict[str, Any]:
        """The governed record of the list."""
        index = self.index
        return {
            "official": index["cls_name"],
            "title": {"th": index["name_th"], "en": index["name_en"]},
            "version": int(index["version"]) if index["version"].isdecimal() else 0,
            "valid_from": index["valid_from"],
            "provenance": {column: index[column] for column in tables.PROVENANCE if index[column]},
            **_table_entity(self.rows, tables.LIST_COLUMNS),
        }


@dataclass(slots=True)
class Folder:
    """The parsed files. Keys: event type, schema file name, list name, organisation file name, participant id,
    name of a format of files."""

    path: Path
    events: dict[str, EventEntry] = field(default_factory=dict)
    schemas: dict[str, dict[str, Any]] = field(default_factory=dict)
    lists: dict[str, ListFile] = field(default_factory=dict)
    crosswalk: list[Row] = field(default_factory=list)
    organisations: dict[str, list[Row]] = field(default_factory=dict)
    ties: list[Row] = field(default_factory=list)
    files: dict[str, list[Row]] = field(default_factory=dict)
    standard: list[Row] = field(default_factory=list)
    participants: dict[str, ParticipantFile] = field(default_factory=dict)
    purposes: PurposesFile = field(default_factory=lambda: PurposesFile(purposes={}))
    topics: TopicsFile | None = None
    rounds: RoundsFile = field(default_factory=lambda: RoundsFile(rounds={}))
    faults: list[Fault] = field(default_factory=list)

    def entities(self) -> dict[str, dict[str, Any]]:
        """The governed records by entity id, self-contained and ready for JSON; ``wire.world.build`` reads them."""
        return dict(_entities(self))


def default_folder(given: Path | None = None) -> Path:
    """``given``, else the checkout's ``schemas/`` beside ``services/``, else the one inside the installed package."""
    if given is not None:
        return given
    package = Path(__file__).resolve().parents[1]
    checkout = package.parents[1] / "schemas"
    return checkout if (checkout / "topics.yaml").is_file() else package / "schemas"


def read(folder: Path) -> Folder:
    """Read everything below ``folder``. A missing file or folder is a fault like any other."""
    found = Folder(folder)
    _read_schemas(found)
    for path, entry in _yaml_files(found, "catalogue", EventEntry):
        _keep(found, path, found.events, entry.event, entry)
    for path, participant in _yaml_files(found, "participants", ParticipantFile):
        _keep(found, path, found.participants, participant.id, participant)
    _read_codes(found)
    _read_organisations(found)
    for path in sorted((folder / "files").glob("*.csv")):
        found.files[path.stem] = _table(found, path, tables.FILE_COLUMNS)
    found.standard = _table(found, folder / "standard.csv", tables.STANDARD_COLUMNS)
    found.topics = _yaml_file(found, folder / "topics.yaml", TopicsFile)
    found.rounds = _yaml_file(found, folder / "rounds.yaml", RoundsFile) or found.rounds
    found.purposes = _yaml_file(found, folder / "purposes.yaml", PurposesFile) or found.purposes
    return found


def _keep(found: Folder, path: Path, into: dict[str, Value], name: str, value: Value) -> None:
    if path.stem != name:
        _fault(found, path, "", f"ชื่อไฟล์ต้องเป็น {name}.yaml", f"the file must be called {name}.yaml")
    into[name] = value


def _fault(found: Folder, path: Path, at: str, th: str, en: str) -> None:
    found.faults.append(Fault(path.relative_to(found.path).as_posix(), at, th, en))


def _text(found: Folder, path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        _fault(found, path, "", "ไม่พบไฟล์นี้", "the file is missing")
    except UnicodeDecodeError:
        _fault(found, path, "", "ไม่ใช่ UTF-8", "the file is not UTF-8")
    return None


def _yaml_files(found: Folder, folder: str, form: type[Form]) -> Iterator[tuple[Path, Form]]:
    paths = sorted((found.path / folder).glob("*.yaml"))
    if not paths:
        _fault(found, found.path / folder, "", "ไม่มีไฟล์ .yaml ในโฟลเดอร์นี้", "the folder holds no .yaml file")
    for path in paths:
        parsed = _yaml_file(found, path, form)
        if parsed is not None:
            yield path, parsed


def _yaml_file(found: Folder, path: Path, form: type[Form]) -> Form | None:
    text = _text(found, path)
    if text is None:
        return None
    try:
        return form.model_validate(plain_yaml.load(text))
    except plain_yaml.BadYaml as error:
        _fault(found, path, "", f"อ่านเป็น YAML ไม่ได้: {error}", f"not readable as YAML: {error}")
    except ValidationError as error:
        for problem in error.errors(include_url=False, include_input=False):
            th, en = _said(problem["type"], problem["msg"])
            _fault(found, path, _path(problem["loc"]), th, en)
    return None


def _path(location: tuple[int | str, ...]) -> str:
    path = ""
    for part in location:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else part
    return path


def _said(kind: str, message: str) -> tuple[str, str]:
    match kind:
        case "extra_forbidden":
            return "ไม่รู้จักช่องนี้ ตรวจตัวสะกดหรือลบออก", "this key is not known; check its spelling or take it out"
        case "missing":
            return "ขาดช่องนี้ ต้องใส่ค่า", "this key is missing; give it a value"
        case _:
            return f"ค่าไม่ถูกต้อง: {message}", f"the value is not valid: {message}"


def _read_schemas(found: Folder) -> None:
    paths = sorted((found.path / "avro").glob("*.avsc"))
    if not paths:
        _fault(found, found.path / "avro", "", "ไม่มีไฟล์ .avsc ในโฟลเดอร์นี้", "the folder holds no .avsc file")
    for path in paths:
        text = _text(found, path)
        if text is None:
            continue
        try:
            schema = json.loads(text)
        except json.JSONDecodeError as error:
            line = error.lineno
            _fault(found, path, "", f"ไม่ใช่ JSON (บรรทัด {line})", f"not JSON: {error.msg} (line {line})")
            continue
        if isinstance(schema, dict) and schema.get("type") == "record":
            found.schemas[path.name] = schema
        else:
            _fault(found, path, "", "ชั้นนอกสุดต้องเป็น record", "the outermost type must be a record")


def _table(found: Folder, path: Path, columns: tuple[str, ...], known: tuple[str, ...] | None = None) -> list[Row]:
    try:
        return tables.read(path, columns, known)
    except FileNotFoundError:
        _fault(found, path, "", "ไม่พบไฟล์นี้", "the file is missing")
    except tables.BadTable as error:
        _fault(found, path, "", error.th, str(error))
    return []


def _read_codes(found: Folder) -> None:
    folder = found.path / "codes"
    index = {row["file"]: row for row in _table(found, folder / "index.csv", tables.INDEX_COLUMNS) if row["file"]}
    found.crosswalk = _table(found, folder / "crosswalk.csv", tables.CROSSWALK_COLUMNS)
    present = {path.name for path in folder.glob("*.csv")} - {"index.csv", "crosswalk.csv"}
    for name in sorted(present - index.keys()):
        _fault(found, folder / name, "", "ไม่มีแถวของไฟล์นี้ใน codes/index.csv", "codes/index.csv has no row for this file")
    for name, row in sorted(index.items()):
        faults = len(found.faults)
        rows = _table(found, folder / name, tables.CODE_COLUMNS, tables.LIST_COLUMNS)
        if len(found.faults) == faults:
            stem = name.removesuffix(".csv")
            found.lists[stem] = ListFile(stem, row, rows)


def _read_organisations(found: Folder) -> None:
    folder = found.path / "organisations"
    for path in sorted(folder.glob("*.csv")):
        if path.stem != "ties":
            found.organisations[path.stem] = _table(found, path, tables.ORGANISATION_COLUMNS)
    if not found.organisations:
        _fault(found, folder, "", "ไม่มีไฟล์หน่วยงานในโฟลเดอร์นี้", "the folder holds no file of organisations")
    found.ties = _table(found, folder / "ties.csv", tables.TIE_COLUMNS)


def _entities(folder: Folder) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, entry in folder.events.items():
        schema = folder.schemas.get(entry.schema_file)
        if schema is not None:
            yield f"event/{name}", {**_plain(entry), "avro": schema}
    for name, participant in folder.participants.items():
        yield f"participant/{name}", _plain(participant)
    for name, one in folder.lists.items():
        yield f"codes/{name}", one.entity()
    if folder.crosswalk:
        yield "crosswalk", _table_entity(folder.crosswalk, tables.CROSSWALK_COLUMNS[:5])
    for name, rows in folder.organisations.items():
        if rows:
            codes = [c for c in rows[0].cells if c.startswith(tables.CODE_PREFIX)]
            yield f"organisations/{name}", _table_entity(rows, (*tables.ORGANISATION_COLUMNS, "grade_levels", *codes))
    for name, rows in folder.files.items():
        yield f"files/{name}", _table_entity(rows, tables.FILE_COLUMNS[:9])
    if folder.ties:
        yield "organisations/ties", _table_entity(folder.ties, tables.TIE_COLUMNS[:4])
    yield "purposes", _plain(folder.purposes)
    yield "rounds", _plain(folder.rounds)
    if folder.topics is not None:
        yield "topics", _plain(folder.topics)


def _plain(form: BaseModel) -> dict[str, Any]:
    return form.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def _table_entity(rows: list[Row], names: tuple[str, ...]) -> dict[str, Any]:
    return {"columns": list(names), "rows": tables.columns(rows, names)}
