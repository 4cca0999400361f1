"""Topics on a real broker for the HTTP stations' log."""

import uuid
from collections.abc import Callable

import pytest
from confluent_kafka.admin import AdminClient, NewTopic

Topic = Callable[[int], str]


@pytest.fixture
def topic(kafka: str) -> Topic:
    """Make a topic of its own with this many partitions and give its name."""

    admin = AdminClient({"bootstrap.servers": kafka})

    def make(partitions: int) -> str:
        name = f"t-{uuid.uuid4().hex[:12]}"
        admin.create_topics([NewTopic(name, partitions, 1)])[name].result(20)
        return name

    return make
