"""A process in which nothing moves any more leaves, and another one finishes its work."""

from tests.live.transport.conftest import Cluster, eventually

STUCK = {  # how: settings that notice it soon, and what the process says when it leaves
    "hang": ({"transaction_timeout": 1.5}, "TimeoutError"),
    "block": ({"stuck_after": 2.0}, "the event loop has been silent for 2 s"),
    "deafen": ({"stuck_after": 3.0}, "is stuck at"),
}


def test_stuck_processes_leave_and_their_records_are_processed_by_the_next(cluster: Cluster) -> None:
    source = cluster.topic("in")
    copies = {how: cluster.topic(how) for how in STUCK}
    cluster.publish(source, [b"%d" % number for number in range(200)])
    stuck = {
        how: cluster.worker(
            [source], copies[how], group=copies[how], settings=settings, **{"break": {"before_commit": (how, 1)}}
        )
        for how, (settings, _) in STUCK.items()
    }
    for process in stuck.values():
        process.wait_for("breaking")
    cluster.publish(source, [b"%d" % number for number in range(200, 400)])
    for how, (_, why) in STUCK.items():
        assert stuck[how].popen.wait(30) == 70
        stuck[how].wait_for(why)
        cluster.worker([source], copies[how], slot=1, group=copies[how])
    for copy in copies.values():
        eventually(lambda copy=copy: len(cluster.values(copy)) >= 400, "all copies")
        assert sorted(map(int, cluster.values(copy))) == list(range(400))
