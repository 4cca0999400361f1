"""`saan doctor`: can this machine run the exchange, and what to do if not."""

import typer
from rich.console import Console
from rich.progress import Progress

from saan.cli.options import Dir, Json, settings
from saan.cli.printing import as_json
from saan.embedded.doctor import checks


def doctor(dir: Dir = None, json: Json = False) -> None:
    """ตรวจเครื่อง · Check Python, Java, cache, versions, ports, disk and memory, and say what to do.

    Exit code 1 when something is not good.
    """
    chosen = settings(dir)
    with Progress(console=Console(stderr=True), transient=True, disable=json) as bar:
        bar.add_task("ตรวจ · checking", total=None)
        found = checks(chosen.dir, chosen.cache)
    if json:
        as_json(
            [
                {"name": c.name, "ok": c.ok, "th": c.said_th, "en": c.said_en, "fix_th": c.fix_th, "fix_en": c.fix_en}
                for c in found
            ]
        )
    else:
        for c in found:
            print(f"{'✓' if c.ok else '✗'} {c.name:10} {c.said_th}\n  {'':10} {c.said_en}")
            if not c.ok:
                print(f"  {'':10} → {c.fix_th}\n  {'':10} → {c.fix_en}")
    raise typer.Exit(0 if all(c.ok for c in found) else 1)
