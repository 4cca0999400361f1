"""The way in: format by header, refusal before the first row, rows with a wrong number of cells."""

import io
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console

from saan.core.world import World
from saan.sources import formats
from saan.sources.refusal import FileRefused
from saan.sources.report import LANGUAGES, Report
from saan.sources.row import Reading, RowOutcome, occasion

from .conftest import TODAY, roster


def reading(content: bytes, world: World, format: str | None = None) -> Reading:
    participant = world.participants["sis-96022001"]
    return formats.read(io.BytesIO(content), participant, world, occasion(TODAY, test_data=True), format=format)


def test_the_format_is_found_by_the_header_and_the_rows_are_counted(world: World) -> None:
    found = reading(roster({}, {}), world)
    assert (found.name, found.count) == ("dmc-roster", 2)


def test_an_unknown_format_is_a_key_error(world: World) -> None:
    with pytest.raises(KeyError):
        reading(roster({}), world, format="nothing")


def test_a_file_that_breaks_in_its_last_row_is_refused_before_its_first(world: World) -> None:
    with pytest.raises(FileRefused, match="FILE-2"):
        reading(roster({}, {}) + "ชื่อ".encode("cp874"), world)


def test_a_row_with_a_comma_too_many_is_refused_and_the_next_one_read(world: World) -> None:
    content = (
        roster({}).replace("ตากใบ,9900".encode(), "ตากใบ,x,9900".encode()) + roster({}).split(b"\r\n")[1] + b"\r\n"
    )
    first, second = reading(content, world).rows
    assert (first.outcome, first.rules) == (RowOutcome.REFUSE, ("ROW-1",))
    assert second.outcome is RowOutcome.ACCEPT


def test_invented_people_are_marked_as_test_data(world: World) -> None:
    row = next(reading(roster({}), world).rows)
    assert row.event is not None
    assert row.event["testdata"] == "true"


@given(st.data())
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happened_to_the_bytes_every_row_is_judged_or_the_file_is_refused(
    world: World, data: st.DataObject
) -> None:
    content = bytearray(roster({}, {"ศาสนา": "ขงจื๊อ"}, {"ชื่อ": 'ธาร "ทิพย์"'}))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content)))
        until = data.draw(st.integers(at, min(at + 40, len(content))))
        content[at:until] = data.draw(
            st.one_of(st.binary(max_size=4), st.text('"\r\n,;\t๙\u200b<-0', max_size=4).map(str.encode))
        )
    try:
        judged = list(reading(bytes(content), world).rows)
    except FileRefused:
        return
    assert judged
    assert all((row.event is None) == (row.outcome is RowOutcome.REFUSE) for row in judged)


def report_of(world: World) -> Report:
    report = Report("roster.csv")
    list(report.watch(reading(roster({}, {}, {"เลขประจำตัวประชาชน": "9900007682081", "ศาสนา": "ขงจื๊อ"}), world).rows))
    return report


def test_a_report_is_json_with_outcome_and_rules_per_row(world: World) -> None:
    shown = json.loads(json.dumps(report_of(world).as_json()))
    assert shown["file"] == "roster.csv"
    assert shown["summary"] == {"accept": 1, "warn": 1, "refuse": 1, "rules": {"DUP": 1, "V4": 1}}
    assert [(row["row"], row["outcome"], row["rules"]) for row in shown["rows"]] == [
        (1, "accept", []),
        (2, "refuse", ["DUP"]),
        (3, "warn", ["V4"]),
    ]
    assert shown["rows"][2]["findings"][0]["column"] == "ศาสนา"


def test_the_report_of_a_refused_file_has_the_reason_and_no_rows(world: World) -> None:
    report = Report("roster.csv")
    with pytest.raises(FileRefused) as caught:
        reading(b"", world)
    report.refusal = caught.value.refusal
    shown = report.as_json()
    assert (shown["refused"]["code"], shown["rows"]) == ("FILE-4", [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_people_see_counts_and_remarks_in_their_language(world: World, language: str) -> None:
    console = Console(record=True, width=200, file=io.StringIO())
    for table in report_of(world).as_tables(language, limit=1):
        console.print(table)
    text = console.export_text()
    assert "DUP" in text
    assert {"th": "อีก 1 รายการ", "en": "1 more"}[language] in text
