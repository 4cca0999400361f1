"""Topics are never made on the fly: who finds one missing says so and leaves."""

import pytest
from tests.live.transport.conftest import Cluster


@pytest.mark.parametrize("missing", ["input", "output"])
def test_a_missing_topic_ends_the_process_with_a_sentence_that_names_it(cluster: Cluster, missing: str) -> None:
    there, absent = cluster.topic("there"), f"{cluster.tag}.absent"
    cluster.publish(there, [b"1"])
    source, copy = (absent, there) if missing == "input" else (there, absent)
    worker = cluster.worker([source], copy)
    assert worker.popen.wait(60) == 78
    worker.wait_for(f"SAAN-T001: topic '{absent}' does not exist; run `saan apply`")
    assert absent not in cluster.admin.list_topics(timeout=10).topics


def test_a_kafka_that_does_not_answer_ends_the_process_with_a_sentence_that_names_it(cluster: Cluster) -> None:
    worker = cluster.worker(["a"], "b", bootstrap="127.0.0.1:1")
    assert worker.popen.wait(60) == 69
    worker.wait_for("no answer from Kafka at 127.0.0.1:1")
