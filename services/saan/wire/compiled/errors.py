"""What the compiler cannot do."""


class Uncompilable(ValueError):
    """This has no compiled form: the reference engine decides it."""
