"""The gateway: is this a well-formed publication by this participant?

HTTP in, ``outbox.gateway`` out. A participant without a Kafka client posts CloudEvents; each gets a verdict at once, in
the order of the request. ``accepted`` means that the broker has the event on all in-sync replicas; whether the event is
true to its rules is the validator's business, unless a rehearsal (``?dry_run=true``) asks for that here.

* ``intake``    HTTP body -> what was given
* ``encode``    what was given -> a record for the outbox, or findings
* ``handler``   records -> the log -> results
* ``answer``    results -> HTTP status and body
* ``describe``  what a vendor needs to know about event types
"""
