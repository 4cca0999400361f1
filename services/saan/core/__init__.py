"""What Saan decides, as pure functions of their arguments.

Nothing here knows a network, a file, a clock or the environment: time, identifiers and keys come in as arguments.
"""
