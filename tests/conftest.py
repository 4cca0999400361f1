"""How the tests are spread over workers (pytest-xdist): a folder of live tests, or else a file, stays on one worker.

Live tests share what is slow to start, and mostly wait; on two cores two workers take little more than half the time.
The harness under faults and the whole exchange are one group: each of them wants most of the machine. They begin first,
because they take longest.

No property is held to a time limit: how long an example takes says how busy the machine is.
"""

from pathlib import PurePosixPath
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling, Scheduling

settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

_SAID = pytest.StashKey[list[str]]()

HEAVY = ("live/exchange", "live/prove")


class Grouped(LoadScopeScheduling):
    """Gives a worker whole groups."""

    def _split_scope(self, nodeid: str) -> str:
        return group(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    """Schedule by groups: `--dist=loadgroup` of xdist 3.8 reads names in a way that pytest 9 no longer knows."""
    return Grouped(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest groups first; the order within a group stays."""
    items.sort(key=lambda item: _turn(group(item.nodeid)))


def group(nodeid: str) -> str:
    """The group of a test: the folder of a live test, else the file."""
    path = PurePosixPath(nodeid.partition("::")[0])
    places = path.parts[path.parts.index("tests") + 1 :] if "tests" in path.parts else path.parts
    folder = "/".join(places[:2])
    if places[0] != "live":
        return str(path)
    return "live/whole" if folder in HEAVY else folder


def _turn(group: str) -> int:
    return 0 if group == "live/whole" else 1 if group.startswith("live/") else 2


@pytest.fixture(scope="session")
def said(request: pytest.FixtureRequest) -> list[str]:
    """Lines for the summary at the end, to be added to."""
    return request.config.stash.setdefault(_SAID, [])


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand a worker's lines over to whoever prints them."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["said"] = session.config.stash.get(_SAID, [])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what a worker has to say; one that died has nothing to say."""
    node.config.stash.setdefault(_SAID, []).extend(getattr(node, "workeroutput", {}).get("said", []))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what tests had to say besides their verdicts."""
    for line in dict.fromkeys(config.stash.get(_SAID, [])):
        terminalreporter.write_line(line)
