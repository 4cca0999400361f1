"""README's two commands are what they say they are."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```bash\n(.*?)```", README, re.DOTALL)


def test_the_first_two_snippets_are_one_line_each_and_need_nothing_but_python() -> None:
    first, second = BLOCKS[0].splitlines(), BLOCKS[1].splitlines()

    assert first == ["python3 -m pip install -q uv && python3 -m uv run saan demo"]
    assert second == ["python3 -m pip install -q uv && python3 -m uv run pytest"]


def test_continuous_integration_runs_the_second_command_as_it_stands() -> None:
    assert BLOCKS[1].strip() in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_every_link_to_a_file_leads_somewhere() -> None:
    for page in (ROOT / "README.md", *(ROOT / name / "README.md" for name in ("services", "schemas", "tests"))):
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
