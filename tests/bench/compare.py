"""Saan's engines beside Kafka Streams and plain Java: the same records, the same rules, exactly once, in one run.

    saan bench [--quick] [--records N] [--rounds N] [--peer NAME …] [--json] [--svg FILE]

Every peer works off the same preloaded topic on one core: it decodes each record whole, holds it to 25 rules, sends it
on to the recipient that it names (key, value, headers and time kept) or sets it aside with the reason, in transactions,
with zstd. Saan's side is the product's own transport and engine, envelope and publisher checked besides. The clock runs
over the last two thirds of the input and ends with the last committed offset; then everything that was written is read
with another client and held against what the generator knows must come out: a run is verified or it does not count.
Rounds go through all peers in turn.

Then half as many events go the product's whole path (`path`: validator, router with the learners' state and the check
for duplicates, with receipts and ledger) and a Kafka Streams topology that does the same, verified alike.

Figures are medians over the rounds: processor seconds of the peer per million events, events per second, and processor
seconds of the broker per million events. Exit code 1 when a run was not verified.
"""

import argparse
import json
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import confluent_kafka
import psutil
from confluent_kafka.admin import AdminClient, NewTopic
from rich.console import Console
from rich.table import Table
from tests.bench.peers import path, running, work

from saan.embedded.engine import Engine
from saan.exchange.applying import applying
from saan.wire.registrar import Registrar
from saan.wire.settings import Settings

PEERS = ("kafka-streams", "compiled", "java", "reference")
QUICK = ("kafka-streams", "compiled", "reference")
AGAINST = "kafka-streams"
OTHER_WORK = frozenset({AGAINST, path.STREAMS, path.SAAN})
NOT_YET = {"block": "the block engine is not part of Saan yet"}
ERR = Console(stderr=True, highlight=False)


