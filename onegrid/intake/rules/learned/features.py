"""From reports to numbers: hashed pieces of text, and hashed facts crossed with the class that was named.

Hashing keeps no word of anybody's report in the model. Everything is done for a whole batch at once."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final, TypeAlias
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array

from onegrid.kernel.cells import cell_of, parent

from .samples import Sample

SIGN_BITS, PAIR_BITS, FACT_BITS = 16, 18, 20  # of the hashes of each kind of feature
PAIRS: Final = 1 << SIGN_BITS  # the first column of pairs of signs; before it the single ones
FACTS: Final = PAIRS + (1 << PAIR_BITS)  # the first column of facts
WIDTH: Final = FACTS + (1 << FACT_BITS)
HEAD, TAIL = 500, 300  # characters of a long text that are read: what it is about stands at either end
PLACE_LENGTH: Final = 200
CELL_LEVELS: Final = (17, 18, 20)  # some 300, 150 and 40 m
NAMED_VALUE: Final = 6.0  # the class named by the sender counts for more than any other fact
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)
_STEP: Final = np.uint64(0x100000001B3)
_GAP: Final = 0  # between texts; no cleaned text holds it
_WORD: Final = re.compile(r"[^\W\d_]+|\d+")
_DIGITS: Final = re.compile(r"\d+")

Counts: TypeAlias = Any
"""scipy's sparse rows (csr_array of float32): one row per report, one column per feature."""


def counts(samples: Sequence[Sample]) -> Counts:
    """One row per sample: how often each piece of text occurs, and which facts hold."""
    text, facts = _text_part(samples), _fact_part(samples)
    rows = np.concatenate([text[0], facts[0]])
    columns = np.concatenate([text[1], facts[1]])
    values = np.concatenate([text[2], facts[2]])
    shape = (len(samples), WIDTH)
    return coo_array((values, (rows.astype(np.int32), columns.astype(np.int32))), shape=shape).tocsr()


def signs(texts: Sequence[str]) -> NDArray[np.uint64]:
    """The texts as they are read, each ended by a gap: letters small, wide forms as narrow ones, a run of
    digits as one 0, a word of Latin letters as one sign, no spaces. Of a long text, its head and its tail."""
    joined = "".join(f"{_cut(text)}\0" for text in texts).lower().encode("utf-32-le", "replace")
    codes = np.frombuffer(joined, dtype=np.uint32).astype(np.uint64)
    codes = np.where((codes > 0xFF00) & (codes < 0xFF5F), codes - np.uint64(0xFEE0), codes)
    codes = _words_as_signs(codes)
    codes = codes[(codes > 0x20) & (codes != 0xA0) & (codes != 0x3000) | (codes == _GAP)]
    is_digit = (codes >= 0x30) & (codes < 0x3A)
    codes = np.where(is_digit, np.uint64(0x30), codes)
    repeated = is_digit & np.concatenate([[False], is_digit[:-1]]) if len(codes) else is_digit
    read: NDArray[np.uint64] = codes[~repeated]
    return read


def _cut(text: str) -> str:
    if len(text) > HEAD + TAIL:
        text = text[:HEAD] + text[-TAIL:]
    return text.replace("\0", " ")


