"""The fault harness behind `saan prove`: load, faults, and checkers that share no code with what they check.

    load      what is published, and what must become of it; every intent is on disk before it is published
    publish   publishers at work, by Kafka and by HTTP, with retries under the same ids
    nemesis   which process is hit when and how, from a seed
    evidence  everything that lies in the topics afterwards, read by another client library
    check     intents against evidence: lost, doubled, inverted, leaked, missing, altered, unbalanced, …
    plant     one fault of each kind put into evidence, which its checker must name

A zero of a checker counts only because the same checker names the fault when one is planted.
"""
