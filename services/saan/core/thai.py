"""Thai text in one spelling: what looks the same is the same.

Unicode normalisation does not do it: ``น้ำ`` may be written with U+0E33 or with U+0E4D U+0E32, and ``แ`` as two
``เ``; NFC leaves all of them as they are. Text is brought into this form before it is hashed, matched or checked.
"""

import re
import unicodedata
from typing import Final

_NIKHAHIT = re.compile("\u0e4d([\u0e48-\u0e4b]?)\u0e32")
PLAIN: Final = re.compile("[\u0e01-\u0e3a\u0e3f-\u0e5b A-Za-z0-9.,:/()_+-]*")
"""Text that cannot be suspicious."""
SCRIPTS: Final = (
    re.compile("[\u0e01-\u0e3a\u0e40-\u0e4e]"),
    re.compile("[A-Za-z\u00c0-\u024f\uff21-\uff5a]"),
    re.compile("[\u0370-\u03ff\u1f00-\u1fff]"),
    re.compile("[\u0400-\u052f]"),
    re.compile("[\u0e81-\u0eff]"),
)
"""Thai, Latin (with its wide forms), Greek, Cyrillic, Lao: the scripts with letters that pass for one another."""
_ONE_SCRIPT = re.compile("[\u0e01-\u0e3a\u0e40-\u0e4e .-]*")
_SUSPICIONS: Final = (
    ("html", re.compile(r"[<>]|&(?:#\w+|\w+);")),
    ("zero-width", re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")),
    ("control", re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd-\uffff]")),
)


def normalise(text: str) -> str:
    """The text trimmed, with single spaces, U+0E33 for its two halves, ``แ`` for two ``เ``, in Unicode form NFC."""
    text = " ".join(text.split())
    if "\u0e4d" in text:
        text = _NIKHAHIT.sub("\\1\u0e33", text)
    return unicodedata.normalize("NFC", text.replace("\u0e40\u0e40", "\u0e41"))


def suspicious(text: str) -> tuple[str, ...]:
    """What does not belong into a name: ``html``, ``zero-width``, ``control``; empty for good text.

    Line breaks and tabs count as spaces, which ``normalise`` settles.
    """
    if PLAIN.fullmatch(text):
        return ()
    return tuple(name for name, pattern in _SUSPICIONS if pattern.search(text))


def mixes_scripts(text: str) -> bool:
    """Whether a word has letters of two scripts: a Latin ``a`` in a Thai name, a Cyrillic one in a Latin name."""
    if _ONE_SCRIPT.fullmatch(text):
        return False
    return any(sum(script.search(word) is not None for script in SCRIPTS) > 1 for word in text.split())
