"""When one of three brokers may be struck."""

from confluent_kafka.admin import PartitionMetadata, TopicMetadata

from saan.prove.faults.cluster import in_step


def topic(*isrs: list[int]) -> TopicMetadata:
    made = TopicMetadata()
    for number, isr in enumerate(isrs):
        made.partitions[number] = PartitionMetadata()
        made.partitions[number].replicas, made.partitions[number].isrs = [1, 2, 3], isr
    return made


def test_a_cluster_is_whole_once_every_copy_of_every_partition_is_in_step_in_whatever_order() -> None:
    assert in_step({"record.student": topic([1, 2, 3], [3, 1, 2]), "ledger": topic([2, 3, 1])})


def test_one_partition_without_the_broker_that_comes_back_is_enough_to_wait_for_it() -> None:
    assert not in_step({"record.student": topic([1, 2, 3]), "ledger": topic([1, 2, 3], [2, 3])})
