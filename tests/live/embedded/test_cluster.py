"""Three brokers on one machine."""

import psutil
from confluent_kafka.admin import AdminClient

from .conftest import Make, create_topic, read, write


async def test_three_brokers_replicate_and_go_on_when_the_leader_is_gone(make_engine: Make) -> None:
    engine = make_engine(brokers=3)
    endpoints = engine.start()
    create_topic(endpoints.bootstrap, "safe", copies=3)
    await write(endpoints.bootstrap, "safe", [b"before"])
    admin = AdminClient({"bootstrap.servers": endpoints.bootstrap, "log_level": 0})
    leader = admin.list_topics("safe", timeout=10).topics["safe"].partitions[0].leader
    psutil.Process(endpoints.pids[f"kafka-{leader}"]).kill()
    await write(endpoints.bootstrap, "safe", [b"after"])
    engine.restart(f"kafka-{leader}")
    assert all(engine.answers(name) for name in ("kafka-1", "kafka-2", "kafka-3"))
    assert await read(endpoints.bootstrap, "safe", 2) == [b"before", b"after"]
    assert len(admin.list_topics(timeout=10).brokers) == 3
