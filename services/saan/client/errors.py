"""What a client may raise. An event that is refused is no error: it is a verdict."""

from collections.abc import Mapping


class ClientError(Exception):
    """Root of this package's errors. ``code`` is stable; ``message`` and ``hint`` are in Thai (th) and English (en)."""

    def __init__(self, code: str, message: Mapping[str, str], hint: Mapping[str, str]) -> None:
        super().__init__(f"{code}: {message['en']} {hint['en']}")
        self.code = code
        self.message = message
        self.hint = hint


class Refused(ClientError):
    """The station refuses the request as a whole (a token, a cursor, a size); trying again does not help."""


class Unavailable(ClientError):
    """The station did not answer, or could not do its work, for as long as the client was told to try."""

    def __init__(self, tries: int) -> None:
        super().__init__(
            "CL-1",
            {
                "th": f"ติดต่อสถานีไม่สำเร็จหลังลอง {tries} ครั้ง",
                "en": f"The station could not be reached in {tries} tries.",
            },
            {
                "th": "ตรวจเครือข่ายและที่อยู่ของสถานี แล้วส่งอีกครั้งด้วยรหัสเดิม",
                "en": "Check the network and the station's address, then send again with the same ids.",
            },
        )
