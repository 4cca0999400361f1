"""The page can be read by everybody: contrast of text by WCAG 2.2, level AA (1.4.3: at least 4.5 to 1)."""

import re
from itertools import product
from pathlib import Path

import pytest

import saan.console

STYLE = (Path(saan.console.__file__).parent / "static" / "console.css").read_text(encoding="utf-8")
LIGHT, DARK = (
    dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", block)) for block in re.findall(r":root \{(.*?)\}", STYLE, re.S)
)
TEXTS = ("text", "muted", "accent", "good", "warn", "bad")
GROUNDS = ("page", "card", "tint")


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), list(product(TEXTS, GROUNDS)))
def test_every_text_stands_out_from_every_ground(scheme: dict[str, str], text: str, ground: str) -> None:
    lighter, darker = sorted((_luminance(scheme[text]), _luminance(scheme[ground])), reverse=True)

    assert (lighter + 0.05) / (darker + 0.05) >= 4.5
