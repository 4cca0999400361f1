"""How the tests are spread over workers (pytest-xdist): a folder of live tests, or else a file, stays on one worker.

Live tests share what is slow to start, and mostly wait; on two cores two workers take little more than half the time.
The harness under faults and the whole exchange are one group: each of them wants most of the machine.
"""

from pathlib import Path
from typing import Any

import pytest

_SAID = pytest.StashKey[list[str]]()

HEAVY = ("exchange", "prove")
LIVE = Path(__file__).parent / "live"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Name every test's group."""
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group(item.path)))


def _group(path: Path) -> str:
    if not path.is_relative_to(LIVE):
        return f"{path.parent.name}/{path.name}"
    folder = path.relative_to(LIVE).parts[0]
    return "live-whole" if folder in HEAVY else f"live-{folder}"


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
