"""Two fresh clones get the same set: whatever is installed here is pinned in pyproject.toml."""

import importlib.metadata
import re
import tomllib
from pathlib import Path

PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))


def name(requirement: str) -> str:
    return re.split(r"[\[=; ]", requirement)[0].lower().replace("_", "-").replace(".", "-")


def test_every_installed_distribution_is_pinned_to_the_version_that_is_installed() -> None:
    direct = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]]
    pinned = {name(one): one for one in (*PROJECT["tool"]["uv"]["constraint-dependencies"], *direct)}
    installed = {name(d.name): d.version for d in importlib.metadata.distributions() if d.name not in ("saan", "pip")}

    unpinned = {one: version for one, version in installed.items() if f"=={version}" not in pinned.get(one, "")}

    assert unpinned == {}, "run .ci/constrain"
