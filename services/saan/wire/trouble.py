"""Everything that can go wrong between Saan and the broker or the registry it is applied to, on one page.

Each trouble has a code, one sentence and one way out, in Thai and in English. No sentence holds a password, a token
or an identity.
"""

from typing import NamedTuple


class Words(NamedTuple):
    """The wording of one trouble. Braces are filled with the facts given to ``Trouble``."""

    said_th: str
    said_en: str
    fix_th: str
    fix_en: str


TROUBLES: dict[str, Words] = {
    "registry.away": Words(
        "ทะเบียนสคีมาไม่ตอบ ({cause})",
        "The schema registry does not answer ({cause}).",
        "ตรวจว่าทะเบียนสคีมาทำงานอยู่และที่อยู่ถูกต้อง แล้วสั่งอีกครั้ง",
        "Check that the registry runs and that its address is right, then run it again.",
    ),
    "registry.refused": Words(
        "ทะเบียนสคีมาไม่รับสคีมา {record}: {cause}",
        "The registry refuses the schema of {record}: {cause}.",
        "แก้ไฟล์ .avsc ให้อ่านข้อมูลเดิมได้และข้อมูลใหม่อ่านได้ด้วยสคีมาเดิม (เช่น ใส่ค่า default ให้ช่องใหม่)",
        "Change the .avsc so that old and new readers understand each other (a new field needs a default).",
    ),
    "registry.foreign": Words(
        "ทะเบียนสคีมาตอบในรูปแบบที่ไม่รู้จัก ({cause})",
        "The registry answers in a way that is not understood ({cause}).",
        "ตรวจว่าที่อยู่ชี้ไปที่ Apicurio Registry 3",
        "Check that the address is that of an Apicurio Registry 3.",
    ),
    "cluster.away": Words(
        "ติดต่อ Kafka ไม่ได้ ({cause})",
        "Kafka does not answer ({cause}).",
        "ตรวจว่าโบรกเกอร์ทำงานอยู่และที่อยู่ bootstrap ถูกต้อง แล้วสั่งอีกครั้ง",
        "Check that the brokers run and that the bootstrap address is right, then run it again.",
    ),
    "cluster.refused": Words(
        "Kafka ไม่ยอมทำ “{action}” ({cause})",
        "Kafka refuses to {action} ({cause}).",
        "ตรวจสิทธิ์ของบัญชีที่ใช้และการตั้งค่าใน topics.yaml",
        "Check the rights of the account in use and the settings in topics.yaml.",
    ),
    "cluster.fenced": Words(
        "มีการสั่ง apply อีกชุดหนึ่งทำงานพร้อมกัน ชุดนี้จึงหยุดโดยไม่ได้เขียนข้อมูลกำกับ",
        "Another apply runs at the same time; this one stopped without writing governance records.",
        "รอให้อีกชุดเสร็จ แล้วสั่ง plan ดูก่อนสั่ง apply อีกครั้ง",
        "Wait until the other one is done, look at plan, then apply again.",
    ),
    "cluster.no-governance": Words(
        "ยังไม่มีหัวข้อ governance บนคลัสเตอร์นี้",
        "The topic governance does not exist on this cluster.",
        "สั่ง saan apply กับคลัสเตอร์นี้ก่อน",
        "Run saan apply against this cluster first.",
    ),
    "cluster.no-topic": Words(
        "ไม่มีหัวข้อ {name} บนคลัสเตอร์นี้",
        "The topic {name} does not exist on this cluster.",
        "ตรวจชื่อด้วย saan topics หรือสั่ง saan apply กับคลัสเตอร์นี้ก่อน",
        "Look at `saan topics`, or run saan apply against this cluster first.",
    ),
    "log.unreadable": Words(
        "อ่านระเบียนที่ {place} ไม่ได้ ({cause})",
        "The record at {place} cannot be read ({cause}).",
        "ตรวจทะเบียนสคีมา แล้วสั่งอีกครั้ง หากยังไม่ได้ให้แจ้งผู้ดูแลระบบพร้อมตำแหน่งนี้",
        "Check the schema registry and run it again; if it stays so, tell the operator this place.",
    ),
    "round.under-way": Words(
        "เหตุการณ์ที่รับก่อนเวลาตัดยอดยังประมวลผลไม่เสร็จภายใน {seconds} วินาที",
        "Events that were received before the cut-off are still under way after {seconds} s.",
        "ดู saan lag ว่าสถานีใดช้า แล้วสั่งรับรองอีกครั้ง",
        "See with saan lag which station is late, then certify again.",
    ),
    "governance.refused": Words(
        "ไม่ได้เปลี่ยนอะไรเลย เพราะมี {count} ข้อที่ทำไม่ได้: {first}",
        "Nothing was changed, because {count} change(s) cannot be made: {first}",
        "แก้ตามที่บอกในแต่ละข้อ แล้วสั่ง plan อีกครั้ง",
        "Mend what each of them names, then look at plan again.",
    ),
    "credentials.unreadable": Words(
        "อ่านไฟล์รหัสของ {participant} ไม่ได้",
        "The credentials file of {participant} cannot be read.",
        "กู้ไฟล์นั้นคืน หรือลบทิ้งแล้วออกรหัสใหม่ด้วย saan credentials {participant} --rotate",
        "Restore the file, or delete it and issue new ones with saan credentials {participant} --rotate.",
    ),
    "credentials.absent": Words(
        "ไม่มีรหัสของ {participant} ในโฟลเดอร์นี้",
        "This folder holds no credentials of {participant}.",
        "สั่ง saan apply ในโฟลเดอร์ที่ดูแลระบบนี้ หรือออกรหัสใหม่ด้วย --rotate",
        "Run saan apply with the folder that looks after this exchange, or issue new ones with --rotate.",
    ),
    "credentials.stranger": Words(
        "ไม่มีผู้เข้าร่วมชื่อ {participant} ที่ประกาศใช้อยู่",
        "No participant called {participant} is in force.",
        "ตรวจชื่อใน schemas/participants แล้วสั่ง saan apply",
        "Check the name in schemas/participants, then run saan apply.",
    ),
    "credentials.bad-name": Words(
        "ชื่อผู้เข้าร่วมใช้ได้เฉพาะ a–z 0–9 และ - ยาวไม่เกิน 64 ตัว",
        "A participant's name consists of a-z, 0-9 and -, at most 64 of them.",
        "แก้ชื่อใน schemas/participants",
        "Change the name in schemas/participants.",
    ),
    "secret.wrong-size": Words(
        "ไฟล์กุญแจ {name} ไม่ใช่ 32 ไบต์",
        "The key file {name} does not hold 32 bytes.",
        "กู้ไฟล์กุญแจเดิมคืน อย่าสร้างใหม่ เพราะรหัสแทนตัวเดิมจะเปลี่ยนไปทั้งหมด",
        "Restore the key file; do not make a new one, for that would change every pseudonym.",
    ),
}


class Trouble(Exception):
    """A trouble by its ``code`` (a key of ``TROUBLES``); the facts fill its sentences."""

    def __init__(self, code: str, **facts: object) -> None:
        words = TROUBLES[code]
        self.code = code
        self.said_th, self.said_en, self.fix_th, self.fix_en = (text.format(**facts) for text in words)
        super().__init__(f"{code}: {self.said_en} {self.fix_en}")
