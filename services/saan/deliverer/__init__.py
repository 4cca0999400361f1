"""The deliverer: when and how does an event reach a subscriber without a Kafka client?

It reads ``inbox.<participant>`` for a participant and hands the events over as CloudEvents in JSON. Nothing is held
here: how far a participant has acknowledged is kept in Kafka, so any replica serves any request.

* ``cursor``    a place in an inbox, as opaque text
* ``opening``   records of an inbox -> CloudEvents
* ``channels``  the ways to hand over; each way is a module
* ``handler``   an inbox -> pages of events, and acknowledgements
"""
