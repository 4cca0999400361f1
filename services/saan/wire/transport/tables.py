"""Faust's keeper of tables, for stations that have none: it starts without waiting a second for tables to appear.

Faust subscribes only after that second, so it would stand in every restart of a station, twice on a record's way.
"""

from faust.tables import TableManager


class NoTables(TableManager):  # type: ignore[misc]  # Faust is untyped here
    """Starts the recovery, which also resumes the streams after every rebalance, at once."""

    async def on_start(self) -> None:
        await self._update_channels()
        await self.recovery.start()
