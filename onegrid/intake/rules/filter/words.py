"""The text of a matter as a sorted set of numbers: pairs of characters in Chinese, whole words elsewhere.

Numbers are hashes of 16 bits, so that the text itself need not be kept nor read again for a comparison."""

import re
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

BUCKETS = 1 << 16
LONGEST = 2000  # characters looked at: what a matter is about stands at the beginning

_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_IS_HAN = re.compile(f"[{_HAN}]")
_TOKEN = re.compile(f"[{_HAN}]+|[^\\W_{_HAN}]+")

Words = NDArray[np.uint16]


def words_of(text: str) -> Words:
    """The distinct features of a text, sorted; empty for a text without letters (emoji, punctuation)."""
    found: set[str] = set()
    for token in _TOKEN.findall(text[:LONGEST].casefold()):
        if _IS_HAN.match(token):
            found.update(token[i : i + 2] for i in range(max(len(token) - 1, 1)))
        else:
            found.add(token)
    hashed = {crc32(each.encode()) & (BUCKETS - 1) for each in found}
    return np.array(sorted(hashed), dtype=np.uint16)


def packed(words: Words) -> bytes:
    """As kept in the database."""
    return words.astype("<u2").tobytes()


def unpacked(data: bytes) -> Words:
    """The inverse of `packed`."""
    return np.frombuffer(data, dtype="<u2")
