"""Governance as code: check the files of ``schemas/``, plan what differs from the running exchange, make it so."""
