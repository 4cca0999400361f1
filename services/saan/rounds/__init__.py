"""Counts, certifies and verifies reporting rounds on a running exchange.

A count reads the canonical log whole and folds it into a roster (``core.roster``); it keeps and changes nothing.
Certificates and reports are ordinary events: they are made here as data, and travel, are checked and are delivered like
any other.
"""
