"""A school day in Narathiwat: real schools, invented people, and an account of what everybody was owed.

    names, ground   given and family names; the schools and subdistricts of the demo province
    province        pupils by school, from a seed
    schoolday       the day on which it plays
    roster          one roster file per school, with the dirt of real files (``stains``)
    day             what happens on that day, in phases (``happenings``), with the dirt of real systems (``slips``)
    planted         what is published, together with what must become of it
    owed            who must get what, from the files of ``schemas/`` alone
    delivered       what really lies in the inboxes
    balance         owed against delivered
    publishers      hands events in as the participants do, over Kafka or HTTP
    settling        waits for the publishers' receipts
    run             plays all of it against a running exchange; ``progress`` is told how far it is
    result, show    what came of it: figures, and tables for people

Expectations are planted together with the dirt, never taken from the code that is being watched: ``owed`` shares
nothing with the stations, and ``delivered`` reads with another Kafka client.
"""
