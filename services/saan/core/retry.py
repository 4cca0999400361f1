"""How long to wait before the next try."""


def delay(attempt: int, *, base: float = 0.5, cap: float = 30.0, jitter: float = 1.0) -> float:
    """Seconds to wait after failure number ``attempt`` (from 1): doubling from ``base`` to ``cap``.

    ``jitter`` is a random number from 0 to 1 that the caller draws: it spreads the waits of many clients over the
    upper half of the time.
    """
    full = min(cap, base * 2.0 ** (min(attempt, 64) - 1))
    return full * (0.5 + 0.5 * jitter)
