"""Secrets on disk: what a participant connects with, and the keys of this exchange.

``<dir>/credentials/<participant>.json`` holds the Kafka user with its password and the bearer tokens of one
participant; ``secret_key`` holds keys. All of them are readable by their owner alone and appear whole or not at all.
Nothing else ever holds a token in clear: governance carries SHA-256 digests.
"""

import hashlib
import json
import os
import re
import secrets
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from saan.wire.governed_records import Token
from saan.wire.trouble import Trouble

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_KEY_SIZE = 32
OVERLAP = 24 * 3600 * 1_000_000
"""How long an old token stays valid beside the new one, in microseconds: one day to change it everywhere."""


@dataclass(frozen=True, slots=True)
class BearerToken:
    """One token in clear, with its validity in microseconds since the epoch."""

    secret: str
    start: int
    end: int | None = None

    def __repr__(self) -> str:
        return f"BearerToken(start={self.start}, end={self.end})"

    def governed(self) -> Token:
        """What others may know of it."""
        return Token(hashlib.sha256(self.secret.encode()).hexdigest(), self.start, self.end)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What one participant connects with. ``tokens`` are in order of issue; the last one is the one to use."""

    participant: str
    password: str
    tokens: tuple[BearerToken, ...]

    def __repr__(self) -> str:
        return f"Credentials({self.participant!r})"

    @property
    def user(self) -> str:
        """The Kafka user (SASL/SCRAM)."""
        return self.participant

    @property
    def token(self) -> str:
        """The bearer token to use now."""
        return self.tokens[-1].secret

    def governed(self) -> tuple[Token, ...]:
        return tuple(token.governed() for token in self.tokens)


def issue(participant: str, now: int) -> Credentials:
    """New credentials: 256 random bits each for password and token."""
    return Credentials(participant, secrets.token_urlsafe(32), (BearerToken(_token(), now),))


def rotate(current: Credentials, now: int, overlap: int = OVERLAP) -> Credentials:
    """A new password and a new token; the newest old token stays valid for ``overlap`` microseconds, others end now."""
    last = current.tokens[-1]
    ends = now + overlap if last.end is None else min(last.end, now + overlap)
    kept = (replace(last, end=ends),) if ends > now else ()
    return Credentials(current.participant, secrets.token_urlsafe(32), (*kept, BearerToken(_token(), now)))


class Vault:
    """The folder of credentials files. Raises ``Trouble`` (``credentials.*``)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __contains__(self, participant: object) -> bool:
        return isinstance(participant, str) and self._path(participant).exists()

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(path.stem for path in self._folder.glob("*.json")))

    def read(self, participant: str) -> Credentials:
        try:
            kept = json.loads(self._path(participant).read_bytes())
            tokens = tuple(BearerToken(t["token"], int(t["from"]), t["to"]) for t in kept["tokens"])
            if not tokens or kept["participant"] != participant:
                raise ValueError("not this participant's")
            return Credentials(participant, kept["password"], tokens)
        except FileNotFoundError as error:
            raise Trouble("credentials.absent", participant=participant) from error
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise Trouble("credentials.unreadable", participant=participant) from error

    def keep(self, credentials: Credentials) -> None:
        """Put these in place of what was there."""
        write_secret(self._path(credentials.participant), _body(credentials))

    def keep_first(self, credentials: Credentials) -> None:
        """Keep these unless there are some already: of two that issue at once, both then find the same file."""
        _create(self._path(credentials.participant), _body(credentials))

    def discard(self, participant: str) -> None:
        self._path(participant).unlink(missing_ok=True)

    def _path(self, participant: str) -> Path:
        if not _NAME.fullmatch(participant):
            raise Trouble("credentials.bad-name")
        return self._folder / f"{participant}.json"


def secret_key(path: Path) -> bytes:
    """The 32 bytes in this file; made at random when there is none yet. Raises ``Trouble`` (``secret.wrong-size``)."""
    if not path.exists():
        _create(path, secrets.token_bytes(_KEY_SIZE))
    key = path.read_bytes()
    if len(key) != _KEY_SIZE:
        raise Trouble("secret.wrong-size", name=path.name)
    return key


def _body(credentials: Credentials) -> bytes:
    body = {
        "participant": credentials.participant,
        "user": credentials.user,
        "password": credentials.password,
        "tokens": [{"token": t.secret, "from": t.start, "to": t.end} for t in credentials.tokens],
    }
    return json.dumps(body, indent=2).encode()


def write_secret(path: Path, body: bytes) -> None:
    """Replace a file by one that only its owner can read, whole or not at all."""
    os.replace(_beside(path, body), path)


def _create(path: Path, body: bytes) -> None:
    """Like ``write_secret``, but whoever comes second leaves the first one's file alone."""
    written = _beside(path, body)
    try:
        os.link(written, path)
    except FileExistsError:
        return
    finally:
        os.unlink(written)


def _beside(path: Path, body: bytes) -> str:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # mkstemp makes it 0600
    with os.fdopen(handle, "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    return name


def _token() -> str:
    return f"saan_{secrets.token_urlsafe(32)}"
