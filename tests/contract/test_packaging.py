"""What is built holds all of the code and all of `schemas/`."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
BUILD = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]


def test_every_package_is_listed() -> None:
    services = ROOT / "services"
    found = {".".join(file.parent.relative_to(services).parts) for file in services.rglob("__init__.py")}

    assert set(BUILD["packages"]) == found | {"saan.schemas"}


def test_every_file_of_schemas_is_package_data() -> None:
    schemas = ROOT / "schemas"
    wanted = {file for file in schemas.rglob("*") if file.is_file()}
    taken = {file for pattern in BUILD["package-data"]["saan.schemas"] for file in schemas.glob(pattern)}

    assert wanted - taken == set()


def test_every_file_beside_the_code_is_package_data() -> None:
    package = ROOT / "services" / "saan"
    made = (".py", ".pyc", ".c", ".so", ".pyd")
    beside = {f for f in package.rglob("*") if f.is_file() and f.suffix not in made}
    named = {p for patterns in BUILD["package-data"].values() for p in patterns}
    taken = {f for f in beside if any(f.match(pattern) for pattern in named)}

    assert beside - taken == set()


def test_every_source_of_the_native_module_is_known_to_its_build() -> None:
    (native,) = BUILD["ext-modules"]
    written = {file.relative_to(ROOT).as_posix() for file in (ROOT / "services").rglob("*.p[yx][xi]")}

    assert written == {*native["sources"], *native["depends"]}
    assert native["optional"]


def test_direct_dependencies_are_pinned_exactly_and_say_why() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    listed = [line.strip() for line in lines if line.strip().startswith('"') and "==" in line and "#" in line]
    project = tomllib.loads("\n".join(lines))
    direct = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]

    assert all("==" in one for one in direct)
    assert len(listed) >= len(direct)
