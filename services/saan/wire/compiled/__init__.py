"""The compiled engine: schema, rules and code lists become a program over Avro bytes.

* ``types``      an Avro schema as a tree, every reference followed
* ``automaton``  what a text may be, as a table that is read byte by byte; ``patterns`` and ``spelling`` make them
* ``tables``     code lists, organisations and rounds, to be looked up by text
* ``fields``     the fields that rules read, each in a numbered slot
* ``kinds``      the compiled form of every rule kind
* ``program``    what comes out: plain data; ``compiler`` puts it together for one event type and one schema
* ``native``     runs programs; an optional extension module, built where a C compiler is (``native.pyx``)
* ``engine``     the engine that stations use

A program never words an objection. It says of a record that it is *certainly good*, or else that it is in doubt; what
is in doubt goes to the reference engine, which alone finds. So a verdict can be wrong in one way only: a program calls
something good to which the reference objects. Each compiled form is therefore allowed to doubt what is good (rarely,
for it costs time) and never to let pass what is not.
"""
