"""A station is put together without a connection, and is asked to stop only once."""

from collections.abc import Sequence
from pathlib import Path

import faust
import pytest
from aiokafka import ConsumerRecord

from saan.wire.transport import Exit, Lane, Outputs, Sasl, TransportSettings, build, retire, works_of


class Nothing:
    """Decides that nothing is to be written."""

    def __call__(self, lane: Lane, records: Sequence[ConsumerRecord]) -> Outputs:
        return lane.outputs()

    def poison(self, lane: Lane, record: ConsumerRecord, error: Exception) -> Outputs:
        return lane.outputs()


async def station(tmp_path: Path) -> faust.App:
    settings = TransportSettings("kafka:9093", "saan-router", tmp_path, sasl=Sasl("router", "secret"))
    return build(settings, station="router", topics=["checked.student"], decide=Nothing(), copartitioned=True)


async def test_the_group_the_credentials_and_the_topics_reach_faust(tmp_path: Path) -> None:
    app = await station(tmp_path)
    assert app.conf.id == "saan-router"
    assert app.conf.broker_credentials.username == "router"
    assert app.conf.broker_credentials.protocol.value == "SASL_PLAINTEXT"
    assert list(app.agents) == ["router"]
    assert works_of(app).topics == ("checked.student",)


async def test_faust_never_makes_topics_and_never_uses_its_own_exactly_once_mode(tmp_path: Path) -> None:
    app = await station(tmp_path)
    assert not app.conf.topic_allow_declare
    assert app.conf.topic_disable_leader
    assert not app.in_transaction


async def test_the_first_request_to_stop_wins(tmp_path: Path) -> None:
    app = await station(tmp_path)
    retire(app, Exit.TOPICS_CHANGED, "a participant has come")
    retire(app, Exit.DONE, "received SIGTERM")
    assert await works_of(app).stopping.wait() is Exit.TOPICS_CHANGED


async def test_an_app_that_was_made_elsewhere_is_refused() -> None:
    with pytest.raises(TypeError, match="not made by build"):
        works_of(faust.App("foreign", store="memory://"))
