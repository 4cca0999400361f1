"""What the transport leaves out of Faust's start is still only what was read there; see wire/transport/tables."""

import inspect
import textwrap

from faust.tables import TableManager

from saan.wire.transport import tables


def test_faust_starts_its_tables_after_a_second_in_which_nothing_else_happens() -> None:
    assert textwrap.dedent(inspect.getsource(TableManager.on_start)) == textwrap.dedent(
        '''\
        async def on_start(self) -> None:
            """Call when table manager is starting."""
            await self.sleep(1.0)
            if not self.should_stop:
                await self._update_channels()
                await self.recovery.start()
        '''
    )
    ours = inspect.getsource(tables.NoTables.on_start)
    assert ours.index("_update_channels()") < ours.index("recovery.start()")
