"""`saan demo`."""


def demo() -> None:
    """demo"""
