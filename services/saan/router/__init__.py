"""The router: does the event fit the learner's history, and who is entitled to it?

Reads `checked.<domain>`; writes `record.<domain>` (the canonical log), `inbox.<participant>`, `quarantine`, receipts
and its ledger entry, all of a block in one transaction. What it remembers per learner is derived from `record.<domain>`
alone and kept in a local RocksDB, written after the commit: behind the log or equal to it, never ahead.
"""
