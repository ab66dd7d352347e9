"""How alike two words are spelt, and a cheap test that rules most words out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

_BUCKETS = 32
_BITS = np.left_shift(np.uint64(1), np.arange(2 * _BUCKETS, dtype=np.uint64))

Signatures = np.ndarray[Any, np.dtype[np.uint64]]


def signatures(words: Sequence[str]) -> Signatures:
    """Which letters each word has once, and which twice or more, as bits of one number.

    Letters share 32 buckets. One edit changes one letter into another, so it changes at most one
    bit for the letter that goes and one for the letter that comes: words within ``d`` edits
    (a swap of neighbours counts as one) differ in at most ``2 * d`` bits.
    """
    if not words:
        return np.zeros(0, np.uint64)
    codes = np.frombuffer("\n".join(words).encode("utf-32-le", "surrogatepass"), np.uint32)
    word = np.cumsum(codes == ord("\n"))
    letter = codes != ord("\n")
    cell = word[letter] * _BUCKETS + (codes[letter] % _BUCKETS)
    counts = np.bincount(cell, minlength=len(words) * _BUCKETS).reshape(len(words), _BUCKETS)
    has = np.concatenate([counts >= 1, counts >= 2], axis=1)
    return (has @ _BITS).astype(np.uint64)


def signature(word: str) -> int:
    """The same for one word."""
    once = twice = 0
    for letter in word:
        bit = 1 << ord(letter) % _BUCKETS
        twice |= once & bit
        once |= bit
    return once | twice << _BUCKETS


def most_edits(length: int) -> int:
    """How many edits a word of this length may be away and still be taken for the same."""
    if length <= 2:
        return 0
    if length <= 4:
        return 1
    return 2 if length <= 8 else 3


def likeness(edits: int, length: int) -> float:
    """How sure it is, 0..1, that a word of ``length`` letters, ``edits`` edits away, was meant."""
    return 0.95 - 0.9 * edits / max(length, 3)
