"""A small demo province on the governed files of the checkout."""

from datetime import date
from pathlib import Path

import pytest

from saan.core.world import World
from saan.demo import ground
from saan.demo.ground import Ground
from saan.demo.province import Province
from saan.demo.schoolday import school_day
from saan.wire import files
from saan.wire import world as governed

TUESDAY = date(2025, 6, 10)


@pytest.fixture(scope="session")
def schemas() -> Path:
    return files.default_folder()


@pytest.fixture(scope="session")
def world(schemas: Path) -> World:
    return governed.build(files.read(schemas).entities())


@pytest.fixture(scope="session")
def land(schemas: Path) -> Ground:
    return ground.read(schemas)


@pytest.fixture
def province(land: Ground) -> Province:
    return Province(land, school_day(TUESDAY), seed=7, pupils=1_500, run="a")
