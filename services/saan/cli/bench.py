"""`saan bench`: Saan's engines beside what a user would pick instead. From a checkout only: peers are no product."""

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

import saan
from saan.cli.failure import Failure
from saan.cli.options import Json

_ROOT = Path(saan.__file__).parents[2]
_PROGRAM = _ROOT / "tests" / "bench" / "compare.py"


def bench(
    quick: Annotated[
        bool, typer.Option("--quick", help="แบบสั้น · Kafka Streams and Saan's engines once, in a few minutes.")
    ] = False,
    records: Annotated[int | None, typer.Option(min=20_000, help="จำนวนเหตุการณ์ · Events of the input.")] = None,
    rounds: Annotated[int | None, typer.Option(min=1, help="จำนวนรอบ · Rounds through all peers.")] = None,
    peer: Annotated[list[str] | None, typer.Option(help="เฉพาะรายนี้ · This peer only; can be given again.")] = None,
    svg: Annotated[Path | None, typer.Option(help="เขียนแผนภูมิ · Write a chart into this file.")] = None,
    json: Json = False,
) -> None:
    """เทียบความเร็วกับทางเลือกอื่นบนเครื่องเดียวกัน · Compare with Kafka Streams and plain Java, side by side.

    One preloaded topic, the same 25 rules, exactly once, on one core; what each peer wrote is read and verified in the
    timed runs. The figure is processor seconds per million events. Works from a checkout of the project; the Java
    peers are built with Maven, and left out, with a word, where there is none. Wants the machine for itself.
    """
    if not _PROGRAM.exists():
        raise Failure(
            "bench.no-checkout",
            "คำสั่งนี้ใช้ได้จากซอร์สของโครงการเท่านั้น",
            "This command works from a checkout of the project only.",
            "โคลนโครงการแล้วสั่ง python3 -m uv run saan bench ในโฟลเดอร์นั้น",
            "Clone the project and run `python3 -m uv run saan bench` in its folder.",
        )
    arguments = [*(["--quick"] if quick else []), *(["--json"] if json else [])]
    for name, value in (("--records", records), ("--rounds", rounds), ("--svg", svg and svg.absolute())):
        arguments += [] if value is None else [name, str(value)]
    for one in peer or ():
        arguments += ["--peer", one]
    done = subprocess.run([sys.executable, "-m", "tests.bench.compare", *arguments], cwd=_ROOT, check=False)
    raise typer.Exit(done.returncode)
