"""`saan topics` and `saan lag`: what is on the cluster, and how far behind the stations are."""

import time

from saan.cli.options import Dir, Json, running, settings
from saan.cli.printing import as_json, as_table
from saan.wire.cluster import Cluster
from saan.wire.lag import LagMeter


def topics(dir: Dir = None, json: Json = False) -> None:
    """หัวข้อทั้งหมด · Every topic with its partitions, replication, and where its log ends."""
    bootstrap = running(settings(dir)).bootstrap
    found = Cluster(bootstrap).topics()
    places = {(name, n): 0 for name, topic in found.items() for n in range(topic.partitions)}
    ends = LagMeter(bootstrap).ends(places)
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


def lag(dir: Dir = None, json: Json = False) -> None:
    """ความล่าช้า · How far each station is behind, in time: the age of the first record it has not read.

    Offsets are shown too, but their difference never becomes 0 on topics written in transactions: the markers of
    transactions take offsets.
    """
    meter, now = LagMeter(running(settings(dir)).bootstrap), time.time_ns() // 1_000_000
    rows = [
        {
            "group": one.group,
            "topic": one.topic,
            "partition": one.partition,
            "lag_seconds": round(one.seconds(now), 3),
            "committed": one.committed,
            "end": one.end,
        }
        for group in meter.groups()
        for one in meter.of(group)
    ]
    if json:
        as_json(rows)
        return
    columns = ("กลุ่ม · group", "หัวข้อ · topic", "#p", "#ล่าช้า (วินาที) · lag s", "#อ่านถึง · committed", "#ปลาย · end")
    as_table("ความล่าช้า · lag", columns, [tuple(row.values()) for row in rows])