def main(arguments: Sequence[str]) -> int:
    given = _given(arguments)
    peers = given.peer or (QUICK if given.quick else PEERS)
    records = given.records or (200_000 if given.quick else 600_000)
    rounds = given.rounds or (1 if given.quick else 3)
    lacking = dict(NOT_YET)
    if any(peer in running.JAVA for peer in peers):
        ERR.print("building the Java peers")
        try:
            running.prepare_java()
        except running.Lacking as error:
            ERR.print(str(error), style="yellow")
            lacking |= dict.fromkeys((peer for peer in peers if peer in running.JAVA), str(error))
            peers = [peer for peer in peers if peer not in running.JAVA]
    with tempfile.TemporaryDirectory() as folder:
        timed = _compare(Path(folder), list(peers), records, rounds)
    if not given.peer and "kafka-streams" in peers:
        for turn in range(rounds):
            with tempfile.TemporaryDirectory() as folder:
                timed += _compare_paths(Path(folder), records // 2, turn)
    told = _told(timed) | {"records": records, "rounds": rounds, "lacking": lacking}
    if given.svg:
        given.svg.write_text(_chart(told["peers"]), encoding="utf-8")
    if given.json:
        print(json.dumps(told, indent=2))
    else:
        _show(told)
    return 0 if timed and all(one.verified for one in timed) else 1


def _given(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("saan bench", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="Kafka Streams and Saan's engines once, in a few minutes")
    parser.add_argument("--records", type=int, help="events of the input (600,000; quick: 200,000)")
    parser.add_argument("--rounds", type=int, help="rounds through all peers (3; quick: 1)")
    parser.add_argument("--peer", action="append", choices=PEERS, help="this peer only; can be given again")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    parser.add_argument("--svg", type=Path, help="write a chart into this file")
    return parser.parse_args(arguments)


def _compare(folder: Path, peers: Sequence[str], records: int, rounds: int) -> list[running.Timed]:
    with Engine(folder / "engine", registry=False) as engine:
        bootstrap = engine.endpoints.bootstrap
        schema = folder / "schema.avsc"
        schema.write_text(json.dumps(work.SCHEMA), encoding="utf-8")
        ERR.print(f"{records:,} events are generated and preloaded")
        truth = work.Outcome()
        _make(bootstrap, (work.INPUT, *work.OUTPUTS))
        _send(bootstrap, work.INPUT, work.inputs(records, 12), _count, truth)
        bench = running.Bench(bootstrap, _broker(), folder, schema, truth)
        timed = []
        for turn in range(rounds):
            for peer in (*peers[turn % len(peers) :], *peers[: turn % len(peers)]):
                timed.append(bench.run(peer))
                _say(turn, timed[-1])
        return timed


def _say(turn: int, one: running.Timed) -> None:
    right = "verified" if one.verified else "WRONG"
    ERR.print(f"round {turn + 1}  {one.peer:18} {one.cpu / one.records * 1e6:6.2f} CPU-s per million, {right}")


def _compare_paths(folder: Path, records: int, turn: int) -> list[running.Timed]:
    ERR.print(f"the whole path: {records:,} events are generated and preloaded")
    settings = Settings(dir=folder)
    schema = folder / "schema.avsc"
    schema.write_text(json.dumps(work.SCHEMA), encoding="utf-8")
    with Engine(settings.dir, settings.cache) as engine:
        applying(work.governed(), settings)(engine.endpoints)
        with Registrar(engine.endpoints.registry) as registrar:
            registered = registrar.versions("peers.EnrolmentTold")[-1].id
        truth = work.Outcome()
        _make(engine.endpoints.bootstrap, path.STREAMS_OUTPUTS)
        _send(engine.endpoints.bootstrap, path.INPUT, path.inputs(records, 12, registered), path.truth, truth)
        timed = path.Paths(engine.endpoints, settings, _broker(), (schema, registered), truth).run()
    for one in timed:
        _say(turn, one)
    return timed


def _make(bootstrap: str, topics: Sequence[str]) -> None:
    admin = AdminClient({"bootstrap.servers": bootstrap})
    for made in admin.create_topics([NewTopic(name, work.PARTITIONS, 1) for name in topics]).values():
        made.result(60)


def _send(
    bootstrap: str,
    topic: str,
    events: Iterable[work.Sent],
    count: Callable[[work.Sent, work.Outcome], None],
    truth: work.Outcome,
) -> None:
    """Publish the input, and count what must come out of it; what is published again right away is counted once."""
    producer = confluent_kafka.Producer(
        {
            "bootstrap.servers": bootstrap,
            "linger.ms": 100,
            "batch.size": 1 << 20,
            "compression.type": "zstd",
            "partitioner": "murmur2_random",
            "queue.buffering.max.messages": 200_000,
        }
    )
    before = None
    for number, one in enumerate(events):
        while True:
            try:
                producer.produce(topic, one.value, one.key, headers=one.headers)
                break
            except BufferError:
                producer.poll(0.1)
        if one is not before:
            count(one, truth)
        before = one
        if number % 5000 == 0:
            producer.poll(0)
    if producer.flush(120):
        raise RuntimeError("the input could not be preloaded")


def _count(one: work.Sent, truth: work.Outcome) -> None:
    truth.add(one.to, one.key, one.value, one.reason)


def _broker() -> int:
    """The broker that this process started; it and this process stay off the core that the peers get."""
    own = psutil.Process()
    (broker,) = (one for one in own.children(recursive=True) if one.name() == "java" and "kafka.Kafka" in one.cmdline())
    cores = own.cpu_affinity()
    if len(cores) > 1:
        for one in (own, broker):
            one.cpu_affinity(cores[:-1])
    return int(broker.pid)


def _told(timed: Sequence[running.Timed]) -> dict[str, Any]:
    peers: dict[str, Any] = {}
    for peer in dict.fromkeys(one.peer for one in timed):
        runs = [one for one in timed if one.peer == peer]
        peers[peer] = {
            "cpu_s_per_million": round(statistics.median(one.cpu / one.records * 1e6 for one in runs), 2),
            "events_per_s": round(statistics.median(one.records / one.seconds for one in runs)),
            "broker_cpu_s_per_million": round(statistics.median(one.broker_cpu / one.records * 1e6 for one in runs), 2),
            "rss_mb": max(one.rss_mb for one in runs),
            "verified": all(one.verified for one in runs),
        }
    ratios = {}
    if AGAINST in peers:
        base = peers[AGAINST]["cpu_s_per_million"]
        ratios = {peer: round(base / peers[peer]["cpu_s_per_million"], 2) for peer in peers if peer not in OTHER_WORK}
    if path.SAAN in peers:
        ratios[path.SAAN] = round(peers[path.STREAMS]["cpu_s_per_million"] / peers[path.SAAN]["cpu_s_per_million"], 2)
    return {"peers": peers, "ratio_to_streams": ratios}


def _show(told: dict[str, Any]) -> None:
    table = Table(title=f"exactly once, on one core: {told['records']:,} events, {told['rounds']} round(s)")
    for name in (
        "peer",
        "CPU-s per million",
        "events/s",
        "broker CPU-s per million",
        "MB",
        "times Kafka Streams",
        "verified",
    ):
        table.add_column(name, justify="left" if name == "peer" else "right")
    for peer, one in sorted(told["peers"].items(), key=lambda pair: pair[1]["cpu_s_per_million"]):
        ratio = told["ratio_to_streams"].get(peer)
        table.add_row(
            peer,
            f"{one['cpu_s_per_million']:.2f}",
            f"{one['events_per_s']:,}",
            f"{one['broker_cpu_s_per_million']:.2f}",
            str(one["rss_mb"]),
            "" if ratio is None else f"{ratio:.2f}",
            "✓" if one["verified"] else "✗",
        )
    out = Console()
    out.print(table)
    for name, why in told["lacking"].items():
        out.print(f"{name}: {why}", highlight=False)


def _chart(peers: dict[str, Any]) -> str:
    """Bars of processor seconds per million events, shortest first."""
    rows = sorted(peers.items(), key=lambda pair: pair[1]["cpu_s_per_million"])
    longest, height = max(one["cpu_s_per_million"] for _, one in rows), 28
    bars = []
    for n, (peer, one) in enumerate(rows):
        y, width = 30 + n * height, 420 * one["cpu_s_per_million"] / longest
        bars.append(
            f'<text x="110" y="{y + 15}" text-anchor="end">{peer}</text>'
            f'<rect x="118" y="{y}" width="{width:.1f}" height="20" fill="#2a6f97"/>'
            f'<text x="{124 + width:.1f}" y="{y + 15}">{one["cpu_s_per_million"]:.2f}</text>'
        )
    size = 40 + height * len(rows)
    head = '<text x="118" y="18">processor seconds per million events</text>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="620" height="{size}" font-family="sans-serif" font-size="13">'
        f"{head}{''.join(bars)}</svg>\n"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
