"""A station reads what upstream transactions have committed, and nothing else."""

from tests.live.transport.conftest import Cluster, eventually


def test_aborted_records_never_arrive_and_open_ones_hold_back_what_follows(cluster: Cluster) -> None:
    source, copy = cluster.topic("in"), cluster.topic("out")
    steady, wavering, open_ended = (cluster.producer(name) for name in ("steady", "wavering", "open"))

    def write(producer, values: range) -> None:  # type: ignore[no-untyped-def]
        producer.begin_transaction()
        for value in values:
            producer.produce(source, b"%d" % value, key=b"k")
        assert producer.flush(20) == 0

    write(steady, range(10))
    steady.commit_transaction()
    write(wavering, range(100, 110))
    wavering.abort_transaction()
    write(open_ended, range(10, 20))
    write(steady, range(20, 30))
    steady.commit_transaction()
    worker = cluster.worker([source], copy)
    eventually(lambda: len(cluster.values(copy)) == 10, "the records before the open transaction")
    open_ended.commit_transaction()
    eventually(lambda: len(cluster.values(copy)) == 30, "the records held back")
    assert [int(value) for value in cluster.values(copy)] == list(range(30))
    assert worker.stop() == 0
