"""What a handler may meet or raise while it decides a block."""


class TransportError(Exception):
    """Root of this package's errors; `code` is stable."""

    code = "SAAN-T000"

    def __str__(self) -> str:
        return f"{self.code}: {super().__str__()}"


class MissingTopic(TransportError):
    """An output topic, or a partition of it, does not exist. Topics are only ever created by `saan apply`."""

    code = "SAAN-T001"

    def __init__(self, topic: str, partition: int | None = None) -> None:
        what = f"topic {topic!r}" if partition is None else f"partition {partition} of topic {topic!r}"
        super().__init__(f"{what} does not exist; run `saan apply`, then start the station again")
        self.topic = topic


class OversizedRecord(TransportError):
    """A record does not fit into one batch."""

    code = "SAAN-T002"

    def __init__(self, topic: str, size: int, limit: int) -> None:
        super().__init__(f"a record of {size} bytes for {topic!r} is larger than the limit of {limit} bytes")
        self.topic, self.size, self.limit = topic, size, limit


class Unable(TransportError):
    """Raised by a handler when no record is to blame: a registry, a store or another thing it needs is away.

    The block is not bisected and nothing is set aside; the process leaves and the block is read again.
    """

    code = "SAAN-T003"


class MovedKeys(Unable):
    """A topic has another number of partitions than is governed: keys would go where their earlier records are not."""

    code = "SAAN-T005"

    def __init__(self, topic: str, governed: int, found: int) -> None:
        super().__init__(
            f"topic {topic!r} has {found} partitions where {governed} are governed, and one key's records would lose "
            "their order; run `saan plan`, which says what can be done"
        )
        self.topic = topic


class LostBlock(TransportError):
    """Records between two blocks have not arrived."""

    code = "SAAN-T004"

    def __init__(self, expected: int, got: int) -> None:
        super().__init__(f"the block at offset {expected} is lost, the next one begins at {got}")
