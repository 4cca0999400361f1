"""`saan topics` and `saan lag`: what is on the cluster, and how far behind the stations are."""

import time
from typing import Annotated, Final

import typer

from saan.cli.options import Dir, Json, running, settings
from saan.cli.printing import as_json, as_table
from saan.wire.cluster import Cluster
from saan.wire.connection import administrative
from saan.wire.lag import LagMeter

STATION_GROUPS: Final = "saan-"
"""How the names of the stations' consumer groups begin; those of participants begin with the participant's id."""


def topics(dir: Dir = None, json: Json = False) -> None:
    """หัวข้อทั้งหมด · Every topic with its partitions, replication, and where its log ends."""
    chosen = settings(dir)
    bootstrap, security = running(chosen).bootstrap, administrative(chosen)
    found = Cluster(bootstrap, security).topics()
    places = {(name, n): 0 for name, topic in found.items() for n in range(topic.partitions)}
    ends = LagMeter(bootstrap, security).ends(places)
    rows = [
        {
            "topic": name,
            "partitions": topic.partitions,
            "replication": topic.replication,
            "end_offsets": sum(ends.get((name, n), 0) for n in range(topic.partitions)),
            "cleanup": topic.config.get("cleanup.policy", "delete"),
            "retention_ms": topic.config.get("retention.ms", ""),
        }
        for name, topic in sorted(found.items())
    ]
    if json:
        as_json(rows)
        return
    columns = (
        "หัวข้อ · topic",
        "#พาร์ทิชัน · partitions",
        "#สำเนา · replicas",
        "#ปลายล็อก · end",
        "cleanup",
        "#retention ms",
    )
    as_table(f"{len(rows)} หัวข้อ · topics", columns, [tuple(row.values()) for row in rows])


Check = Annotated[bool, typer.Option("--check", help="ออกด้วยรหัส 1 เมื่อสถานีช้าเกิน · Exit with 1 when a station is late.")]


def lag(dir: Dir = None, json: Json = False, check: Check = False) -> None:
    """ความล่าช้า · How far each station is behind, in time: the age of the first record it has not read.

    Late means SAAN_LAG_ALARM_SECONDS or more (60). Offsets are shown too, but their difference never becomes 0 on
    topics written in transactions: the markers of transactions take offsets.
    """
    chosen, now = settings(dir), time.time_ns() // 1_000_000
    meter = LagMeter(running(chosen).bootstrap, administrative(chosen))
    rows = [
        {
            "group": one.group,
            "topic": one.topic,
            "partition": one.partition,
            "lag_seconds": round(one.seconds(now), 3),
            "committed": one.committed,
            "end": one.end,
            "late": one.seconds(now) >= chosen.lag_alarm_seconds,
        }
        for group in meter.groups()
        for one in meter.of(group)
    ]
    if json:
        as_json(rows)
    else:
        columns = (
            "กลุ่ม · group",
            "หัวข้อ · topic",
            "#p",
            "#ล่าช้า (วินาที) · lag s",
            "#อ่านถึง · committed",
            "#ปลาย · end",
            "",
        )
        shown = [(*list(row.values())[:-1], "ช้าเกิน · LATE" if row["late"] else "") for row in rows]
        as_table("ความล่าช้า · lag", columns, shown)
    # Readers outside may stop for days, which is their business; a station may not.
    if check and any(row["late"] and str(row["group"]).startswith(STATION_GROUPS) for row in rows):
        raise typer.Exit(1)
