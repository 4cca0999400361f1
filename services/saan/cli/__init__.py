"""The command line: one module per command, each of them thin.

Every command has ``--json`` where it prints data, and ``--help`` that teaches. What goes wrong is one coded sentence
in Thai and English with what to do next; a traceback comes only with ``--debug``.
"""

import sys

from saan.cli import logs
from saan.cli.app import app
from saan.cli.failure import report


def main() -> None:
    """Run the command line; exit code 0: done, 1: refused or failed with a said reason, 2: wrong usage."""
    debug = "--debug" in sys.argv
    logs.to_stderr()
    try:
        app(args=[argument for argument in sys.argv[1:] if argument != "--debug"])
    except Exception as error:
        if debug:
            raise
        sys.exit(report(error))


__all__ = ["main"]
