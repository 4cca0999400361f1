"""`saan why ID P`: why a participant is entitled to an event, or is not."""

from typing import Annotated, Any

import typer

from saan.cli.counting import exchange
from saan.cli.failure import Failure, no_participant
from saan.cli.options import Dir, Json
from saan.cli.printing import as_json
from saan.core.aloud import aloud
from saan.core.calendar import day_of, rfc3339, to_date
from saan.core.follow import concerned
from saan.core.learner import Learner
from saan.core.message import Message
from saan.core.route import DELIVERED, LEFT, Routes
from saan.core.world import World
from saan.rounds.reading import Said

_OTHERWISE_THEN = (
    "แต่อยู่ในกล่องรับแล้ว เพราะส่งให้ตามที่ทราบในเวลานั้น",
    "It lies in the inbox all the same: it was delivered by what was known then.",
)
_NOT_THERE = (
    "แต่ไม่อยู่ในกล่องรับ: อาจพ้นเวลาเก็บแล้ว หรือเวลานั้นยังไม่ทราบหรือยังไม่มีข้อตกลง",
    "It does not lie in the inbox: it was kept long enough, or this was not known or not agreed when it was decided.",
)


def why(
    id: Annotated[str, typer.Argument(metavar="ID", help="รหัสเหตุการณ์ · The event's id.")],
    participant: Annotated[str, typer.Argument(help="ผู้รับ · The participant, for example peo-96.")],
    dir: Dir = None,
    json: Json = False,
) -> None:
    """บอกเหตุผลว่าใครได้รับหรือไม่ได้รับ · Say why a participant is entitled to an event, or is not.

    Decided as the router decides, by what the canonical log and the agreements say now; whether the event lies in the
    inbox is said besides. The log is read whole. Example: `saan why 0197e0c2-… peo-96`.
    """
    at = exchange(dir)
    if participant not in at.world.participants:
        raise no_participant(participant)
    with at.records(quiet=json) as records:
        found = records.accepted(id)
        if not found:
            raise _no_event(id)
        told = [
            _told(at.world, one, records.history(one.subject), participant, there=there)
            for one in found
            for there in [records.delivered(participant, one.envelope)]
        ]
    if json:
        as_json(told)
        return
    for row in told:
        print(f"{row['type']} · {row['source']} · {row['time']} → {participant}")
        for th, en in row["said"]:
            print(f"  {th}\n  {en}")


def _told(world: World, said: Said, learner: Learner, participant: str, *, there: bool) -> dict[str, Any]:
    message, day = Message(said.envelope, said.data), day_of(said.envelope.time)
    routes, whom = Routes(world, {}), concerned(said.event, said.data, learner, day)
    code = routes.why(message, whom, participant)
    left = routes.left(message, whom, participant) if code == LEFT else None
    sentences = [aloud(code, left)]
    if there != (code == DELIVERED):
        sentences.append(_OTHERWISE_THEN if there else _NOT_THERE)
    return {
        "id": said.envelope.id,
        "type": said.envelope.type,
        "source": said.envelope.source,
        "time": rfc3339(said.envelope.time),
        "participant": participant,
        "reason": code,
        "since": to_date(left).isoformat() if left is not None else None,
        "inInbox": there,
        "said": sentences,
    }


def _no_event(id: str) -> Failure:
    return Failure(
        "cli.no-event",
        f"ไม่มีเหตุการณ์รหัส {id} ในบันทึกกลาง",
        f"The canonical log has no event {id}.",
        "ตรวจรหัส หรือดูว่าถูกกักไว้หรือรออยู่ด้วย saan quarantine list",
        "Check the id, or see with `saan quarantine list` whether it was refused.",
    )
