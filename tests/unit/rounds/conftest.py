"""A log that lies in memory, with records as the router writes them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import pytest

from saan.core.calendar import rfc3339
from saan.core.world import World
from saan.wire.avro import Codec
from saan.wire.files import default_folder, read
from saan.wire.record import cloud_event, frame
from saan.wire.whole_log import Ends, Entry
from saan.wire.world import build

WORLD = build(read(default_folder()).entities())
IDS = {name: id for id, name in enumerate(WORLD.events, start=1)}


def schema(id: int) -> Mapping[str, Any]:
    return next(event.schema for name, event in WORLD.events.items() if IDS[name] == id)


class Log:
    """Records by topic, all in partition 0; the offsets leave gaps, as transactions do."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.ends: dict[str, int] = {}

    def say(self, type: str, subject: str, received: int, data: Mapping[str, Any]) -> None:
        event = WORLD.events[type]
        codec, n = Codec(event.schema), len(self.entries)
        encoded = codec.from_json({**_minimum(type), **data})
        assert isinstance(encoded, dict), encoded
        about = {"id": f"e-{n}", "type": type, "source": "sis-1", "time": rfc3339(received - 1)}
        headers = cloud_event({**about, "subject": subject})
        value = frame(IDS[type], codec.encode(encoded))
        self.entries.append(Entry(f"record.{event.domain}/0", 2 * n, subject.encode(), value, headers, received))

    def read(
        self, topics: Iterable[str], *, ends: Ends | None = None, progress: Callable[[int], None] = lambda n: None
    ) -> Iterator[Entry]:
        wanted = {f"{topic}/0" for topic in topics}
        for entry in self.entries:
            if entry.place in wanted and (ends is None or entry.offset < ends.get(entry.place, 0)):
                self.ends[entry.place] = entry.offset + 1
                progress(1)
                yield entry


def _minimum(type: str) -> dict[str, Any]:
    """The data of the first accepted example."""
    example = read(default_folder()).events[type].examples.accepted[0].data
    assert example is not None
    return example


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
def world() -> World:
    return WORLD
