"""From lines to the arrays of a segment, in blocks, so that memory stays near the size of the result."""

from __future__ import annotations

import re
import zlib
from collections import defaultdict
from collections.abc import Sequence
from itertools import chain

import numpy as np

from bot.domain.spelling import signatures
from bot.domain.text import SEARCH_WORD, forms_of
from bot.domain.wordforms import stem
from bot.index.files import Array

_LINES_AT_ONCE = 20_000
_LINES_PER_SORT = 16_000
_WORD_OR_END = re.compile(SEARCH_WORD.pattern + "|\n")
FREQUENT_AT_LEAST = 40
FREQUENT_SHARE = 0.004
"""Words in more lines than this are frequent: their neighbours are indexed as pairs."""


class _Numbers(defaultdict[str, int]):
    """Gives each new word the next number."""

    def __missing__(self, key: str) -> int:
        number = self[key] = len(self)
        return number


class Builder:
    """Takes the lines of a segment a batch at a time, so that nobody needs all of their text at once.

    Words are first numbered as they stand in the text and only the distinct ones brought into
    search form, which is most of the work.
    """

    def __init__(self) -> None:
        self._raw = _Numbers()
        self._end = self._raw["\n"]
        self._blocks: list[Array] = []
        self._begins: list[int] = []
        self.count = 0
        """How many lines it has taken."""

    def add(self, lines: Sequence[str]) -> None:
        """Take more lines, which are no neighbours of those before them."""
        if lines:
            self._begins.append(self.count)
            self.count += len(lines)
        for at in range(0, len(lines), _LINES_AT_ONCE):
            block = [line.replace("\n", " ") for line in lines[at : at + _LINES_AT_ONCE]]
            found = _WORD_OR_END.findall("\n".join(block).lower() + "\n")
            self._blocks.append(np.fromiter(map(self._raw.__getitem__, found), np.int32, len(found)))

    def arrays(self) -> dict[str, Array]:
        """All arrays of the segment; what each means stands in ``bot.index.segment``. Empties the builder."""
        words, tokens, starts = self._tokens()
        begins = np.zeros(self.count, np.bool_)
        begins[self._begins] = True
        return _arrays(words, tokens, starts, begins)

    def _tokens(self) -> tuple[list[str], Array, Array]:
        """The distinct words in order, the word numbers of all lines, and where each line starts."""
        forms = [() if word == "\n" else forms_of(word) for word in self._raw]
        self._raw.clear()
        words = sorted(set(chain.from_iterable(forms)))
        number = {word: at for at, word in enumerate(words)}
        lengths = np.array([len(each) for each in forms], np.int32)
        flat = np.fromiter((number[word] for each in forms for word in each), np.int32, int(lengths.sum()))
        first = np.cumsum(lengths, dtype=np.int64) - lengths
        starts: list[Array] = [np.zeros(1, np.int64)]
        total = 0
        blocks = self._blocks
        for at, block in enumerate(blocks):
            many = lengths[block]
            ends = np.cumsum(many, dtype=np.int64)
            starts.append(total + ends[block == self._end])
            size = int(ends[-1])
            within = np.arange(size) - np.repeat(ends - many, many)
            blocks[at] = flat[np.repeat(first[block], many) + within]
            total += size
        tokens = np.concatenate(blocks) if blocks else np.zeros(0, np.int32)
        blocks.clear()
        return words, tokens, np.concatenate(starts)


def merged_arrays(parts: Sequence[dict[str, Array]]) -> dict[str, Array]:
    """The arrays of one segment over the lines of several, one after the other."""
    listed = [words_of(part) for part in parts]
    words = sorted(set(chain.from_iterable(listed)))
    number = {word: at for at, word in enumerate(words)}
    tokens: list[Array] = []
    starts: list[Array] = [np.zeros(1, np.int64)]
    total = 0
    for part, old in zip(parts, listed, strict=True):
        renumbered = np.fromiter(map(number.__getitem__, old), np.int32, len(old))
        tokens.append(renumbered[part["tokens"]])
        starts.append(part["token_starts"][1:] + total)
        total += len(part["tokens"])
    begins = np.concatenate([part["begins"] for part in parts])
    return _arrays(words, np.concatenate(tokens), np.concatenate(starts), begins)


def words_of(arrays: dict[str, Array]) -> list[str]:
    """The words of a segment, ascending; their order is their number."""
    text = arrays["words"].tobytes().decode("utf-8", "surrogatepass")
    return text.split("\n") if text else []


