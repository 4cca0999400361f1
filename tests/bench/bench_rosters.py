"""Rows per second of reading and judging a DMC roster of invented pupils, on one core.

python tests/bench/bench_rosters.py [rows]
"""

import csv
import io
import sys
from datetime import date
from pathlib import Path
from time import perf_counter

from saan.sources import formats
from saan.wire import files, world

ROSTER = Path(__file__).parents[1] / "contract" / "inputs" / "dmc-roster-clean.utf8.csv"
IDENTITY = "เลขประจำตัวประชาชน"


def citizen_id(number: int) -> str:
    """A 13-digit number with a right check digit that belongs to nobody."""
    digits = f"990000{number:06d}"
    total = sum(int(digit) * (13 - position) for position, digit in enumerate(digits))
    return f"{digits}{(11 - total % 11) % 10}"


def roster(count: int) -> io.BytesIO:
    with ROSTER.open(encoding="utf-8", newline="") as file:
        pupils = list(csv.DictReader(file))
    text = io.StringIO()
    writer = csv.DictWriter(text, list(pupils[0]))
    writer.writeheader()
    writer.writerows({**pupils[i % len(pupils)], IDENTITY: citizen_id(i)} for i in range(count))
    return io.BytesIO(text.getvalue().encode())


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    governed = world.build(files.read(files.default_folder()).entities())
    file, participant = roster(count), governed.participants["sis-96022001"]
    start = perf_counter()
    accepted = sum(row.event is not None for row in formats.rows(file, participant, governed, today=date(2025, 6, 10)))
    seconds = perf_counter() - start
    print(f"{count:,} rows, {accepted:,} accepted, {seconds:.1f} s, {count / seconds:,.0f} rows/s")


if __name__ == "__main__":
    main()
