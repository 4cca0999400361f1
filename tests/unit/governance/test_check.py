"""``check`` names every fault of a folder; each lint is shown one folder that it must not let pass."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from saan.governance.check import check

AVRO = "avro/student.counted.avsc"
ENTRY = "catalogue/student.counted.yaml"
SCHOOL = "participants/sis-1.yaml"
OFFICE = "participants/peo-96.yaml"
TIES = "organisations/ties.csv"
SCHOOLS = "organisations/schools.csv"
STANDARD = "standard.csv"


@dataclass(frozen=True)
class Spoiled:
    """One text replaced in one file of the good folder, and the fault it must give: file, field, English words."""

    name: str
    file: str
    old: str
    new: str
    said: str
    at: str = ""
    field: str = ""


SPOILED = (
    Spoiled("not JSON", AVRO, '"fields": [', '"fields": ', "not JSON"),
    Spoiled("outermost no record", AVRO, '"type": "record",\n  "name": "StudentCounted"', '"type": "x"', "a record"),
    Spoiled("no namespace", AVRO, '"namespace": "th.saan.student",', "", "namespace", field="namespace"),
    Spoiled("no doc of the record", AVRO, '"doc": "A learner was counted.",', "", "needs a doc"),
    Spoiled("field name not ASCII", AVRO, '"name": "caseCode"', '"name": "กรณี"', "not plain ASCII"),
    Spoiled("symbol not ASCII", AVRO, '"SUBJECT_UID", ', '"ไทย", ', "not plain ASCII", field="idType"),
    Spoiled("symbol twice", AVRO, '"SUBJECT_UID", ', '"CITIZEN_ID", ', "stands twice", field="idType"),
    Spoiled("enum without default", AVRO, '"UNKNOWN"], "default": "UNKNOWN"', '"UNKNOWN"]', "enum needs a default"),
    Spoiled("enum default no symbol", AVRO, '"default": "UNKNOWN"', '"default": "NONE"', "one of its symbols"),
    Spoiled(
        "default does not fit", AVRO, '"type": "int", "default": 0', '"type": "int", "default": "0"', "does not fit"
    ),
    Spoiled("nullable without default", AVRO, '"default": null, "class": "C3x"', '"class": "C3x"', "default null"),
    Spoiled("another union", AVRO, '["null", "string"]', '["string", "null"]', "the only unions"),
    Spoiled("alias taken", AVRO, '"aliases": ["scores"]', '"aliases": ["fee"]', "taken by another field"),
    Spoiled("unknown logical type", AVRO, '"logicalType": "date"', '"logicalType": "day"', "is not in use"),
    Spoiled(
        "logical type on another", AVRO, '{"type": "int", "logical', '{"type": "long", "logical', "must stand on int"
    ),
    Spoiled("decimal without precision", AVRO, '"precision": 7, ', "", "a precision"),
    Spoiled("scale beyond precision", AVRO, '"scale": 2', '"scale": 9', "a scale within it"),
    Spoiled(
        "unknown type", AVRO, '"name": "idValue", "type": "string"', '"name": "idValue", "type": "text"', "no type text"
    ),
    Spoiled("no Thai label", AVRO, '"label_th": "เพศ", ', "", "needs a label_th", field="genderCode"),
    Spoiled("no English label", AVRO, '"label_en": "gender", ', "", "needs a label_en"),
    Spoiled("no doc of a field", AVRO, ', "doc": "List gender."', "", "needs a doc"),
    Spoiled("no standard", AVRO, '"standard": "StudentGenderCode", ', "", "needs a standard"),
    Spoiled("no class", AVRO, '"class": "C3", ', "", "class must be one of"),
    Spoiled("unknown class", AVRO, '"class": "C3"', '"class": "C9"', "class must be one of"),
    Spoiled("type defined twice", AVRO, '"name": "Mark"', '"name": "IdType"', "defined twice"),
    Spoiled("no fields", AVRO, '"fields": [', '"fields": 5, "x": [', "a record without fields"),
    Spoiled("field without name", AVRO, '{"name": "caseCode", ', "{", "an object with a name"),
    Spoiled("alias is no name", AVRO, '"aliases": ["scores"]', '"aliases": 5', "not plain ASCII"),
    Spoiled("symbols no list", AVRO, '["CITIZEN_ID", "SUBJECT_UID", "UNKNOWN"]', '"X"', "a list of symbols"),
    Spoiled(
        "record by its name",
        AVRO,
        '"name": "marks",',
        '"name": "m", "type": "StudentCounted"}, {"name": "marks",',
        "out again",
    ),
    Spoiled(
        "sensitive beside ordinary",
        AVRO,
        '"class": "C1", "standard": "StudentGenderCode"',
        '"class": "C2k", "standard": "StudentGenderCode"',
        "genderCode is ordinary and shares the event with the sensitive caseCode; split the event",
        at=ENTRY,
    ),
    Spoiled(
        "sensitive within a list beside ordinary",
        AVRO,
        '"name": "points", "type": "int", "default": 0, "class": "C1"',
        '"name": "points", "type": "int", "default": 0, "class": "C2"',
        "marks.points is ordinary",
        at=ENTRY,
    ),
    Spoiled("sensitive under an ordinary class", ENTRY, "class: C3", "class: C2k", "itself of class C3 or C3x"),
    Spoiled("record misnamed", AVRO, '"StudentCounted"', '"Counted"', "must be called", at=ENTRY),
    Spoiled("unknown key", ENTRY, "domain: student", "domain: student\nowner: me", "not known", field="owner"),
    Spoiled("missing key", ENTRY, "retention: register\n", "", "missing", field="retention"),
    Spoiled("key twice", ENTRY, "domain: student", "domain: student\ndomain: school", "stands twice"),
    Spoiled("not YAML", ENTRY, "roles: [provincial-office]", "roles: [provincial-office", "not readable as YAML"),
    Spoiled(
        "file misnamed", ENTRY, "event: student.counted", "event: student.told", "must be called student.told.yaml"
    ),
    Spoiled("no subject", ENTRY, "subject: {kind: learner, fields: [idType, idValue]}\n", "", "names its `subject`"),
    Spoiled("control with rules", ENTRY, "domain: student", "domain: student\ncontrol: true", "a control type has no"),
    Spoiled(
        "schema not there", ENTRY, "schema: student.counted.avsc", "schema: student.gone.avsc", "there is no avro/"
    ),
    Spoiled("schema orphaned", ENTRY, "schema: student.counted", "schema: student.gone", "no catalogue entry", at=AVRO),
    Spoiled("subject no field", ENTRY, "[idType, idValue]}", "[idType, idNumber]}", "no field idNumber"),
    Spoiled("subject nullable", ENTRY, "[idType, idValue]}", "[idType, genderCode]}", "must not be nullable"),
    Spoiled("learner by one field", ENTRY, "[idType, idValue]}", "[idValue]}", "identified by two fields"),
    Spoiled("school no field", ENTRY, "school: schoolUid\n", "school: schoolId\n", "no field schoolId", field="school"),
    Spoiled("concerns no field", ENTRY, "concerns: [schoolUid]", "concerns: [schoolId]", "no field schoolId"),
    Spoiled(
        "links no field",
        ENTRY,
        "roles: [prov",
        "links: [idType, idNumber]\nroles: [prov",
        "no field idNumber",
        field="links[1]",
    ),
    Spoiled("links nullable", ENTRY, "roles: [prov", "links: [idType, caseCode]\nroles: [prov", "must not be nullable"),
    Spoiled("links one field", ENTRY, "roles: [prov", "links: [idType]\nroles: [prov", "kind and the value"),
    Spoiled(
        "closes without a note",
        ENTRY,
        "roles: [prov",
        "closes: {note: status, values: [x]}\nroles: [prov",
        "notes its status",
    ),
    Spoiled("history no date", ENTRY, "on: effectiveDate", "on: idValue", "is not a date", field="history[0].on"),
    Spoiled("unknown rule kind", ENTRY, "kind: citizen_id", "kind: citizen", "no rule kind citizen"),
    Spoiled("unknown rule parameter", ENTRY, "list: gender}", "list: gender, lst: x}", "no such parameter"),
    Spoiled("rule parameter missing", ENTRY, "field: genderCode, list: gender", "field: genderCode", "mandatory"),
    Spoiled("rule field unknown", ENTRY, "field: genderCode, list", "field: gender, list", "no field gender"),
    Spoiled("rule list unknown", ENTRY, "list: gender}", "list: sex}", "no code list sex"),
    Spoiled("inner field unknown", ENTRY, "field: points", "field: point", "no field point", field="rules[3].rules[0]"),
    Spoiled("inner kind missing", ENTRY, "code: V14, kind: range, ", "code: V14, ", "a code and a kind"),
    Spoiled("unknown rule code", ENTRY, "code: V1,", "code: V99,", "not valid", field="rules[0].code"),
    Spoiled("same rule twice", ENTRY, "field: religionCode, list", "field: genderCode, list", "stands above"),
    Spoiled("message unknown name", ENTRY, "list: gender}", 'list: gender, message: {en: "{nobody}"}}', "be prepared"),
    Spoiled("accepted is refused", ENTRY, "drop: [genderCode]", 'set: {genderCode: "7"}', "V4 at genderCode"),
    Spoiled("accepted is warned", ENTRY, "drop: [genderCode]", 'set: {religionCode: "7"}', "V4 at religionCode"),
    Spoiled("warned is accepted", ENTRY, 'religionCode: "7"', 'religionCode: "1"', "V4 at religionCode was not found"),
    Spoiled("rejected is accepted", ENTRY, '"9900007680666"', '"9900007680665"', "it is accepted"),
    Spoiled("rejected elsewhere", ENTRY, "path: genderCode", "path: idValue", "V4 at idValue was not found"),
    Spoiled("rejected otherwise", ENTRY, "because: V1,", "because: V3,", "V3 at idValue was not found"),
    Spoiled("only one accepted", ENTRY, "    - {from: 0, drop: [genderCode]}\n", "", "at least two"),
    Spoiled("example from nothing", ENTRY, "{from: 0, drop", "{from: 9, drop", "no accepted example of this number"),
    Spoiled("example from itself", ENTRY, "{from: 0, drop", "{from: 1, drop", "no accepted example of this number"),
    Spoiled("example without school", ENTRY, "schoolUid: SC-000000000001", "schoolUid: SC-000000000002", "may publish"),
    Spoiled(
        "example without date", ENTRY, 'effectiveDate: "2025-06-02"', "effectiveDate: today", "needs an effectiveDate"
    ),
    Spoiled("example by nobody", ENTRY, "from: 0, drop", "envelope: {source: x}, from: 0, drop", "no such participant"),
    Spoiled(
        "rule never broken",
        ENTRY,
        '    - {because: V4, path: genderCode, from: 0, set: {genderCode: "7"}}\n',
        "",
        "breaks",
    ),
    Spoiled(
        "inner rule never broken", ENTRY, "points: 101", "points: 7", "breaks this rule", field="rules[3].rules[0]"
    ),
    Spoiled(
        "rule on another type",
        ENTRY,
        "kind: citizen_id, type: idType, value: idValue",
        "kind: range, field: idValue, min: 0, max: 9",
        "does not fit the type",
    ),
    Spoiled("example has neither", ENTRY, "{from: 0, drop", "{drop", "either `data` or `from`"),
    Spoiled("unknown event published", SCHOOL, "publishes: [student.counted]", "publishes: [a.b]", "no event type a.b"),
    Spoiled("kind may not publish", SCHOOL, "kind: school", "kind: fund", "does not let a fund publish"),
    Spoiled("publisher without purpose", SCHOOL, "purposes: [REGISTER]\n", "", "names the purposes"),
    Spoiled("unknown purpose", SCHOOL, "[REGISTER]", "[GOSSIP]", "no purpose GOSSIP", field="purposes[0]"),
    Spoiled("unknown organisation", SCHOOL, "[SC-000000000001]", "[SC-9]", "no organisation SC-9"),
    Spoiled("unknown participant key", SCHOOL, "kafka: true", "kafca: true", "not known", field="kafca"),
    Spoiled(
        "participant called as station",
        SCHOOL,
        "id: sis-1",
        "id: router",
        "name of a station",
        at="participants/router.yaml",
    ),
    Spoiled("unknown event received", OFFICE, "events: [student.counted]", "events: [a.b]", "no event type a.b"),
    Spoiled("kind may not receive", OFFICE, "kind: provincial-office", "kind: fund", "does not let a fund receive"),
    Spoiled("unknown agreed purpose", OFFICE, "[REGISTER]", "[GOSSIP]", "no purpose GOSSIP"),
    Spoiled("unknown scope", OFFICE, "scope: [PEO-96]", "scope: [PEO-97]", "no organisation PEO-97"),
    Spoiled("unknown withheld field", OFFICE, "withheld: [marks]", "withheld: [mark]", "field mark"),
    Spoiled("unknown granted field", OFFICE, "granted: [religionCode]", "granted: [religion]", "field religion"),
    Spoiled("granted and withheld", OFFICE, "withheld: [marks]", "withheld: [religionCode]", "granted and withheld"),
    Spoiled("protected field granted", OFFICE, "granted: [religionCode]", "granted: [caseCode]", "protected cases"),
    Spoiled("protected ceiling", OFFICE, "ceiling: C2k", "ceiling: C3x", "C3x is never routed"),
    Spoiled("condition on no field", OFFICE, "where: {idType", "where: {kind", "no field kind"),
    Spoiled("condition never true", OFFICE, "[CITIZEN_ID]}", "[PASSPORT]}", "never PASSPORT"),
    Spoiled("condition on no code", OFFICE, "idType: [CITIZEN_ID]", 'genderCode: ["7"]', "genderCode is never 7"),
    Spoiled("outbox without publishing", SCHOOL, "publishes: [student.counted]", "publishes: []", "it has no outbox"),
    Spoiled("ends before it begins", OFFICE, "valid_to: 2030-01-01", "valid_to: 2020-01-01", "lies after `valid_from`"),
    Spoiled(
        "no date", OFFICE, "valid_from: 2025-01-01", "valid_from: soon", "not valid", field="agreements[0].valid_from"
    ),
    Spoiled("topic missing", "topics.yaml", "id: ledger", "id: diary", "topic ledger is missing"),
    Spoiled("topic twice", "topics.yaml", "id: ledger", "id: quarantine", "topic quarantine stands twice"),
    Spoiled("unknown station", "topics.yaml", "read: [router]", "read: [postman]", "postman is no station"),
    Spoiled(
        "participant without topic", "topics.yaml", "write: [gateway]", 'write: ["{participant}"]', "is no station"
    ),
    Spoiled("only without participant", "topics.yaml", "key: station", "key: station\n    only: kafka", "goes with"),
    Spoiled(
        "fewer when national",
        "topics.yaml",
        "{small: 1, national: 16}",
        "{small: 32, national: 16}",
        "fewer partitions",
    ),
    Spoiled(
        "compacted but not kept", "topics.yaml", "24h\n    cleanup: delete", "24h\n    cleanup: compact", "kept forever"
    ),
    Spoiled(
        "keys moved that are read by number",
        "topics.yaml",
        "id: checked.{domain}",
        "id: checked.{domain}\n    moved: {checked.student: 8}",
        "checked.student cannot move",
    ),
    Spoiled(
        "another entry's topic moved", "topics.yaml", "id: ledger", "id: ledger\n    moved: {diary: 8}", "cannot move"
    ),
    Spoiled("bad retention", "topics.yaml", "retention: 24h", "retention: 24", "not valid"),
    Spoiled("code twice", "codes/gender.csv", "2,หญิง", "1,หญิง", "the code 1 stands twice"),
    Spoiled("code without name", "codes/gender.csv", "2,หญิง", "2,", "no Thai name"),
    Spoiled("code with blanks", "codes/gender.csv", "2,หญิง", "2 ,หญิง", "1 to 40 Latin letters"),
    Spoiled("index counts otherwise", "codes/gender.csv", "2,หญิง,female,\n", "", "1 rows, not 2", at="codes/index.csv"),
    Spoiled(
        "version of none", "codes/index.csv", "gender.csv,1", "gender.csv,one", "whole number", field="gender version"
    ),
    Spoiled("version from no day", "codes/index.csv", "2,2000-01-01", "2,2543-01-32", "2009-12-26", field="valid_from"),
    Spoiled("list without English name", "codes/index.csv", "เพศ,gender", "เพศ,", "and a name_en"),
    Spoiled("values of which none is there", "codes/index.csv", "full,F,M,I", "none,F,M,I", "exactly when"),
    Spoiled("no value and yet full", "codes/index.csv", "0,none", "0,partial", "exactly when"),
    Spoiled("mark of none", "codes/index.csv", "full,F,M,I", "full,F,X,I", "en_mark is one of"),
    Spoiled("column of its own", "codes/gender.csv", "name_en,note", "name_en,note,remarks", "the column remarks"),
    Spoiled("column twice", "codes/gender.csv", "name_en,note", "name_en,note,note", "the column note"),
    Spoiled(
        "code twice at a time",
        "codes/district.csv",
        ",,2000-01-01,\n",
        ",,2000-01-01,2010-01-01\n9601,x,y,,2009-12-31,\n",
        "same time",
    ),
    Spoiled(
        "list not in index",
        "codes/index.csv",
        "grade level,grade-level.csv",
        "grade level,",
        "no row",
        at="codes/grade-level.csv",
    ),
    Spoiled(
        "list not there",
        "codes/index.csv",
        "budget-type.csv",
        "budget.csv",
        "file is missing",
        at="codes/budget.csv",
    ),
    Spoiled("two lists, one name", "codes/index.csv", "CLS_PROVINCE", "CLS_GENDER", "two lists have"),
    Spoiled("list without name", "codes/index.csv", "CLS_GENDER,เพศ", "CLS_GENDER,", "a cls_name, a name_th"),
    Spoiled("list without column", "codes/gender.csv", "name_en", "english", "lacks the column name_en"),
    Spoiled("ragged line", "codes/gender.csv", "2,หญิง,female,", "2,หญิง", "line 3 has 2 cells"),
    Spoiled("bad validity", "codes/district.csv", "2000-01-01", "2543", "dates like"),
    Spoiled("validity backwards", "codes/district.csv", "2000-01-01,", "2000-01-01,1999-01-01", "after valid_from"),
    Spoiled("district nowhere", "codes/district.csv", "9601", "9501", "lies in no province"),
    Spoiled(
        "crosswalk to no list", "codes/crosswalk.csv", "CLS_GENDER,OBEC-DMC,M", "CLS_SEX,OBEC-DMC,M", "no list CLS_SEX"
    ),
    Spoiled("crosswalk to no code", "codes/crosswalk.csv", "ชาย,1,", "ชาย,9,", "has no code 9"),
    Spoiled("crosswalk twice", "codes/crosswalk.csv", "OBEC-DMC,X", "OBEC-DMC,M", "stands twice for CLS_GENDER"),
    Spoiled("organisation twice", SCHOOLS, "SC-000000000002", "SC-000000000001", "stands twice"),
    Spoiled("organisation nameless", SCHOOLS, "โรงเรียนตัวอย่างสอง", "", "an id and a name_th"),
    Spoiled("organisation of no kind", SCHOOLS, "2,school,", "2,scool,", "the kind is one of"),
    Spoiled("official code twice", SCHOOLS, "96990002", "96990001", "belongs to SC-000000000001 already"),
    Spoiled("no province", SCHOOLS, "สอง,,96,", "สอง,,97,", "no province 97"),
    Spoiled("no grade level", SCHOOLS, "96990002,311", "96990002,312", "no grade level 312"),
    Spoiled("school dates", SCHOOLS, "สอง,,96,,", "สอง,,96,2020,", "dates like"),
    Spoiled("tie to nobody", TIES, "SC-000000000001,PEO-96", "SC-000000000001,PEO-97", "no organisation PEO-97"),
    Spoiled("school untied", TIES, "SC-000000000001,PEO-96,,,F\n", "", "tied to no office"),
    Spoiled("tied twice", TIES, "PEO-96,MOE,,,F", "PEO-96,MOE,,,F\nPEO-96,MOE,,,F", "twice"),
    Spoiled("ties in a circle", TIES, "PEO-96,MOE,,,F", "PEO-96,MOE,,,F\nMOE,PEO-96,,,F", "lead back"),
    Spoiled("tie dates", TIES, "2020-01-01", "01/01/2563", "dates like"),
    Spoiled("not of the standard", AVRO, '"StudentGenderCode"', '"StudentGender"', "no field of the tables (STUDENT)"),
    Spoiled("field travels nowhere", AVRO, '"StudentGenderCode"', '""', "travels in no event", at=STANDARD),
    Spoiled("no table named", ENTRY, "tables: [STUDENT]\n", "", "no field of the tables (no table)", at=AVRO),
    Spoiled("table unknown", ENTRY, "[STUDENT]", "[STUDENT, PUPIL]", "has no table PUPIL", field="tables[1]"),
    Spoiled("carried and excused", STANDARD, "Code,F,,,", "Code,F,,ไม่ส่ง,not sent", "take its reason out"),
    Spoiled("carried and awaited", STANDARD, "Code,F,,", "Code,F,yes,", "take `awaited` out"),
    Spoiled("one language", STANDARD, "ภาพถ่าย", "", "in both languages", field="line 5"),
    Spoiled("field twice", STANDARD, "ImageStudent", "StudentGenderCode", "stands twice"),
    Spoiled("purpose without law", "purposes.yaml", "law: made for a test, ", "", "missing"),
)


def test_the_good_folder_has_no_fault(folder: Path) -> None:
    assert check(folder) == []


@pytest.mark.parametrize("case", SPOILED, ids=lambda case: case.name)
def test_one_spoiled_file_is_named_with_its_field(folder: Path, case: Spoiled) -> None:
    path = folder / case.file
    text = path.read_text(encoding="utf-8")
    assert case.old in text, "the test no longer fits the good folder"
    path.write_text(text.replace(case.old, case.new, 1), encoding="utf-8")
    faults = check(folder)
    named = [f for f in faults if f.file == (case.at or case.file) and case.said in f.said_en and case.field in f.field]
    assert named, faults
    assert all(fault.said_th and fault.said_en for fault in faults)


@pytest.mark.parametrize(
    "file",
    ["topics.yaml", "purposes.yaml", "codes/index.csv", "codes/crosswalk.csv", "organisations/ties.csv", STANDARD],
)
def test_a_missing_file_is_a_fault_and_no_crash(folder: Path, file: str) -> None:
    (folder / file).unlink()
    assert any(fault.file == file and fault.said_en == "the file is missing" for fault in check(folder))


@pytest.mark.parametrize("part", ["avro", "catalogue", "participants", "organisations"])
def test_an_empty_folder_is_a_fault_and_no_crash(folder: Path, part: str) -> None:
    for path in (folder / part).iterdir():
        path.unlink()
    assert any(fault.file == part for fault in check(folder))


def test_a_folder_that_is_not_there_is_faults_and_no_crash(tmp_path: Path) -> None:
    assert {fault.file for fault in check(tmp_path / "nowhere")} >= {"avro", "catalogue", "participants", "topics.yaml"}


@pytest.mark.parametrize("file", [AVRO, ENTRY, "codes/gender.csv"])
def test_a_file_that_is_not_utf_8_is_a_fault_and_no_crash(folder: Path, file: str) -> None:
    (folder / file).write_bytes("นักเรียน".encode("cp874"))
    assert any(fault.file == file and "UTF-8" in fault.said_en for fault in check(folder))


def test_all_faults_are_named_at_once(folder: Path) -> None:
    for file in ("topics.yaml", "purposes.yaml", ENTRY, SCHOOL):
        (folder / file).write_text("surprise: 1\n", encoding="utf-8")
    assert {fault.file for fault in check(folder)} >= {"topics.yaml", "purposes.yaml", ENTRY, SCHOOL}


def test_a_second_meaning_of_a_view_is_refused(folder: Path) -> None:
    first = (folder / OFFICE).read_text(encoding="utf-8")
    second = first.replace("id: peo-96", "id: peo-97").replace("AG-1", "AG-2").replace("[marks]", "[genderCode]")
    (folder / "participants/peo-97.yaml").write_text(second, encoding="utf-8")
    assert any("rename it" in fault.said_en and fault.field == "agreements[0].view" for fault in check(folder))


def test_an_agreement_id_belongs_to_one_participant(folder: Path) -> None:
    again = (folder / OFFICE).read_text(encoding="utf-8").replace("id: peo-96", "id: peo-97")
    (folder / "participants/peo-97.yaml").write_text(again, encoding="utf-8")
    assert any("has an agreement of this id" in fault.said_en for fault in check(folder))


def test_a_view_that_leaves_nothing_is_refused(folder: Path) -> None:
    names = "schoolUid, effectiveDate, idType, idValue, genderCode, religionCode, fee, tags, marks"
    path = folder / OFFICE
    text = (
        path.read_text(encoding="utf-8").replace("[marks]", f"[{names}]").replace("    granted: [religionCode]\n", "")
    )
    path.write_text(text, encoding="utf-8")
    assert any("leaves nothing" in fault.said_en for fault in check(folder))


def test_two_entries_cannot_share_a_schema(folder: Path) -> None:
    entry = (folder / ENTRY).read_text(encoding="utf-8").replace("event: student.counted", "event: student.told")
    (folder / "catalogue/student.told.yaml").write_text(entry, encoding="utf-8")
    assert any("one event type, one schema" in fault.said_en for fault in check(folder))


@pytest.mark.parametrize(
    ("before", "after", "field"),
    [
        ('closes: {on: "06-10"', 'closes: {on: "05-10"', "rounds.JUN10"),
        ('opens: {on: "05-16"', 'opens: {on: "02-29"', "rounds.JUN10"),
        ("semester: 1", "semester: 4", "rounds.JUN10.semester"),
    ],
)
def test_rounds_that_cannot_be_kept_are_faults(folder: Path, before: str, after: str, field: str) -> None:
    file = folder / "rounds.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    assert [(fault.file, fault.field) for fault in check(folder)] == [("rounds.yaml", field)]


def test_an_exception_to_a_round_that_is_not_there_is_a_fault(folder: Path) -> None:
    file = folder / "rounds.yaml"
    order = "exceptions: [{round: DEC1, year: 2569, order: none, mark: M}]\n"
    file.write_text(file.read_text(encoding="utf-8") + order, encoding="utf-8")
    assert [(fault.file, fault.field) for fault in check(folder)] == [("rounds.yaml", "exceptions[0].round")]


def test_a_control_event_that_concerns_no_school_holds_nothing_above_c0(folder: Path) -> None:
    """Whoever subscribes to it gets all of it, so an agreement over it leaves nothing out either."""
    labels = '"doc": "d", "label_th": "ก", "label_en": "a", "standard": ""'
    schema = '{"type": "record", "name": "ListMade", "namespace": "th.saan.control", "doc": "d", "fields": [%s]}'
    (folder / "catalogue/list.made.yaml").write_text(
        "{event: list.made, schema: list.made.avsc, title: {th: ก, en: a}, domain: control, class: C0, control: true, "
        "roles: [provincial-office], retention: register}",
        encoding="utf-8",
    )
    office = folder / OFFICE
    written = office.read_text(encoding="utf-8")
    for data_class, events, said in (
        ("C0", "[student.counted]", set()),
        ("C1", "[student.counted]", {"list must be C0: whoever subscribes to a control type gets all of it"}),
        (
            "C0",
            "[student.counted, list.made]",
            {
                "list.made reaches its recipients whole; put it into an agreement without `where` and `withheld`",
                "list.made has no field idType: nothing would ever pass",
            },
        ),
    ):
        field = f'{{"name": "list", "type": "string", "class": "{data_class}", {labels}}}'
        (folder / "avro/list.made.avsc").write_text(schema % field, encoding="utf-8")
        office.write_text(written.replace("[student.counted]", events), encoding="utf-8")
        assert {fault.said_en for fault in check(folder)} == said


def test_a_control_event_that_concerns_a_school_is_handed_over_like_any_other(folder: Path) -> None:
    labels = '"doc": "d", "label_th": "ก", "label_en": "a", "standard": ""'
    fields = ", ".join(
        f'{{"name": "{name}", "type": "string", "class": "{data_class}", {labels}}}'
        for name, data_class in (("schoolUid", "C1"), ("idType", "C2k"))
    )
    schema = '{"type": "record", "name": "CaseMade", "namespace": "th.saan.control", "doc": "d", "fields": [%s]}'
    (folder / "avro/case.made.avsc").write_text(schema % fields, encoding="utf-8")
    (folder / "catalogue/case.made.yaml").write_text(
        "{event: case.made, schema: case.made.avsc, title: {th: ก, en: a}, domain: control, class: C2k, control: true, "
        "concerns: [schoolUid], roles: [provincial-office], retention: register}",
        encoding="utf-8",
    )
    office = folder / OFFICE
    written = office.read_text(encoding="utf-8")
    office.write_text(written.replace("[student.counted]", "[student.counted, case.made]"), encoding="utf-8")

    assert check(folder) == []
