"""The counters and clocks that every station exposes to Prometheus.

No label carries anything about a learner: only names of stations, topics, outcomes and reasons.
"""

from prometheus_client import Counter, Gauge, Histogram

_SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

BLOCKS = Counter("saan_blocks_total", "Blocks committed, each in one transaction.", ["station"])
BLOCK_SECONDS = Histogram("saan_block_seconds", "From taking a block to its commit.", ["station"], buckets=_SECONDS)
TRANSACTION_SECONDS = Histogram(
    "saan_transaction_seconds", "From the first send of a transaction to its commit.", ["station"], buckets=_SECONDS
)
RECORDS = Counter("saan_records_total", "Records committed, by what became of them.", ["station", "outcome"])
POISONED = Counter("saan_poison_total", "Records whose decision failed and that were set aside.", ["station"])
LAG_SECONDS = Gauge(
    "saan_lag_seconds", "Age of the oldest record not yet processed.", ["station", "topic", "partition"]
)
LANES = Gauge("saan_lanes", "Input partitions this process works on.", ["station"])
REBALANCES = Counter("saan_rebalances_total", "Assignments received from the group.", ["station"])
ENGINE = Counter(
    "saan_engine_records_total",
    "Records by how they were decided: `compiled`, or by the reference, which `objected` or had nothing to object to "
    "(`doubted`: good records that took the long way).",
    ["decided"],
)
