"""How long the reference engine takes for one good student.enrolled record, from bytes and headers to the verdict.

Run it with ``python tests/bench/bench_reference.py``; it prints microseconds per record and asserts nothing.
"""

import time
from collections.abc import Callable
from dataclasses import replace

from saan.core.envelope import instant, read
from saan.core.message import Envelope
from saan.core.outcome import Accepted
from saan.core.validate import Validator
from saan.wire.avro import Codec
from saan.wire.files import default_folder
from saan.wire.files import read as read_folder
from saan.wire.record import frame
from saan.wire.reference import Reference, Submitted
from saan.wire.registry_types import RegisteredSchema
from saan.wire.world import build

KEY = b"a key for benchmarks only"
BLOCK = 2000
ROUNDS = 7
HEADERS = {
    "content-type": "application/avro",
    "ce_specversion": "1.0",
    "ce_id": "01972e72-3898-7ec4-8c2e-3bbf73fcde92",
    "ce_type": "student.enrolled",
    "ce_source": "sis-96012007",
    "ce_time": "2025-06-02T02:22:07Z",
    "ce_recordedtime": "2025-06-02T02:25:07Z",
    "ce_sequence": "360",
    "ce_purpose": "REGISTER",
    "ce_dataclass": "C2k",
    "ce_testdata": "true",
}


def best(what: Callable[[], object]) -> float:
    """Microseconds of processor time per record in the fastest of several rounds of one block."""
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        what()
        times.append(time.process_time() - start)
    return min(times) / BLOCK * 1e6


def main() -> None:
    world = build(read_folder(default_folder()).entities())
    event = world.events["student.enrolled"]
    codec = Codec(event.schema)
    data = codec.from_json(event.examples["accepted"][0]["data"])
    assert isinstance(data, dict), data
    body = codec.encode(data)
    now = instant("2025-06-02T02:26:07Z")
    assert now is not None

    class Schemas:
        def get(self, schema_id: int) -> RegisteredSchema:
            return RegisteredSchema(event.record, 1, event.schema)

    engine = Reference(world, Schemas(), KEY)
    bare = Validator(replace(world, events={event.name: replace(event, rules=())}), KEY)
    full = Validator(world, KEY)
    envelope = read(HEADERS)
    assert isinstance(envelope, Envelope)
    publisher = world.participants["sis-96012007"]
    records = [Submitted(HEADERS, frame(1, body), "sis-96012007", now)] * BLOCK
    verdict = engine.check(records[:1])[0].verdict
    assert isinstance(verdict, Accepted), verdict

    every = range(BLOCK)
    print(f"{len(body)} bytes, {len(data)} fields given, {len(event.rules)} rules; microseconds per record:")
    print(f"  envelope           {best(lambda: [read(HEADERS) for _ in every]):6.1f}")
    print(f"  decode             {best(lambda: [codec.decode(body) for _ in every]):6.1f}")
    checks = {"validate, no rules": bare, "validate": full}
    for name, validator in checks.items():

        def run(validator: Validator = validator) -> object:
            return [validator.check(envelope, data, publisher=publisher, received=now) for _ in every]

        print(f"  {name:18} {best(run):6.1f}")
    print(f"  whole engine       {best(lambda: engine.check(records)):6.1f}")


if __name__ == "__main__":
    main()