def _arrays(words: list[str], tokens: Array, starts: Array, begins: Array) -> dict[str, Array]:
    count = len(begins)
    post_starts, post_lines = _postings(tokens, starts, len(words))
    in_lines = np.diff(post_starts)
    frequent = in_lines > max(FREQUENT_AT_LEAST, count * FREQUENT_SHARE)
    stems = np.array([zlib.crc32(stem(word).encode("utf-8", "surrogatepass")) for word in words], np.uint32)
    lengths = np.array([len(word) for word in words], np.int32)
    by_length = np.argsort(lengths, kind="stable").astype(np.int32)
    by_stem = np.argsort(stems, kind="stable").astype(np.int32)
    return {
        "tokens": tokens,
        "token_starts": starts,
        "begins": begins,
        "post_lines": post_lines,
        "post_starts": post_starts,
        **_pairs(tokens, starts, frequent),
        "words": np.frombuffer("\n".join(words).encode("utf-8", "surrogatepass"), np.uint8),
        "lengths": lengths,
        "by_length": by_length,
        "letters": signatures(words)[by_length],
        "stems": stems[by_stem],
        "stem_words": by_stem,
    }


def _postings(tokens: Array, starts: Array, word_count: int) -> tuple[Array, Array]:
    """For each word the lines that hold it, ascending: a counting sort over blocks of lines."""
    sorted_blocks = [
        _distinct(tokens[starts[at] : starts[to]], np.repeat(np.arange(at, to), np.diff(starts[at : to + 1])))
        for at, to in _spans(len(starts) - 1)
    ]
    return _merged(sorted_blocks, word_count)


def _spans(count: int) -> list[tuple[int, int]]:
    return [(at, min(at + _LINES_PER_SORT, count)) for at in range(0, count, _LINES_PER_SORT)]


def _distinct(keys: Array, lines: Array) -> tuple[Array, Array]:
    """The distinct (key, line) in order of key, then line. All lines of one block, ascending."""
    if not len(keys):
        return np.zeros(0, np.int32), np.zeros(0, np.int32)
    base = int(lines[0])
    both = np.sort(keys.astype(np.int64) * _LINES_PER_SORT + (lines - base))
    both = both[np.concatenate([[True], both[1:] != both[:-1]])]
    key, line = np.divmod(both, _LINES_PER_SORT)
    return key.astype(np.int32), (line + base).astype(np.int32)


def _merged(blocks: list[tuple[Array, Array]], key_count: int) -> tuple[Array, Array]:
    """Blocks of (keys ascending, lines) as one list of lines per key: (starts, lines)."""
    sizes = np.zeros(key_count, np.int64)
    for keys, _ in blocks:
        sizes += np.bincount(keys, minlength=key_count)
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
    filled = starts[:-1].copy()
    merged = np.empty(int(starts[-1]), np.int32)
    while blocks:
        keys, lines = blocks.pop(0)
        here = np.bincount(keys, minlength=key_count)
        first = np.cumsum(here) - here
        merged[(filled - first)[keys] + np.arange(len(keys))] = lines
        filled += here
    return starts, merged


def _pairs(tokens: Array, starts: Array, frequent: Array) -> dict[str, Array]:
    """Lines in which two frequent words stand side by side, per pair.

    Queries of common words alone are answered from these instead of from lists as long as the
    library. A pair's key is ``rank(first) * frequent words + rank(second)``, so the pairs of one
    word with all words of a prefix are neighbours.
    """
    rank = (np.cumsum(frequent) - 1).astype(np.int32)
    many = int(frequent.sum())
    blocks: list[tuple[Array, Array]] = []
    for at, to in _spans(len(starts) - 1):
        here = tokens[starts[at] : starts[to]]
        line = np.repeat(np.arange(at, to), np.diff(starts[at : to + 1]))
        both = frequent[here[:-1]] & frequent[here[1:]] & (line[:-1] == line[1:])
        keys = rank[here[:-1][both]].astype(np.int64) * many + rank[here[1:][both]]
        blocks.append(_distinct(keys, line[:-1][both]) if both.any() else _distinct(here[:0], line[:0]))
    pair_starts, pair_lines = _merged(blocks, many * many)
    used = np.flatnonzero(np.diff(pair_starts))
    return {
        "frequent_rank": np.where(frequent, rank, -1).astype(np.int32),
        "frequent_before": np.concatenate([[0], np.cumsum(frequent)]).astype(np.int32),
        "pair_keys": used.astype(np.int32),
        "pair_starts": np.append(pair_starts[used], pair_starts[-1]),
        "pair_lines": pair_lines,
    }
