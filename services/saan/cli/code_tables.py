"""How code lists, what changed in one, and a preview are shown: tables for people, plain values for JSON."""

from collections.abc import Iterable, Sequence
from typing import Any

from saan.cli.printing import as_json, as_table
from saan.core.calendar import to_date
from saan.core.code_changes import CodeChange, What
from saan.core.codes import Code, CodeList
from saan.governance.edition import Edition
from saan.governance.preview import Preview
from saan.wire.tables import MARKS

_SHOWN = 50
_SAID = {
    What.ADDED: "เพิ่ม · added",
    What.RETIRED: "สิ้นสุด · retired",
    What.VALIDITY: "ช่วงเวลาเปลี่ยน · validity",
    What.RENAMED: "เปลี่ยนชื่อ · renamed",
    What.NOTE: "หมายเหตุเปลี่ยน · note",
    What.GONE: "หายไป · gone",
}


def lists(all_lists: Sequence[CodeList], *, json: bool) -> None:
    """Every list, one line each."""
    rows = [_plain_list(one) for one in all_lists]
    if json:
        as_json(rows)
        return
    columns = (
        "รายการ · list",
        "ชื่อมาตรฐาน · official",
        "ชื่อ · title",
        "#รุ่น · version",
        "#รหัส · codes",
        "ครบ",
        "แน่ใจ · sure",
    )
    shown = [
        (
            row["name"],
            row["official"],
            f"{row['title']['th']}\n{row['title']['en']}",
            row["version"],
            row["codes"],
            row["provenance"]["completeness"],
            _sure(*(row["provenance"].get(mark, "") for mark in MARKS)),
        )
        for row in rows
    ]
    as_table(f"{len(rows)} รายการรหัส · code lists (th/en/code)", columns, shown)


def codes(one: CodeList, day: int | None, *, json: bool) -> None:
    """The codes of a list, all of them or those valid on a day, as they are then."""
    found = [code for code in _on(one, day) if code is not None]
    if json:
        as_json({**_plain_list(one), "codes": [_plain_code(code) for code in found]})
        return
    print(f"{one.official} · {one.title['th']} · {one.title['en']}")
    print(f"รุ่นที่ · version {one.version}, {_since(one.valid_from)}; {one.provenance.get('source', '')}")
    if not one.codes:
        print("รายการนี้ยังไม่มีค่า · this list has no values yet: any code is taken, and flagged")
    if remark := one.provenance.get("remark"):
        print(remark)
    listed = [one.provenance.get(mark, "") for mark in MARKS]
    rows = [(c.code, c.th, c.en, _times(c), _sure(*map(_or, c.marks, listed))) for c in found]
    columns = ("รหัส · code", "ชื่อ", "name", "ใช้ได้ · valid", "แน่ใจ · sure")
    as_table(f"{len(rows)} รหัส · codes (th/en/code)", columns, rows)


def difference(before: CodeList, found: Sequence[CodeChange]) -> None:
    """What is different, code by code."""
    if not found:
        print(f"ไม่ต่างจากรุ่นที่ {before.version} · the same as version {before.version}")
        return
    rows = [(one.code, _SAID[one.what], _line(one.before), _line(one.after)) for one in found]
    columns = ("รหัส · code", "สิ่งที่เปลี่ยน · change", "เดิม · before", "ใหม่ · after")
    as_table(f"{before.official}: {len(rows)} ข้อ · changes since version {before.version}", columns, rows)


