"""Lint of ``topics.yaml``: the topics that the stations need are there, and whoever is named exists."""

from collections.abc import Iterator

from saan.wire.files import Fault, Folder
from saan.wire.forms import TopicForm

STATIONS = frozenset({"gateway", "validator", "router", "deliverer", "console", "apply"})
NEEDED = (
    "outbox.gateway",
    "outbox.{participant}",
    "checked.{domain}",
    "record.{domain}",
    "parked.{domain}",
    "inbox.{participant}",
    "links",
    "closings",
    "quarantine",
    "ledger",
    "governance",
)


def faults(folder: Folder) -> Iterator[Fault]:
    """Every fault of the topics."""
    if folder.topics is None:
        return
    ids = [topic.id for topic in folder.topics.topics]
    for id in NEEDED:
        if id not in ids:
            yield Fault("topics.yaml", "topics", f"ไม่มีหัวข้อ {id}", f"the topic {id} is missing; the stations need it")
    for i, topic in enumerate(folder.topics.topics):
        at = f"topics[{i}]"
        if topic.id in ids[:i]:
            yield Fault("topics.yaml", f"{at}.id", f"หัวข้อ {topic.id} ซ้ำ", f"the topic {topic.id} stands twice")
        for path, th, en in _topic(topic):
            yield Fault("topics.yaml", f"{at}.{path}", th, en)


def _topic(topic: TopicForm) -> Iterator[tuple[str, str, str]]:
    each = "{participant}" in topic.id
    for side in ("write", "read"):
        for who in getattr(topic, side):
            if who not in STATIONS and not (each and who == "{participant}"):
                yield side, f"ไม่มีสถานี {who}", f"{who} is no station; known: {', '.join(sorted(STATIONS))}"
    if topic.only and not each:
        yield "only", "ใช้ only ได้กับ {participant} เท่านั้น", "`only` goes with {participant}"
    stem = topic.id.partition("{")[0]
    for name in topic.moved:
        if "{domain}" in topic.id or topic.cleanup == "compact" or not name.startswith(stem):
            said = (
                f"{name} cannot move: only topics of this entry can, and never those that are read by partition number"
            )
            yield f"moved.{name}", f"ย้าย {name} ไม่ได้: ย้ายได้เฉพาะหัวข้อของรายการนี้ที่ไม่ได้อ่านตามเลขพาร์ทิชัน", said
    if topic.partitions.national < topic.partitions.small:
        said = "national has fewer partitions than small"
        yield "partitions.national", "national ต้องไม่น้อยกว่า small", said
    if topic.cleanup == "compact" and topic.retention != "forever":
        yield "retention", "หัวข้อแบบ compact ต้องเก็บ forever", "a compacted topic is kept forever"