def _words_as_signs(codes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Each run of Latin letters as one sign beyond all characters, the same for the same word."""
    is_letter = (codes >= 0x61) & (codes < 0x7B) | (codes >= 0xC0) & (codes < 0x250)
    if not is_letter.any():
        return codes
    starts = is_letter & ~np.concatenate([[False], is_letter[:-1]])
    where = np.flatnonzero(is_letter)
    first = np.flatnonzero(starts)
    run = np.cumsum(starts)[where] - 1
    spelt = _mixed(codes[where] ^ ((where - first[run]).astype(np.uint64) * _STEP))
    words = np.add.reduceat(spelt, np.searchsorted(where, first))
    codes = codes.copy()
    codes[first] = (words % np.uint64(1 << 40)) + np.uint64(1 << 24)
    kept: NDArray[np.uint64] = codes[~is_letter | starts]
    return kept


Part = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]


def _text_part(samples: Sequence[Sample]) -> Part:
    """Single signs and pairs of neighbouring signs."""
    read = signs([each.text for each in samples])
    single = read != _GAP
    owner = np.cumsum(~single) - ~single
    pair = single[:-1] & single[1:]
    rows = np.concatenate([owner[single], owner[:-1][pair]])
    one = _mixed(read[single]) >> np.uint64(64 - SIGN_BITS)
    two = _mixed(_mixed(read[:-1][pair]) ^ (read[1:][pair] * _STEP)) >> np.uint64(64 - PAIR_BITS)
    columns = np.concatenate([one.astype(np.int64), two.astype(np.int64) + PAIRS])
    return rows, columns, np.ones(len(rows), dtype=np.float32)


def _mixed(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    mixed = (numbers + np.uint64(1)) * _MIX
    mixed ^= mixed >> np.uint64(29)
    return mixed * _MIX


def _fact_part(samples: Sequence[Sample]) -> Part:
    """The class named, every other fact, and every other fact under that class."""
    owner: list[int] = []
    facts: list[int] = []
    for index, (each, cells) in enumerate(zip(samples, _cells(samples), strict=True)):
        held = _facts(each) + cells
        owner += [index] * len(held)
        facts += held
    named = np.array([_fact("class", each.named) if each.named else 0 for each in samples], dtype=np.uint64)
    rows, hashes = np.array(owner, dtype=np.int64), _mixed(np.array(facts, dtype=np.uint64))
    over = named[rows] if len(rows) else named[:0]
    under = _mixed(hashes ^ (over * _STEP))[over > 0]
    whose = np.flatnonzero(named)
    every = np.concatenate([hashes, under, _mixed(named[whose])])
    values = np.ones(len(every), dtype=np.float32)
    values[len(every) - len(whose) :] = NAMED_VALUE
    columns = (every >> np.uint64(64 - FACT_BITS)).astype(np.int64) + FACTS
    return np.concatenate([rows, rows[over > 0], whose.astype(np.int64)]), columns, values


def _facts(each: Sample) -> list[int]:
    held = [("channel", each.channel), ("town", each.town), ("grid", each.grid)]
    place = each.place.casefold()[:PLACE_LENGTH]
    if place:
        held.append(("place", place))
        held += [("word", word) for word in dict.fromkeys(_WORD.findall(place))]
    held += [("named-word", word) for word in dict.fromkeys(_WORD.findall(each.named.casefold()))]
    kind = _kind_of(place)
    held += [("kind", kind), ("channel-kind", f"{each.channel} {kind}")]
    held.append(("channel-town", f"{each.channel} {each.town}"))
    found = [_fact(kind, value) for kind, value in held if value]
    if each.at is not None:
        found.append(_fact("hour", f"{each.at.hour // 3}"))
        found.append(_fact("weekend", f"{each.at.weekday() >= 5}"))
    return found


def _kind_of(place: str) -> str:
    """A crossing, a numbered address, some other words, or nothing."""
    if "&" in place or "交叉" in place or "路口" in place:
        return "crossing"
    return "number" if _DIGITS.search(place) else "words" if place else "nothing"


@lru_cache(maxsize=100_000)
def _fact(kind: str, value: str) -> int:
    return crc32(f"{kind}={value}".encode("utf-8", "replace")) + 1


def _cells(samples: Sequence[Sample]) -> list[list[int]]:
    """The squares around each place, small and large; none without a coordinate."""
    lng = np.array([np.nan if each.lng is None else each.lng for each in samples], dtype=np.float64)
    lat = np.array([np.nan if each.lat is None else each.lat for each in samples], dtype=np.float64)
    leaves = cell_of(lng, lat)
    placed = leaves >= 0
    squares = [(parent(leaves, level=level) * 32 + level).tolist() for level in CELL_LEVELS]
    return [
        list(three) if known else [] for known, three in zip(placed, zip(*squares, strict=True), strict=True)
    ]
