"""What a person reads when something goes wrong: one coded sentence and the way out, in Thai and English."""

import errno
import sys
from contextlib import suppress
from typing import Protocol, runtime_checkable

import httpx

from saan.client.errors import ClientError
from saan.wire.log import LogAway, NoSuchInbox
from saan.wire.registry_types import SchemaUnavailable
from saan.wire.trouble import Trouble


@runtime_checkable
class Coded(Protocol):
    """What every error of Saan that is meant for people carries."""

    code: str
    said_th: str
    said_en: str
    fix_th: str
    fix_en: str


class Failure(Exception):
    """An error of the command line itself."""

    def __init__(self, code: str, th: str, en: str, fix_th: str, fix_en: str) -> None:
        self.code, self.said_th, self.said_en, self.fix_th, self.fix_en = code, th, en, fix_th, fix_en
        super().__init__(f"{code}: {en}")


def not_running(folder: object) -> Failure:
    return Failure(
        "cli.not-running",
        f"ไม่มีระบบแลกเปลี่ยนที่ทำงานอยู่ในโฟลเดอร์ {folder}",
        f"No exchange runs in the folder {folder}.",
        "สั่ง saan up (หรือ saan demo) ก่อน หรือเลือกโฟลเดอร์ด้วย --dir หรือระบุ SAAN_BOOTSTRAP ของระบบที่อื่น",
        "Run `saan up` (or `saan demo`) first, name its folder with --dir, or set SAAN_BOOTSTRAP to one elsewhere.",
    )


def no_participant(name: str) -> Failure:
    return Failure(
        "cli.no-participant",
        f"ไม่มีผู้เข้าร่วมชื่อ {name}",
        f"There is no participant {name}.",
        "ดูชื่อที่มีใน schemas/participants",
        "The names are those of the files in schemas/participants.",
    )


def bad_file(path: object, th: str, en: str) -> Failure:
    return Failure(
        "cli.bad-file",
        f"อ่านไฟล์ {path} ไม่ได้: {th}",
        f"The file {path} cannot be used: {en}",
        "แก้ไฟล์ตามที่บอก แล้วสั่งอีกครั้ง",
        "Mend the file as said and run it again.",
    )


def no_inbox(participant: str) -> Failure:
    return Failure(
        "cli.no-inbox",
        f"ระบบนี้ไม่มีกล่องรับของ {participant}",
        f"This exchange has no inbox of {participant}.",
        "ตรวจชื่อใน schemas/participants แล้วสั่ง saan apply ถ้าเพิ่งเพิ่มผู้เข้าร่วม",
        "Check the name in schemas/participants; run `saan apply` if the participant is new.",
    )


def disk_full(path: object) -> Failure:
    where = f" ({path})" if path is not None else ""
    return Failure(
        "cli.disk-full",
        f"ดิสก์เต็ม{where}",
        f"The disk is full{where}.",
        "เพิ่มพื้นที่ว่าง แล้วสั่งอีกครั้ง",
        "Free some space and run it again.",
    )


def report(error: Exception) -> int:
    """Say ``error`` on standard error; the exit code."""
    said = error if isinstance(error, Coded) else _translated(error)
    with suppress(OSError):  # standard error may be a file on a full disk; the exit code tells as well
        print(f"{said.code}: {said.said_th}\n  → {said.fix_th}", file=sys.stderr)
        print(f"{said.code}: {said.said_en}\n  → {said.fix_en}", file=sys.stderr)
    return 1


def _translated(error: Exception) -> Coded:
    if isinstance(error, ClientError):
        said, hint = error.message, error.hint
        return Failure(error.code, said["th"], said["en"], hint.get("th", ""), hint.get("en", ""))
    if isinstance(error, LogAway):
        return Trouble("cluster.away", cause=type(error.__cause__ or error).__name__)
    if isinstance(error, NoSuchInbox):
        return Trouble("cluster.no-topic", name=error)
    if isinstance(error, SchemaUnavailable):
        return Trouble("registry.away", cause=type(error).__name__)
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full(error.filename)
    if isinstance(error, OSError) and error.filename is not None:
        return bad_file(error.filename, error.strerror or "", error.strerror or "")
    if isinstance(error, httpx.HTTPError):
        return Failure(
            "cli.no-answer",
            f"ปลายทางไม่ตอบ ({type(error).__name__})",
            f"The other side does not answer ({type(error).__name__}).",
            "ตรวจด้วย saan lag และ saan doctor ว่าทุกสถานีทำงานอยู่",
            "See with `saan lag` and `saan doctor` whether all stations run.",
        )
    # What the system says of a call quotes nobody; the text of any other error might.
    cause = f"{type(error).__name__}: {error.strerror}" if isinstance(error, OSError) else type(error).__name__
    return Failure(
        "cli.unexpected",
        f"เกิดข้อผิดพลาดที่ไม่คาดไว้ ({cause})",
        f"Something went wrong that nobody foresaw ({cause}).",
        "สั่งอีกครั้งพร้อม --debug แล้วแจ้งผู้ดูแลพร้อมข้อความที่ได้",
        "Run it again with --debug and report what it prints.",
    )
