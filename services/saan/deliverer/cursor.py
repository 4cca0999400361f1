"""A place in one participant's inbox, as text that only says something to this station.

Layout before base64url: one version byte, then partition (2 bytes) and next offset (8 bytes) for each partition that
was read, then 16 bytes of HMAC-SHA256 over the participant and all of that. Another participant's cursor, or one that
somebody made up, is found out by the HMAC. Replicas that share the key understand each other's cursors.
"""

import base64
import binascii
import hashlib
import hmac
import struct
from typing import Final

from saan.wire.log import Positions

_VERSION: Final = b"\x01"
_PLACE: Final = struct.Struct(">HQ")
_MAC: Final = 16
_LONGEST: Final = 20_000


class Cursors:
    """Writes and reads cursors under one key (any bytes; a key of its own is derived from them)."""

    def __init__(self, key: bytes) -> None:
        self._key = hmac.digest(key, b"saan deliverer cursor", "sha256")

    def write(self, participant: str, positions: Positions) -> str:
        places = b"".join(_PLACE.pack(number, at) for number, at in sorted(positions.items()))
        body = _VERSION + places
        return base64.urlsafe_b64encode(body + self._mac(participant, body)).rstrip(b"=").decode()

    def read(self, participant: str, cursor: str) -> Positions | None:
        """The positions, or ``None`` for anything that ``write`` did not make for this participant."""
        if len(cursor) > _LONGEST or not cursor.isascii():
            return None
        try:
            raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        except binascii.Error:
            return None
        body, mac = raw[:-_MAC], raw[-_MAC:]
        if not hmac.compare_digest(mac, self._mac(participant, body)):
            return None
        if body[:1] != _VERSION or (len(body) - 1) % _PLACE.size:
            return None
        return dict(_PLACE.iter_unpack(body[1:]))

    def _mac(self, participant: str, body: bytes) -> bytes:
        # The length keeps the end of the participant's id apart from the beginning of the body.
        named = participant.encode()
        return hmac.new(self._key, struct.pack(">I", len(named)) + named + body, hashlib.sha256).digest()[:_MAC]
