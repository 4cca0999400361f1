"""The validator: is this event true to its schema, its rules and its publisher's mandate?

Reads `outbox.gateway` and every `outbox.<participant>`; writes `checked.<domain>`, `quarantine`, receipts of refusals
and its ledger entry, all of a block in one transaction. It keeps no state, so it scales by adding processes.
"""