def preview(seen: Preview) -> None:
    """What a new version would have refused."""
    print(f"ตรวจย้อน {seen.judged:,} จาก {seen.read:,} เหตุการณ์ที่เก็บไว้ · retained events decided again: {seen.judged:,}")
    if seen.unreadable:
        print(f"อ่านไม่ได้ {seen.unreadable:,} เหตุการณ์ · could not be read: {seen.unreadable:,}")
    counts = [(*key, n, seen.flagged.get(key, 0)) for key, n in sorted(seen.refused.items())]
    counts += [(*key, 0, n) for key, n in sorted(seen.flagged.items()) if key not in seen.refused]
    if not counts:
        print("ไม่มีเหตุการณ์ใดที่จะไม่รับ · none of them would be refused or flagged")
        return
    columns = ("ชนิด · type", "ผู้ส่ง · publisher", "#จะไม่รับ · refused", "#จะเตือน · flagged")
    as_table("ผลถ้าใช้รุ่นใหม่ · what the new version would do", columns, counts)
    rows = [(one.event_id, one.type, one.finding.path, one.finding.th, one.finding.en) for one in seen.named[:_SHOWN]]
    if rows:
        as_table("จะไม่รับ · would be refused", ("id", "ชนิด · type", "ช่อง · field", "เหตุ", "reason"), rows)
    if seen.refused.total() > len(rows):
        print(f"อีก {seen.refused.total() - len(rows):,} เหตุการณ์ · and more: see --json")


def plain_edition(made: Edition, seen: Preview, *, applied: bool) -> dict[str, Any]:
    """A version and its preview as plain values. ``named`` holds the first thousand records that would be refused."""
    return {
        "list": made.after.official,
        "version": made.after.version,
        "valid_from": _day(made.after.valid_from),
        "applied": applied,
        "changes": [plain_change(one) for one in made.changes],
        "retained": {"read": seen.read, "judged": seen.judged, "unreadable": seen.unreadable},
        "refused": _counts(seen.refused.items()),
        "flagged": _counts(seen.flagged.items()),
        "named": [
            {
                "id": one.event_id,
                "type": one.type,
                "publisher": one.publisher,
                "place": one.place,
                "code": one.finding.code,
                "path": one.finding.path,
                "th": one.finding.th,
                "en": one.finding.en,
            }
            for one in seen.named
        ],
    }


def plain_change(one: CodeChange) -> dict[str, Any]:
    sides = {"before": one.before, "after": one.after}
    return {
        "code": one.code,
        "change": str(one.what),
        **{side: None if code is None else _plain_code(code) for side, code in sides.items()},
    }


def _counts(found: Iterable[tuple[tuple[str, str], int]]) -> list[dict[str, Any]]:
    return [{"type": type, "publisher": publisher, "events": n} for (type, publisher), n in sorted(found)]


def _on(one: CodeList, day: int | None) -> Iterable[Code | None]:
    if day is not None:
        return (code.on(day) for code in one.codes.values())
    return (row for code in one.codes.values() for row in (code, *code.earlier))


def _plain_list(one: CodeList) -> dict[str, Any]:
    return {
        "name": one.name,
        "official": one.official,
        "title": dict(one.title),
        "version": one.version,
        "valid_from": _day(one.valid_from),
        "codes": len(one.codes),
        "provenance": dict(one.provenance),
    }


def _plain_code(code: Code) -> dict[str, Any]:
    times = {"valid_from": _day(code.valid_from), "valid_to": _day(code.valid_to)}
    said = {"code": code.code, "th": code.th, "en": code.en, **times, "note": code.note}
    return said | {f"{name}_mark": mark for name, mark in zip(code.marks._fields, code.marks, strict=True) if mark}


def _line(code: Code | None) -> str:
    return "-" if code is None else f"{code.th} · {code.en}\n{_times(code)}".strip()


def _times(code: Code) -> str:
    """From when to before when; empty for a code that always is valid."""
    return "" if code.always else f"{_day(code.valid_from) or '…'} – {_day(code.valid_to) or '…'}"


def _day(day: int | None) -> str | None:
    return None if day is None else to_date(day).isoformat()


def _since(day: int | None) -> str:
    return "ตั้งแต่ต้น · from the start" if day is None else f"ตั้งแต่ · from {to_date(day).isoformat()}"


def _or(own: str, listed: str) -> str:
    return own or listed


def _sure(*marks: str) -> str:
    return "/".join(mark or "-" for mark in marks) if any(marks) else ""
