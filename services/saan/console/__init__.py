"""The console: what does an operator need to see?

It reads the ledger, where every station accounts for every block, and shows the balance of the whole exchange as one
page that keeps itself up to date. It shows counts, codes and reasons; never anything of a payload.

* ``entry``    one ledger record -> one account that can be trusted to have the right types
* ``window``   what happened in the last seconds
* ``board``    accounts -> the balance sheet, per station and per participant
* ``health``   whether broker and registry answer, and how old the first unread record is
* ``handler``  the ledger -> the board, for ever
* ``picture``  board and health at one moment, as plain values: the JSON of ``/api/board``
* ``journey``  the drawing of a message's way, with numbers on the arrows
* ``page``     picture -> HTML, in Thai and in English
"""
