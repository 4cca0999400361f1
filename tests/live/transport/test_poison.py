"""One record that cannot be decided stops nobody."""

from tests.live.transport.conftest import Cluster, eventually


def test_the_offenders_of_a_block_are_set_aside_and_all_others_flow_in_order(cluster: Cluster) -> None:
    source, copy, quarantine = cluster.topic("in"), cluster.topic("out"), cluster.topic("quarantine")
    values = [b"%d" % number for number in range(300)]
    values[77], values[78], values[299] = b"poison-a", b"poison-b", b"poison-c"
    cluster.publish(source, values, keys=1)
    worker = cluster.worker([source], copy, quarantine=quarantine)
    eventually(lambda: len(cluster.values(quarantine)) == 3, "three records set aside")
    eventually(lambda: len(cluster.values(copy)) == 297, "all others")
    assert cluster.values(copy) == [value for value in values if not value.startswith(b"poison")]
    assert cluster.values(quarantine) == [b"poison-a", b"poison-b", b"poison-c"]
    assert cluster.read(quarantine)[0].headers() == [("error", b"ValueError")]
    assert worker.stop() == 0


def test_too_many_offenders_end_the_process_instead_of_filling_the_quarantine(cluster: Cluster) -> None:
    source, copy, quarantine = cluster.topic("in"), cluster.topic("out"), cluster.topic("quarantine")
    cluster.publish(source, [b"poison"] * 20)
    worker = cluster.worker([source], copy, quarantine=quarantine, settings={"poison_limit": 5})
    assert worker.popen.wait(60) == 65
    assert len(cluster.values(quarantine)) == 5
