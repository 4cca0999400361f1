"""`python -m saan` and the command `saan`."""

from saan.cli import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
