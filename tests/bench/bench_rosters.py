"""Rows per second of CPU time for reading and judging files of invented pupils: DMC roster and STUDENT template.

python tests/bench/bench_rosters.py [rows]
"""

import csv
import io
import sys
from datetime import date
from pathlib import Path
from time import process_time

from saan.sources import formats
from saan.wire import files, world

INPUTS = Path(__file__).parents[1] / "contract" / "inputs"
FILES = {
    "dmc-roster-clean.utf8.csv": "เลขประจำตัวประชาชน",
    "student-template.utf8.csv": "หมายเลขบัตรประจำตัว",
}
"""Each file, and its column with the identity."""


def citizen_id(number: int) -> str:
    """A 13-digit number with a right check digit that belongs to nobody."""
    digits = f"990000{number:06d}"
    total = sum(int(digit) * (13 - position) for position, digit in enumerate(digits))
    return f"{digits}{(11 - total % 11) % 10}"


def many(name: str, count: int) -> io.BytesIO:
    """The file's first row, which is clean, for so many pupils of their own number."""
    with (INPUTS / name).open(encoding="utf-8", newline="") as file:
        header, pupil, *_ = csv.reader(file)
    at = header.index(FILES[name])
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([*pupil[:at], citizen_id(i), *pupil[at + 1 :]] for i in range(count))
    return io.BytesIO(text.getvalue().encode())


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    governed = world.build(files.read(files.default_folder()).entities())
    participant = governed.participants["sis-96022001"]
    for name in FILES:
        file = many(name, count)
        start = process_time()
        judged = list(formats.rows(file, participant, governed, today=date(2025, 6, 10)))
        seconds = process_time() - start
        accepted, events = sum(row.event is not None for row in judged), sum(len(row.events) for row in judged)
        rate = count / seconds
        print(f"{name}: {count:,} rows, {accepted:,} accepted, {events:,} events, {seconds:.1f} s, {rate:,.0f} rows/s")


if __name__ == "__main__":
    main()
