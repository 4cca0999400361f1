"""Identities of people: what a number must look like, and the pseudonym that stands for it everywhere after."""

import hmac
import re
from operator import mul
from typing import Final

SUBJECT_UID: Final = "SUBJECT_UID"
"""The identity type of a pseudonym that was issued before: it is the subject itself."""

PSEUDONYM: Final = re.compile(r"(?:st|tc)-[0-9a-f]{20}")
_SEPARATORS = re.compile(r"[\s\-.]+")
_WEIGHTS: Final = tuple(range(13, 1, -1))
_WEIGHTS_OF_ZEROS: Final = sum(weight * ord("0") for weight in _WEIGHTS)
G_CODE: Final = re.compile(r"G([0-9]{2})(?:1[0-9]|2[0-7]|3[0-9]|4[0-9]|5[0-8]|6[0-7]|7[0-7]|8[0-6]|9[0-6])[0-9]{8}")


def citizen_id_ok(text: str) -> bool:
    """Whether this is a 13-digit citizen ID with the right check digit.

    The last digit is ``(11 - sum(d_i * (14 - i), i = 1..12) mod 11) mod 10``. The weight of the third digit is 11, so
    an error there passes: this proves a typing error, never an identity.
    """
    if len(text) != 13 or not text.isascii() or not text.isdigit():
        return False
    total: int = sum(map(mul, _WEIGHTS, text.encode())) - _WEIGHTS_OF_ZEROS
    return (11 - total % 11) % 10 == int(text[12])


def g_code_ok(text: str, year_be: int) -> bool:
    """Whether this is a G-code (``G``, 2-digit B.E. year, 2-digit province, 8 digits) of ``year_be`` or earlier."""
    found = G_CODE.fullmatch(text)
    return found is not None and 2500 + int(found[1]) <= year_be


def is_pseudonym(text: str) -> bool:
    """Whether this has the shape of an issued pseudonym: ``st-`` or ``tc-`` and 20 hexadecimal digits."""
    return PSEUDONYM.fullmatch(text) is not None


def pseudonym(id_type: str, id_value: str, key: bytes) -> str:
    """The pseudonym of a learner: ``st-`` and 80 bits of HMAC-SHA256 over the canonical identity.

    An identity of type ``SUBJECT_UID`` is returned as it is; the caller makes sure that it is a pseudonym.
    """
    if id_type == SUBJECT_UID:
        return id_value
    bare = id_value if id_value.isalnum() else _SEPARATORS.sub("", id_value)
    canonical = f"{id_type}:{bare.upper()}"
    return f"st-{hmac.digest(key, canonical.encode(), 'sha256').hex()[:20]}"
