"""The whole exchange on one machine: real Kafka, real registry, everything governed applied, five stations watched.

    exchange = Exchange(settings)
    exchange.start()          # engine, `saan apply`, stations
    await exchange.watch(stop)  # restarts what falls over, until asked to stop
    exchange.stop()

While it runs, `endpoints.json` in its folder says where everything is.
"""
