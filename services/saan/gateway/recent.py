"""What was accepted a short while ago, so that a client's second try is answered without storing the event again.

The router is the authority on duplicates; forgetting here costs a little work there and nothing else.
"""

from collections import OrderedDict


class Recent:
    """Remembers up to ``limit`` accepted events by participant and id, with a digest of their content.

    The same id with another content is not a duplicate here: a mended event may come back under its old id.
    """

    def __init__(self, limit: int = 100_000) -> None:
        self._limit = limit
        self._digests: OrderedDict[tuple[str, str], bytes] = OrderedDict()

    def knows(self, participant: str, id: str, digest: bytes) -> bool:
        return self._digests.get((participant, id)) == digest

    def remember(self, participant: str, id: str, digest: bytes) -> None:
        self._digests[participant, id] = digest
        self._digests.move_to_end((participant, id))
        if len(self._digests) > self._limit:
            self._digests.popitem(last=False)
