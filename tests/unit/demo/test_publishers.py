from pathlib import Path

from saan.core.world import World
from saan.demo.publishers import record_names


def test_every_event_type_is_published_under_the_full_name_of_its_avro_record(schemas: Path, world: World) -> None:
    assert record_names(schemas) == {name: event.record for name, event in world.events.items()}
