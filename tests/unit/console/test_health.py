"""What the console knows about the world around the stations."""

from saan.console.health import Watch
from saan.wire.lag import Lag
from saan.wire.trouble import Trouble


class Meter:
    """Groups and the instants (ms) of their first unread records by partition; ``away`` plays a broker that is."""

    def __init__(self, **unread: list[int | None]) -> None:
        self.unread = {name.replace("__", ".").replace("_", "-"): since for name, since in unread.items()}
        self.away = False

    def groups(self) -> list[str]:
        return sorted(self.unread)

    def of(self, group: str) -> list[Lag]:
        if self.away:
            raise Trouble("cluster.away", cause="timed out")
        return [Lag(group, "t", n, 0, 0, since) for n, since in enumerate(self.unread.get(group, ()))]


async def _there() -> bool:
    return True


async def _gone() -> bool:
    return False


async def test_lag_is_the_age_of_the_oldest_unread_record_of_any_partition() -> None:
    watch = Watch(Meter(saan_validator=[None, 7_000, 5_000]), _there, ("validator",))

    await watch.look()

    assert watch.health.stations["validator"].seconds(9_000_000) == 4.0


async def test_a_station_that_has_read_everything_has_no_lag_and_one_that_never_read_has_none_known() -> None:
    watch = Watch(Meter(saan_validator=[None]), _there, ("validator", "router"))

    await watch.look()

    assert watch.health.stations["validator"].seconds(9_000_000) == 0.0
    assert "router" not in watch.health.stations


async def test_the_slowest_reader_of_a_participant_counts() -> None:
    watch = Watch(Meter(eef__http=[8_000], eef__archive=[None, 3_000], peo_96__http=[None]), _there, ())

    await watch.look()

    assert {name: unread.since for name, unread in watch.health.readers.items()} == {"eef": 3_000, "peo-96": None}


async def test_a_broker_that_goes_away_is_said_and_what_was_known_stays() -> None:
    meter = Meter(saan_validator=[5_000])
    watch = Watch(meter, _there, ("validator",))
    await watch.look()
    assert (watch.health.broker, watch.health.registry) == (True, True)

    meter.away = True
    await watch.look()

    assert watch.health.broker is False
    assert watch.health.stations["validator"].since == 5_000

    meter.away = False
    await watch.look()
    assert watch.health.broker is True


async def test_a_registry_that_does_not_answer_is_said() -> None:
    watch = Watch(Meter(), _gone, ())

    await watch.look()

    assert watch.health.registry is False
