"""
Saan (สาน): how one education record travels.

    gateway    takes a publication over HTTP                    -> `outbox.gateway`
               (a publisher with a Kafka client writes its own  -> `outbox.<participant>`)
    validator  holds it against schema, rules and mandate       -> `checked.<domain>` | `quarantine`
    router     holds it against history, finds who may have it  -> `record.<domain>`, `inbox.<participant>`
    deliverer  hands an inbox to those without a Kafka client   -> HTTP
    console    shows operators what happens                     <- `ledger`, `quarantine`

Each station is a folder of this package, one process and one name. `core` decides, `wire` carries, a station joins
the two. `sources` reads the files that schools have today, `embedded` is real Kafka and a real registry on this
machine, `governance` makes cluster and registry what `schemas/` says, `rounds` counts and certifies what the log says,
`exchange` runs all of it under supervision, `demo` plays a school day on it, `prove` strikes it under load and counts,
and `cli` is the command line.

    __main__ -> cli -> prove -> demo -> exchange
             -> stations, embedded, governance, rounds, sources, client -> wire -> core
"""
