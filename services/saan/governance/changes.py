"""What applying governance would change, one value per change, said in Thai and in English."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Level(StrEnum):
    """How much care a change needs."""

    HARMLESS = "harmless"
    ATTENTION = "attention"
    """Somebody loses or gains something: data, access or a secret. Read it before applying."""
    REFUSED = "refused"
    """It cannot be made; as long as one such change is in a plan, nothing of the plan is applied."""
    NOTE = "note"
    """Nothing to apply; something about the site that its operator should know."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change. ``kind`` is the room (``rule``, ``schema``, ``topic``, ``access``, ``credential``, ``governance``),

    ``action`` what is done there (``create``, ``change``, ``remove``), ``name`` to what. ``before`` and ``after`` are
    short texts for people. ``payload`` is what ``apply`` needs to do it.
    """

    kind: str
    action: str
    name: str
    level: Level
    said_th: str
    said_en: str
    before: str = ""
    after: str = ""
    payload: Any = field(default=None, compare=False, repr=False)


SAID: dict[str, tuple[str, str]] = {
    "rule": ("ตั้งกฎ {name} ของทะเบียนสคีมาเป็น {after}", "Set the registry's rule {name} to {after}."),
    "schema.create": ("ลงทะเบียนสคีมา {name} รุ่นแรก", "Register the first version of {name}."),
    "schema.change": ("ลงทะเบียนสคีมา {name} รุ่นที่ {after}", "Register version {after} of {name}."),
    "schema.refused": ("สคีมา {name} ใช้ไม่ได้: {why}", "The schema of {name} cannot be used: {why}."),
    "topic.create": ("สร้างหัวข้อ {name} ({after} พาร์ทิชัน)", "Create the topic {name} with {after} partition(s)."),
    "topic.change": ("ตั้งค่าหัวข้อ {name}: {after}", "Configure the topic {name}: {after}."),
    "topic.shorter": (
        "ตั้งค่าหัวข้อ {name}: {after} ข้อมูลที่เก่ากว่านั้นจะถูกลบ",
        "Configure the topic {name}: {after}; older records will be deleted.",
    ),
    "topic.partitions": (
        "หัวข้อ {name} มี {before} พาร์ทิชัน เปลี่ยนเป็น {after} ไม่ได้ เพราะลำดับเหตุการณ์ของคนเดียวกันจะเสีย "
        "ให้คงจำนวนเดิม ใช้หัวข้อชื่อใหม่แล้วเล่นย้อน หรือระบุชื่อใน moved ของ topics.yaml เมื่อผู้อ่านอ่านครบแล้ว",
        "The topic {name} has {before} partition(s) and cannot have {after}: one key's records would lose their order. "
        "Keep the number, or use a topic of another name and replay into it; where readers have read everything, "
        "name it under `moved` in topics.yaml.",
    ),
    "topic.grown": (
        "เพิ่มพาร์ทิชันของหัวข้อ {name} จาก {before} เป็น {after} ตามที่ระบุใน moved: ผู้อ่านต้องอ่านครบก่อน มิฉะนั้นลำดับจะเสีย",
        "Give the topic {name} {after} partitions instead of {before}, as `moved` says: its keys move, so its readers "
        "must have read everything before, or they lose its order.",
    ),
    "topic.fewer": (
        "หัวข้อ {name} มี {before} พาร์ทิชัน แต่กำกับไว้ {after} และ Kafka ลดไม่ได้ สถานีจะไม่เขียนหัวข้อนี้ "
        "ถ้ามีผู้เพิ่มเอง ให้ระบุจำนวนจริงใน moved ของ topics.yaml เมื่อผู้อ่านอ่านครบแล้ว หรือลบหัวข้อเมื่ออ่านครบแล้วสั่ง apply",
        "The topic {name} has {before} partitions where {after} are governed, and Kafka takes none away; stations do "
        "not write to it. If somebody added them, name their number under `moved` in topics.yaml once its readers have "
        "read everything, or delete the topic then and apply again.",
    ),
    "access.create": ("ให้สิทธิ์ {name}: {after}", "Let {name} {after}."),
    "access.remove": ("ถอนสิทธิ์ {name}: {before}", "No longer let {name} {before}."),
    "access.change": ("เปลี่ยนสิทธิ์ {name}: ให้ {after} ถอน {before}", "Let {name} {after}, and no longer {before}."),
    "access.open": (
        "คลัสเตอร์นี้ไม่ตรวจสิทธิ์ ใครก็อ่านและเขียนได้ทุกหัวข้อ",
        "This cluster checks no permissions: anybody may read and write every topic.",
    ),
    "credential.create": ("ออกรหัสให้ {name}", "Issue credentials to {name}."),
    "credential.change": (
        "ประกาศใช้รหัสของ {name} ที่เก็บไว้ในโฟลเดอร์นี้",
        "Put the credentials of {name} that this folder holds in force.",
    ),
    "credential.remove": (
        "ยกเลิกรหัสของ {name} ซึ่งไม่ได้เข้าร่วมแล้ว",
        "Withdraw the credentials of {name}, which takes part no more.",
    ),
    "governance.create": ("ประกาศใช้ {name}", "Put {name} in force."),
    "governance.change": ("ประกาศใช้ {name} ฉบับแก้ไข", "Put the changed {name} in force."),
    "governance.rights": (
        "ประกาศใช้ {name} ฉบับแก้ไข: {after} เปลี่ยน",
        "Put the changed {name} in force; this changes its {after}.",
    ),
    "codes.published": (
        "ประกาศใช้ {name} รุ่นที่ {after} (เดิมรุ่นที่ {before})",
        "Put version {after} of {name} in force, after version {before}.",
    ),
    "codes.same-version": (
        "{name} มีรหัสต่างจากที่ประกาศใช้อยู่แต่ยังเป็นรุ่นที่ {after} (ใช้อยู่รุ่นที่ {before}) ให้เพิ่มเลขรุ่นใน codes/index.csv",
        "{name} has other codes than the one in force and still says version {after} (in force: {before}); raise the "
        "version in codes/index.csv.",
    ),
    "governance.remove": ("เลิกใช้ {name}", "Take {name} out of force."),
}


def change(
    kind: str,
    action: str,
    name: str,
    level: Level,
    *,
    words: str = "",
    before: str = "",
    after: str = "",
    payload: Any = None,
    why: tuple[str, str] = ("", ""),
) -> Change:
    """One change in the words of ``SAID`` (``<kind>.<action>`` or ``words``); ``why`` is a reason, Thai and English."""
    th, en = SAID[words or f"{kind}.{action}"]
    facts = {"name": name, "before": before, "after": after}
    said_th, said_en = th.format(**facts, why=why[0]), en.format(**facts, why=why[1])
    return Change(kind, action, name, level, said_th, said_en, before, after, payload)


def refused(changes: Iterable[Change]) -> list[Change]:
    return [one for one in changes if one.level is Level.REFUSED]


def pending(changes: Iterable[Change]) -> list[Change]:
    """Those that applying would make; empty when the site is as governance says."""
    return [one for one in changes if one.level is not Level.NOTE]
