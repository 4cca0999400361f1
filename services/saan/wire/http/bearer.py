"""Who asks: a bearer token names a participant. Only SHA-256 digests of tokens are known here."""

import hashlib

from saan.core.participants import Participant
from saan.wire.http.faults import UNAUTHORISED, Refused
from saan.wire.http.ports import Tokens


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def authenticate(tokens: Tokens, authorization: str | None) -> Participant:
    """The participant named by an ``Authorization`` header; one and the same refusal for every other case."""
    scheme, _, token = (authorization or "").partition(" ")
    known = tokens.participant(digest(token.strip())) if scheme.lower() == "bearer" and token.strip() else None
    if known is None:
        raise Refused(UNAUTHORISED)
    return known
