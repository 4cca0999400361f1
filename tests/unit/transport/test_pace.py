"""Fetches wait for more only when more is coming."""

from types import SimpleNamespace

from saan.wire.transport.pace import GATHER_MS, QUIET_MS, Pace


def test_a_stream_is_busy_from_twenty_five_records_a_second_on() -> None:
    for rate, busy in ((10, False), (200, True)):
        pace = Pace(0.0, 32_768)
        for tick in range(1, 5 * rate):
            said = pace.busy(1, tick / rate)
        assert said is busy


def test_a_busy_stream_becomes_quiet_again() -> None:
    pace = Pace(0.0, 32_768)
    assert pace.busy(1000, 0.1)
    assert not pace.busy(0, 10.0)


def test_the_next_fetch_is_set_accordingly() -> None:
    pace, fetcher = Pace(0.0, 32_768), SimpleNamespace(_fetch_min_bytes=0, _fetch_max_wait_ms=0)
    pace.steer(fetcher, 1000, 0.1)
    assert (fetcher._fetch_min_bytes, fetcher._fetch_max_wait_ms) == (32_768, GATHER_MS)
    pace.steer(fetcher, 0, 10.0)
    assert (fetcher._fetch_min_bytes, fetcher._fetch_max_wait_ms) == (1, QUIET_MS)
