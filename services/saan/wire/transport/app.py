"""Putting a station together, and running it until it is asked to stop."""

import asyncio
import logging
import signal
from collections.abc import Callable, Mapping, Sequence

import aiokafka.producer.sender
import faust
from aiokafka.errors import KafkaError
from faust.serializers import codecs
from faust.types.auth import AuthProtocol, SASLMechanism
from yarl import URL

from saan.wire.transport.block import Block
from saan.wire.transport.consumer import BlockConsumer, BlockTransport
from saan.wire.transport.counts import PartitionCounts
from saan.wire.transport.errors import MissingTopic, Unable
from saan.wire.transport.handler import Decide, Idle, OnClose, Prepare
from saan.wire.transport.lane import Hooks
from saan.wire.transport.leaving import Exit, leave
from saan.wire.transport.settings import TransportSettings
from saan.wire.transport.tables import NoTables
from saan.wire.transport.works import Works

log = logging.getLogger("saan.transport")

# How long aiokafka waits when the markers of the previous transaction are still being written; its own 20 ms
# would be most of a small transaction.
aiokafka.producer.sender.BACKOFF_OVERRIDE = 0.002


class _Untouched(codecs.Codec):  # type: ignore[misc]  # Faust is untyped here
    """Blocks are objects of this process; nothing encodes or decodes them."""

    def _dumps(self, obj: object) -> object:
        return obj

    def _loads(self, s: object) -> object:
        return s


codecs.register("block", _Untouched())


def build(
    settings: TransportSettings,
    *,
    station: str,
    topics: Sequence[str],
    decide: Decide,
    prepare: Prepare | None = None,
    on_close: OnClose | None = None,
    idle: Idle | None = None,
    copartitioned: bool = False,
    partitions: Callable[[], Mapping[str, int]] = dict,
    hooks: Hooks | None = None,
) -> faust.App:
    """Return a Faust app that carries every block of `topics` through `decide`, exactly once.

    `prepare(lane)` runs once per assigned partition before its first block (to bring local state up to date),
    `on_close(lane)` when the partition is given back, `idle(lane)` when nothing has come in for a while.
    `copartitioned` makes equal partition numbers of topics of equal size meet in one process. `partitions` says how
    many partitions topics are to have: the process leaves rather than write to one that has another number. Nothing is
    connected yet.
    """
    works = Works(
        settings=settings,
        station=station,
        topics=tuple(topics),
        decide=decide,
        counts=PartitionCounts(settings, partitions),
        prepare=prepare,
        on_close=on_close,
        idle=idle,
        copartitioned=copartitioned,
        hooks=hooks or Hooks(),
    )
    urls = [URL(f"kafka://{server}") for server in settings.servers]
    app = _faust_app(settings, urls)
    app.transport = BlockTransport(urls, app, works)
    channel = app.topic(*works.topics, key_serializer="block", value_serializer="block", acks=False)

    @app.agent(channel, name=station)  # type: ignore[untyped-decorator]
    async def carry(blocks: faust.Stream[Block]) -> None:
        async for block in blocks:
            _consumer(app).submit(block)

    return app


def _credentials(settings: TransportSettings) -> faust.SASLCredentials | None:
    """Return what Faust's own producer, which never sends, needs in order to connect."""
    sasl = settings.sasl
    if sasl is None:
        return None
    credentials = faust.SASLCredentials(
        username=sasl.username,
        password=sasl.password,
        mechanism=SASLMechanism(sasl.mechanism),
        ssl_context=settings.tls,
    )
    credentials.protocol = AuthProtocol(sasl.protocol)
    return credentials


def _faust_app(settings: TransportSettings, urls: list[URL]) -> faust.App:
    return faust.App(
        settings.group,
        broker=urls,
        broker_credentials=_credentials(settings),
        ssl_context=settings.tls,
        broker_client_id=settings.client_id,
        broker_request_timeout=settings.request_timeout,
        broker_session_timeout=settings.session_timeout,
        datadir=str(settings.data),
        store="memory://",
        TableManager=NoTables,
        topic_allow_declare=False,
        topic_disable_leader=True,
        web_enabled=False,
        key_serializer="raw",
        value_serializer="raw",
        stream_wait_empty=False,
        stream_buffer_maxsize=16_384,  # never full: a lane has at most two blocks under way
    )


def _consumer(app: faust.App) -> BlockConsumer:
    consumer = app.consumer
    if not isinstance(consumer, BlockConsumer):
        raise TypeError("the app was not made by build()")
    return consumer


def works_of(app: faust.App) -> Works:
    """Return what `build` has put together."""
    transport = app.transport
    if not isinstance(transport, BlockTransport):
        raise TypeError("the app was not made by build()")
    return transport.works


def retire(app: faust.App, code: Exit, why: str) -> None:
    """Have `run(app)` stop cleanly and return `code`, for instance because the wanted input topics have changed."""
    works_of(app).stopping.ask(code, why)


async def run(app: faust.App) -> Exit:
    """Serve until SIGTERM, SIGINT or `retire`; then let the running blocks end, leave the group, and return.

    Any doubt on the way ends the process itself, with a code of its own.
    """
    works = works_of(app)
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, works.stopping.ask, Exit.DONE, f"received {name.name}")
    await _find_topics(works)
    app.finalize()
    await app.start()
    code = await _served(app, works)
    await _consumer(app).retire()
    await app.stop()
    await works.counts.stop()
    return code


async def _find_topics(works: Works) -> None:
    try:
        await works.counts.start()
        for topic in works.topics:
            works.counts.of(topic)
    except MissingTopic as error:
        leave(Exit.MISSING_TOPIC, str(error))
    except Unable as error:
        leave(Exit.UNABLE, str(error))
    except KafkaError as error:
        leave(Exit.UNABLE, f"no answer from Kafka at {works.settings.bootstrap}: {error!r}")


async def _served(app: faust.App, works: Works) -> Exit:
    asked = asyncio.ensure_future(works.stopping.wait())
    ended = asyncio.ensure_future(app.wait_until_stopped())
    await asyncio.wait((asked, ended), return_when=asyncio.FIRST_COMPLETED)
    if not asked.done():
        leave(Exit.DOUBT, "Faust has stopped by itself")
    ended.cancel()
    return asked.result()
