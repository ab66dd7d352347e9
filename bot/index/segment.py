"""One segment of the index: a run of lines, their words, and which lines hold which word."""

from __future__ import annotations

import threading
import zlib
from bisect import bisect_left, bisect_right
from typing import NamedTuple

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.domain.spelling import signature
from bot.domain.wordforms import stem
from bot.index.building import words_of
from bot.index.files import Array, DamagedIndex

_SAMPLED = 4
_PAST_ALL = "\U0010ffff"


class Words(NamedTuple):
    """Words of a segment with how sure each is to be meant (0..1], least sure first."""

    numbers: Array
    sureness: Array


class Wanted(NamedTuple):
    """One thing that a query asks of a segment: any of some words, or two words side by side."""

    weight: float
    words: Words | None = None
    lines: Array | None = None
    """The lines themselves, where it is a pair."""


class Segment:
    """Lines ``first .. first + count`` of the index. Lines inside it are counted from 0.

    ========================= ==========================================================
    array                     meaning
    ========================= ==========================================================
    words                     UTF-8, one per line, ascending; their order is their number
    tokens, token_starts      the word numbers of each line, in order
    begins                    whether a line was the first of those added with it
    post_starts, post_lines   for each word the lines that hold it, ascending
    pair_*, frequent_*        for pairs of frequent words the lines where they are neighbours
    lengths, by_length        code points of each word, and the words from short to long
    letters                   ``spelling.signatures`` of the words from short to long
    stems, stem_words         checksums of stems, ascending, and the word of each
    ========================= ==========================================================
    """

    def __init__(self, arrays: dict[str, Array], first: int, live: Array) -> None:
        try:
            self._tokens = arrays["tokens"]
            self._token_starts = arrays["token_starts"]
            self._post_starts = arrays["post_starts"]
            self._post_lines = arrays["post_lines"]
            self._rank = arrays["frequent_rank"]
            self._frequent_before = arrays["frequent_before"]
            self._pair_keys = arrays["pair_keys"]
            self._pair_starts = arrays["pair_starts"]
            self._pair_lines = arrays["pair_lines"]
            self._letters = arrays["letters"]
            self._lengths = arrays["lengths"]
            self._by_length = arrays["by_length"]
            self._stems = arrays["stems"].data  # a memoryview: much the quickest to bisect
            self._stem_words = arrays["stem_words"]
            self._begins = arrays["begins"]
            self.words = words_of(arrays)
        except KeyError as error:
            raise DamagedIndex(f"a segment has no array {error}") from error
        self.arrays = arrays
        self.first = first
        self.count = len(self._token_starts) - 1
        self.live = live
        """Which of its lines have not been removed."""
        self.lines_with = np.diff(self._post_starts).astype(np.int32)
        """For each word, how many live lines hold it."""
        gone = np.flatnonzero(~live)
        if len(gone):
            row, _, token = self.tokens_of(gone)
            held = np.unique(token.astype(np.int64) * self.count + gone[row]) // self.count
            self.lines_with -= np.bincount(held, minlength=len(self.words)).astype(np.int32)
        self.whole = bool(live.all())
        """Whether no line has been removed."""
        counts = np.bincount(self._lengths)
        self._length_starts: list[int] = [0, *np.cumsum(counts).tolist()]
        self.scratch = threading.RLock()
        """Held while ``add_up`` or ``places_in`` runs: they work in memory of the segment's own."""
        self._scores = np.zeros(self.count, np.float32)
        self._surest = np.zeros(self.count, np.int32)
        self._place = np.zeros(len(self.words), np.int32)

    # ------------------------------------------------------------ words

    def number(self, word: str) -> int | None:
        """The number of a word that a live line holds."""
        at = bisect_left(self.words, word)
        if at < len(self.words) and self.words[at] == word and self.lines_with[at]:
            return at
        return None

    def beginning_with(self, prefix: str) -> tuple[int, int]:
        """The numbers ``[low, high)`` of the words that begin so."""
        return bisect_left(self.words, prefix), bisect_left(self.words, prefix + _PAST_ALL)

    def word_lengths(self, numbers: Array) -> Array:
        """How many letters words have."""
        return self._lengths[numbers]

    def same_stem(self, word: str) -> list[int]:
        """The words that are inflections of the same word."""
        key = zlib.crc32(stem(word).encode("utf-8", "surrogatepass"))
        low = bisect_left(self._stems, key)
        high = bisect_right(self._stems, key, low)
        return [at for at in self._stem_words[low:high].tolist() if self.lines_with[at]]

    def spelt_like(self, word: str, edits: int) -> list[tuple[int, int]]:
        """(edits away, word number) of the words within ``edits`` edits of a word, itself included."""
        longest = len(self._length_starts) - 1
        low = self._length_starts[min(len(word) - edits, longest)]
        high = self._length_starts[min(len(word) + edits + 1, longest)]
        apart = np.bitwise_count(self._letters[low:high] ^ np.uint64(signature(word)))
        near = self._by_length[low:high][apart <= 2 * edits]
        near = near[self.lines_with[near] > 0]
        if not len(near):
            return []
        names = list(map(self.words.__getitem__, near.tolist()))
        found = process.cdist([word], names, scorer=OSA.distance, score_cutoff=edits, dtype=np.uint8)[0]
        close = np.flatnonzero(found <= edits)
        return list(zip(found[close].tolist(), near[close].tolist(), strict=True))

    # ------------------------------------------------------------ lines

    def holding(self, numbers: Array, seen: Array) -> Array:
        """How many of the lines that are ``seen`` hold each of these words, which ascend."""
        starts = self._post_starts[numbers]
        lengths = self._post_starts[numbers + 1] - starts
        if int(numbers[-1]) - int(numbers[0]) == len(numbers) - 1:
            lines = self._post_lines[starts[0] : starts[-1] + lengths[-1]]
        else:
            lines = self._post_lines.take(_ranges(starts, lengths))
        held = seen.take(lines)
        if len(numbers) == 1:
            return np.array([np.count_nonzero(held)])
        return np.add.reduceat(held, np.cumsum(lengths) - lengths, dtype=np.int32)

    def side_by_side(self, first: int, others: Array, seen: Array | None) -> Array:
        """The lines in which one of the words ``others`` follows the word ``first``, once for each of these.

        Lines that are not ``seen`` may be left out.
        """
        rank = int(self._rank[first])
        if rank < 0:
            return self._following(first, others, self._holding_any(np.array([first]), seen))
        ranks = self._rank[others]
        listed, others = ranks[ranks >= 0], others[ranks < 0]
        keys = rank * int(self._frequent_before[-1]) + listed.astype(np.int64)
        at = np.searchsorted(self._pair_keys, keys)
        there = at < len(self._pair_keys)
        at, keys = at[there], keys[there]
        at = at[self._pair_keys[at] == keys]
        starts, ends = self._pair_starts[at], self._pair_starts[at + 1]
        lines = (
            self._pair_lines[starts[0] : ends[0]]
            if len(at) == 1
            else self._pair_lines.take(_ranges(starts, ends - starts))
        )
        if not len(others):
            return lines
        return np.concatenate([lines, self._following(first, others, self._holding_any(others, seen))])

    def _holding_any(self, numbers: Array, seen: Array | None) -> Array:
        starts = self._post_starts[numbers]
        lines = _distinct(self._post_lines.take(_ranges(starts, self._post_starts[numbers + 1] - starts)))
        return lines if seen is None else lines[seen[lines]]

    def _following(self, first: int, others: Array, lines: Array) -> Array:
        """Like ``side_by_side``, of some lines, for words whose pairs are not listed."""
        row, _, token = self.tokens_of(lines)
        at = np.flatnonzero((token[:-1] == first) & (row[1:] == row[:-1]))
        at = at[np.isin(token[at + 1], others)]
        return lines[np.unique(row[at] * len(self.words) + token[at + 1]) // len(self.words)]

    def tokens_of(self, lines: Array, together: int = 1) -> tuple[Array, Array, Array]:
        """The words of lines: (index into ``lines``, place in the line, word number).

        With ``together`` 2, each line and the one after it are read as one.
        """
        starts = self._token_starts[lines]
        lengths = self._token_starts[lines + together] - starts
        row = np.repeat(np.arange(len(lines)), lengths)
        at = _ranges(starts, lengths)
        return row, at - starts[row], self._tokens[at]

    def lengths(self, lines: Array) -> Array:
        """How many words lines have."""
        return self._token_starts[lines + 1] - self._token_starts[lines]

    def go_on(self, lines: Array) -> Array:
        """Those of ``lines`` (which may be -1) that have a next line, added together with them."""
        lines = lines[(lines >= 0) & (lines < self.count - 1)]
        return lines[~self._begins[lines + 1]]

    def search_form(self, line: int, together: int = 1) -> str:
        """A line in search form; with ``together`` 2, it and the one after it."""
        numbers = self._tokens[self._token_starts[line] : self._token_starts[line + together]]
        return " ".join(map(self.words.__getitem__, numbers.tolist()))

    def add_up(self, wanted: list[Wanted], most: int, seen: Array | None) -> tuple[Array, Array]:
        """The ``most`` lines of those ``seen`` that hold the most of what is wanted, and how much, in no order.

        Where one wanted thing is answered by several words, a line counts with the surest. Of
        equal lines those with lower numbers are taken. Needs ``scratch``.
        """
        scores = self._scores
        lists: list[Array] = []
        for each in wanted:
            if each.lines is not None:
                np.add.at(scores, each.lines, np.float32(each.weight))
                lists.append(each.lines)
            elif each.words is not None and len(each.words.numbers):
                lists.append(self._add_surest(each.words, each.weight, seen))
        if not lists:
            return self._post_lines[:0], scores[:0]
        every = np.concatenate(lists) if len(lists) > 1 else lists[0]
        best = self._strongest(every, most)
        values = scores.take(best)
        if 8 * len(every) > self.count:
            scores.fill(0)
        else:
            for lines in lists:
                scores[lines] = 0
        return best, values

    def _add_surest(self, words: Words, weight: float, seen: Array | None) -> Array:
        starts = self._post_starts[words.numbers]
        lengths = self._post_starts[words.numbers + 1] - starts
        if len(starts) == 1:
            lines = self._post_lines[starts[0] : starts[0] + lengths[0]]
            if seen is not None:
                lines = lines[seen.take(lines)]
            np.add.at(self._scores, lines, np.float32(weight * float(words.sureness[0])))
            return lines
        lines = self._post_lines.take(_ranges(starts, lengths))
        which = np.repeat(np.arange(len(starts), dtype=np.int32), lengths)
        if seen is not None:
            kept = np.flatnonzero(seen.take(lines))
            lines, which = lines.take(kept), which.take(kept)
        # Surer words come later and overwrite the others.
        self._surest[lines] = which
        lasting = self._surest.take(lines) == which
        lines = lines[lasting]
        np.add.at(self._scores, lines, (words.sureness * np.float32(weight)).take(which[lasting]))
        return lines

    def _strongest(self, every: Array, most: int) -> Array:
        scores = self._scores
        lines = None
        if len(every) > 3 * _SAMPLED * most:
            # A bound from a sample rules nearly all out. It is checked, so nothing is lost by it.
            values = scores.take(every)
            sample = np.sort(values[:: len(every) // (2 * _SAMPLED * most) + 1])
            bound = sample[-1 - _SAMPLED * most * len(sample) // len(every)]
            likely = _distinct(every[values >= bound])
            if len(likely) >= most:
                lines = likely
        if lines is None:
            lines = _distinct(every)
        if len(lines) <= most:
            return lines
        values = scores.take(lines)
        edge = np.partition(values, len(lines) - most)[len(lines) - most]
        above = lines[values > edge]
        return np.concatenate([above, lines[values == edge][: most - len(above)]])

    def places_in(self, numbers: Array, tokens: Array) -> tuple[Array, Array]:
        """One place in ``numbers`` of each of ``numbers`` (which may repeat) and of each of ``tokens``.

        -1 for tokens that are not there. Needs ``scratch``.
        """
        place = self._place
        place[numbers] = np.arange(1, len(numbers) + 1, dtype=np.int32)
        own, found = place.take(numbers), place.take(tokens)
        place[numbers] = 0
        return own - 1, found - 1


def _ranges(starts: Array, lengths: Array) -> Array:
    """All numbers of the ranges ``start .. start + length``, one range after the other."""
    ends = np.cumsum(lengths)
    within = np.repeat(starts - ends + lengths, lengths)
    within += np.arange(len(within))
    return within


def _distinct(lines: Array) -> Array:
    """Each line once, ascending. (``np.unique`` is five times slower on so few.)"""
    lines = np.sort(lines)
    first = np.ones(len(lines), np.bool_)
    first[1:] = lines[1:] != lines[:-1]
    return lines[first]
