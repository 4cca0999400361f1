"""OneRoster bundles: the whole ones that are refused, and what single rows become."""

import csv
import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from saan.core.world import World
from saan.sources.opening import opened
from saan.sources.refusal import FileRefused
from saan.sources.row import Row, RowOutcome, occasion

from .conftest import TODAY

SAMPLE = Path(__file__).parents[2] / "contract" / "inputs" / "oneroster"
Files = dict[str, bytes]
Change = Callable[[Files], None]


def sample() -> Files:
    return {path.name: path.read_bytes() for path in SAMPLE.glob("*.csv")}


def zipped(files: Mapping[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return held.getvalue()


def judged(path: Path, world: World, format: str | None = None) -> list[Row]:
    own = [world.participants[f"sis-9601200{n}"] for n in (1, 2, 3)]
    vendor = replace(own[0], speaks_for=frozenset().union(*(one.speaks_for for one in own)))
    with opened(path, vendor, world, occasion(TODAY), format=format) as reading:
        return list(reading.rows)


def changed(tmp_path: Path, world: World, change: Change) -> list[Row]:
    files = sample()
    change(files)
    path = tmp_path / "bundle.zip"
    path.write_bytes(zipped(files))
    return judged(path, world)


def replaced(name: str, old: bytes, new: bytes) -> Change:
    def change(files: Files) -> None:
        assert old in files[name]
        files[name] = files[name].replace(old, new, 1)

    return change


def dropped(name: str) -> Change:
    return lambda files: files.__delitem__(name)


def recoded(name: str, encoding: str) -> Change:
    def change(files: Files) -> None:
        files[name] = files[name].decode().encode(encoding)

    return change


def only_header(files: Files) -> None:
    files["roles.csv"] = files["roles.csv"].split(b"\r\n")[0] + b"\r\n"


def in_a_folder(files: Files) -> None:
    for name in list(files):
        files[f"export/{name}"] = files.pop(name)


BROKEN: dict[str, tuple[Change, str]] = {
    "no manifest": (dropped("manifest.csv"), "FILE-13"),
    "files in a folder of their own": (in_a_folder, "FILE-13"),
    "version 1.1": (replaced("manifest.csv", b"oneroster.version,1.2", b"oneroster.version,1.1"), "FILE-13"),
    "another form of manifest": (replaced("manifest.csv", b"manifest.version,1.0", b"manifest.version,1.1"), "FILE-13"),
    "the columns of 1.2 under 1.2.1": (replaced("manifest.csv", b"version,1.2", b"version,1.2.1"), "FILE-15"),
    "a line break in a cell": (replaced("users.csv", b",28856,", b',"28\r\n856",'), "FILE-5"),
    "a manifest without one file": (replaced("manifest.csv", b"file.resources,absent\r\n", b""), "FILE-13"),
    "a file that is neither absent nor bulk": (replaced("manifest.csv", b"users,bulk", b"users,all"), "FILE-13"),
    "a property twice": (replaced("manifest.csv", b"file.users", b"file.users,bulk\r\nfile.users"), "FILE-13"),
    "a file that is not there": (dropped("roles.csv"), "FILE-14"),
    "a file that should not be there": (replaced("manifest.csv", b"roles,bulk", b"roles,absent"), "FILE-14"),
    "a delta": (replaced("manifest.csv", b"enrollments,bulk", b"enrollments,delta"), "FILE-16"),
    "a header in another case": (replaced("users.csv", b"givenName", b"GivenName"), "FILE-15"),
    "columns in another order": (replaced("orgs.csv", b"name,type", b"type,name"), "FILE-15"),
    "a missing column": (replaced("orgs.csv", b",parentSourcedId", b""), "FILE-15"),
    "a free column of another name": (replaced("orgs.csv", b"parentSourcedId", b"parentSourcedId,note"), "FILE-15"),
    "a free column twice": (replaced("orgs.csv", b"Id\r", b"Id,metadata.a,metadata.a\r"), "FILE-8"),
    "semicolons": (lambda files: files.update({"users.csv": files["users.csv"].replace(b",", b";")}), "FILE-15"),
    "a header without rows": (only_header, "FILE-4"),
    "an empty file": (lambda files: files.update({"users.csv": b""}), "FILE-4"),
    "UTF-16": (recoded("users.csv", "utf-16"), "FILE-2"),
    "TIS-620": (recoded("users.csv", "cp874"), "FILE-2"),
    "mojibake": (
        lambda f: f.update({"users.csv": f["users.csv"].decode().encode().decode("latin-1").encode()}),
        "FILE-2",
    ),
    "two encodings": (lambda f: f.update({"users.csv": f["users.csv"] + "ก,ข\r\n".encode("cp874")}), "FILE-2"),
    "a quotation mark that does not close": (replaced("users.csv", b"true,28856", b'true,"28856'), "FILE-5"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_bundle_that_is_broken_anywhere_is_refused_before_its_first_row(
    name: str, tmp_path: Path, world: World
) -> None:
    change, code = BROKEN[name]
    with pytest.raises(FileRefused) as caught:
        changed(tmp_path, world, change)
    assert caught.value.refusal.code == code
    assert all((caught.value.refusal.th, caught.value.refusal.fix_th, caught.value.refusal.fix_en))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (zipped(sample())[:-200], "FILE-12"),
        (zipped(sample())[:2000], "FILE-12"),
        (zipped({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b""}), "FILE-1"),
        (zipped({}), "FILE-13"),
    ],
    ids=["cut off in its directory", "cut off", "an Excel workbook", "an empty zip file"],
)
def test_a_zip_file_that_is_damaged_or_something_else_is_refused(
    content: bytes, code: str, tmp_path: Path, world: World
) -> None:
    path = tmp_path / "bundle.zip"
    path.write_bytes(content)
    with pytest.raises(FileRefused, match=code):
        judged(path, world)


def test_a_byte_that_rotted_inside_a_zip_file_is_noticed(tmp_path: Path, world: World) -> None:
    content = bytearray(zipped(sample()))
    content[content.find(b"users.csv") + 300] ^= 0xFF
    path = tmp_path / "bundle.zip"
    path.write_bytes(content)
    with pytest.raises(FileRefused, match="FILE-12"):
        judged(path, world)


def test_the_name_of_a_format_that_does_not_fit_the_file_refuses_it(tmp_path: Path, world: World) -> None:
    path = tmp_path / "users.csv"
    path.write_bytes(sample()["users.csv"])
    with pytest.raises(FileRefused, match="FILE-13"):
        judged(path, world, "oneroster")
    with pytest.raises(FileRefused, match="FILE-1:"):
        judged(SAMPLE, world, "dmc-roster")
    with pytest.raises(KeyError):
        judged(SAMPLE, world, "nothing")


def test_a_folder_and_a_zip_file_of_the_same_bundle_say_the_same(tmp_path: Path, world: World) -> None:
    assert changed(tmp_path, world, lambda files: None) == judged(SAMPLE, world)


def test_a_mark_before_the_header_does_no_harm(tmp_path: Path, world: World) -> None:
    def marked(files: Files) -> None:
        files["users.csv"] = b"\xef\xbb\xbf" + files["users.csv"]

    assert changed(tmp_path, world, marked) == judged(SAMPLE, world)


FIRST = b"st-b95ac09fe7ed41f7b953"


@pytest.mark.parametrize(
    ("change", "place", "rules"),
    [
        (replaced("classes.csv", b"homeroom", b"assembly"), ("classes", 1), ("V4",)),
        (replaced("academicSessions.csv", b"2025-10-11", b"11/10/2568"), ("academicSessions", 2), ("V13",)),
        (replaced("academicSessions.csv", b",2026\r", b",2569\r"), ("academicSessions", 1), ("V13",)),
        (replaced("orgs.csv", b"1096240348,area-nwt", b"1096240348,area-x"), ("orgs", 2), ("REF",)),
        (replaced("users.csv", FIRST + b",,,true", FIRST + b",,,"), ("users", 1), ("V18",)),
        (replaced("users.csv", b"{TH-CITIZEN:9900007688569}", b"{TH-GCODE:G999600000001}"), ("users", 1), ("V2",)),
        (replaced("users.csv", b"{TH-CITIZEN:9900007688569}", b"9900007688569"), ("users", 1), ("V12",)),
        (replaced("roles.csv", b"primary", b"Primary"), ("roles", 1), ("V4",)),
        (replaced("orgs.csv", b",school,", b",School,"), ("orgs", 2), ("V4",)),
        (replaced("roles.csv", b"ro-" + FIRST + b",,,", b"ro-" + FIRST + b",,"), ("roles", 1), ("ROW-1",)),
        (replaced("demographics.csv", b"2012-03-13", b"2012-02-30"), ("demographics", 1), ("V13",)),
        (replaced("enrollments.csv", b",cl-96012001,", b",,"), ("enrollments", 1), ("V18",)),
    ],
)
def test_a_row_that_breaks_a_rule_of_the_specification_is_refused_by_itself(
    change: Change, place: tuple[str, int], rules: tuple[str, ...], tmp_path: Path, world: World
) -> None:
    found = {(row.file, row.number): row for row in changed(tmp_path, world, change)}
    assert (found[place].outcome, found[place].rules) == (RowOutcome.REFUSE, rules)


def test_what_refers_to_a_refused_row_is_refused_with_it(tmp_path: Path, world: World) -> None:
    rows = changed(tmp_path, world, replaced("users.csv", FIRST + b",,,true", FIRST + b",,,maybe"))
    rules = {row.file: row.rules for row in rows if row.number == 1}
    assert (rules["roles"], rules["demographics"], rules["enrollments"]) == (("REF",),) * 3


def test_a_word_of_ones_own_is_a_token_when_it_says_so(tmp_path: Path, world: World) -> None:
    rows = changed(tmp_path, world, replaced("classes.csv", b"homeroom", b"ext:assembly"))
    assert next(row for row in rows if row.file == "classes").outcome is RowOutcome.ACCEPT


def test_a_second_class_at_the_same_school_is_accepted_and_enrols_nobody_again(tmp_path: Path, world: World) -> None:
    def second(files: Files) -> None:
        cells = b"en-second,,,cl-96012001,SC-2da05aa5ab97," + FIRST + b",student,,,\r\n"
        files["enrollments.csv"] += cells

    rows = changed(tmp_path, world, second)
    assert (rows[-1].outcome, rows[-1].events) == (RowOutcome.ACCEPT, ())


def test_an_enrolment_that_has_ended_is_no_second_one(tmp_path: Path, world: World) -> None:
    rows = changed(tmp_path, world, replaced("enrollments.csv", b",true,2025-05-16,", b",true,2025-05-16,2025-06-01"))
    assert (rows[-1].outcome, rows[-1].events) == (RowOutcome.ACCEPT, ())


def test_a_title_of_courtesy_is_read_from_its_own_column_and_else_follows_from_sex_and_age(
    tmp_path: Path, world: World
) -> None:
    def titled(files: Files) -> None:
        header, *rows = files["users.csv"].split(b"\r\n")
        ends = [row + (b",003" if row.startswith(FIRST) else b",") for row in rows if row]
        files["users.csv"] = b"\r\n".join([header + b",metadata.th.prefixCode", *ends, b""])

    prefixes = [row.events[0]["data"]["prefixCode"] for row in changed(tmp_path, world, titled) if row.events]
    assert prefixes[:3] == ["003", "001", "002"]


def without_resources(files: Files) -> None:
    """The bundle as version 1.2.1 wants it."""
    lines = list(csv.reader(io.StringIO(files["users.csv"].decode())))
    at = lines[0].index("resourceSourcedIds")
    text = io.StringIO()
    csv.writer(text).writerows([*line[:at], *line[at + 1 :]] for line in lines)
    files["users.csv"] = text.getvalue().encode()
    replaced("manifest.csv", b"oneroster.version,1.2", b"oneroster.version,1.2.1")(files)


def test_a_bundle_of_version_1_2_1_says_the_same_without_the_column_that_is_gone(tmp_path: Path, world: World) -> None:
    assert changed(tmp_path, world, without_resources) == judged(SAMPLE, world)


def test_several_identities_of_a_user_stand_side_by_side(tmp_path: Path, world: World) -> None:
    both = b'"{SIS:7}, {TH-CITIZEN:9900007688569}"'
    rows = changed(tmp_path, world, replaced("users.csv", b"{TH-CITIZEN:9900007688569}", both))
    assert [row.events for row in rows] == [row.events for row in judged(SAMPLE, world)]
