"""Everything that can go wrong with the local engine, on one page.

Each fault has a code, one sentence and one way out, in Thai and in English. No sentence holds an address of a
download host, a credential or a name of a person.
"""

from __future__ import annotations

from typing import NamedTuple


class Fault(NamedTuple):
    """The wording of one fault. Braces are filled with the facts given to `EngineError`."""

    said_th: str
    said_en: str
    fix_th: str
    fix_en: str


FAULTS: dict[str, Fault] = {
    "engine.no-network": Fault(
        "ดาวน์โหลด {file} ไม่ได้ เพราะติดต่ออินเทอร์เน็ตไม่ได้",
        "{file} could not be downloaded because the internet cannot be reached.",
        "เชื่อมต่ออินเทอร์เน็ต (หรือตั้งค่าพร็อกซี HTTPS_PROXY) แล้วสั่งอีกครั้ง ดาวน์โหลดเพียงครั้งเดียวก็ใช้แบบออฟไลน์ได้",
        "Connect to the internet (or set HTTPS_PROXY) and run it again; after one download it works offline.",
    ),
    "engine.download-broken": Fault(
        "{file} ที่ดาวน์โหลดมาไม่ตรงกับลายนิ้วมือที่กำหนด แม้ลองแล้ว {attempts} ครั้ง จึงทิ้งไฟล์นั้น",
        "{file} did not match its fingerprint in {attempts} downloads and was thrown away.",
        "ตรวจว่าเครือข่ายหรือพร็อกซีไม่ได้แก้ไขไฟล์ แล้วสั่งอีกครั้ง",
        "Check that no proxy on the way rewrites downloads, then run it again.",
    ),
    "engine.not-available": Fault(
        "แหล่งดาวน์โหลดไม่มีไฟล์ {file}",
        "{file} is not offered by the download source.",
        "ถ้าเครือข่ายใช้แหล่งสำรองขององค์กร ให้ผู้ดูแลเพิ่มไฟล์นี้ แล้วสั่งอีกครั้ง",
        "If your network uses a mirror, ask its administrator to add this file, then run it again.",
    ),
    "engine.disk-full": Fault(
        "พื้นที่ดิสก์ไม่พอที่ {path}",
        "There is not enough disk space at {path}.",
        "เพิ่มพื้นที่ว่างอย่างน้อย 1 GB แล้วสั่งอีกครั้ง",
        "Free at least 1 GB and run it again.",
    ),
    "engine.not-writable": Fault(
        "เขียนที่ {path} ไม่ได้",
        "{path} cannot be written.",
        "ให้สิทธิ์เขียนแก่ผู้ใช้นี้ หรือเลือกโฟลเดอร์อื่น",
        "Give this user the right to write there, or choose another folder.",
    ),
    "engine.folder-in-use": Fault(
        "โฟลเดอร์ {path} กำลังถูกใช้โดยโพรเซส {pid}",
        "The folder {path} is in use by process {pid}.",
        "หยุดโพรเซสนั้นก่อน หรือเลือกโฟลเดอร์อื่น",
        "Stop that process first, or choose another folder.",
    ),
    "engine.other-size": Fault(
        "ข้อมูลใน {path} สร้างไว้สำหรับ {had} โบรกเกอร์ แต่สั่งให้เริ่ม {wanted} โบรกเกอร์",
        "The data in {path} was made for {had} broker(s), but {wanted} were asked for.",
        "เริ่มด้วย {had} โบรกเกอร์ หรือเลือกโฟลเดอร์อื่น",
        "Start it with {had} broker(s), or choose another folder.",
    ),
    "engine.unreadable-state": Fault(
        "อ่านไฟล์ {path} ไม่ได้",
        "The file {path} cannot be read.",
        "ลบไฟล์นั้นถ้าไม่ต้องการข้อมูลเดิม หรือเลือกโฟลเดอร์อื่น",
        "Restore that file, remove the folder if its data is not needed, or choose another folder.",
    ),
    "engine.no-port": Fault(
        "ไม่มีพอร์ตว่างบน 127.0.0.1 ในช่วง {low}–{high}",
        "No port between {low} and {high} is free on 127.0.0.1.",
        "ปิดโปรแกรมที่ใช้พอร์ตในช่วงนี้ แล้วสั่งอีกครั้ง",
        "Close programs that hold ports of this range and run it again.",
    ),
    "engine.format-failed": Fault(
        "เตรียมที่เก็บข้อมูลของ {name} ไม่สำเร็จ",
        "The storage of {name} could not be prepared.",
        "อ่านสาเหตุในไฟล์ .log ของ {folder}",
        "The cause is in the .log files of {folder}.",
    ),
    "engine.died": Fault(
        "{name} หยุดเองด้วยรหัส {exit} ขณะเริ่มทำงาน",
        "{name} stopped by itself with code {exit} while starting.",
        "อ่านสาเหตุในไฟล์ .log ของ {folder}",
        "The cause is in the .log files of {folder}.",
    ),
    "engine.not-ready": Fault(
        "{name} ยังไม่พร้อมหลังรอ {seconds} วินาที",
        "{name} was not ready after {seconds} seconds.",
        "ปิดโปรแกรมที่ใช้เครื่องหนัก แล้วสั่งอีกครั้ง รายละเอียดอยู่ในไฟล์ .log ของ {folder}",
        "Close what keeps the machine busy and run it again; details are in the .log files of {folder}.",
    ),
    "engine.not-started": Fault(
        "ยังไม่ได้เริ่มเครื่องยนต์ในโฟลเดอร์ {path}",
        "The engine of the folder {path} is not running.",
        "เริ่มก่อนใช้งาน",
        "Start it first.",
    ),
}


class EngineError(Exception):
    """A fault of the local engine: `code` is a key of `FAULTS`, the facts fill its sentences."""

    def __init__(self, code: str, **facts: object) -> None:
        fault = FAULTS[code]
        self.code = code
        self.said_th, self.said_en, self.fix_th, self.fix_en = (text.format(**facts) for text in fault)
        super().__init__(f"{code}: {self.said_en} {self.fix_en}")

    @property
    def fix(self) -> str:
        """What to do, in both languages."""
        return f"{self.fix_th} · {self.fix_en}"
