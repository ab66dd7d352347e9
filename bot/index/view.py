"""The lines that may be answers, seen as if there were no others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from bot.index.building import FREQUENT_AT_LEAST, FREQUENT_SHARE
from bot.index.files import Array
from bot.index.segment import Segment


class Part:
    """A segment of which only some lines are seen."""

    def __init__(self, segment: Segment, seen: Array | None) -> None:
        self.segment = segment
        whole = segment.whole if seen is None else bool(seen.all())
        self.seen = None if whole else segment.live if seen is None else seen
        """Which lines are seen; None where all are."""
        self.counts_lazily = not (whole or seen is None)
        """Whether lines are counted when they are first asked for, as what was counted before does not hold."""
        self._counts = np.full(len(segment.words), -1, np.int32) if self.counts_lazily else segment.lines_with

    def holding(self, numbers: Array) -> Array:
        """How many lines hold each of these words."""
        counts = self._counts[numbers]
        if self.seen is not None and self.counts_lazily:
            new = numbers[counts < 0]
            if len(new):
                new = np.unique(new)
                self._counts[new] = self.segment.holding(new, self.seen)
                counts = self._counts[numbers]
        return counts

    def lines_with(self, number: int) -> int:
        """How many lines hold a word."""
        count = int(self._counts[number])
        return count if count >= 0 else int(self.holding(np.array([number]))[0])

    def same_stem(self, word: str) -> list[int]:
        """The words that are inflections of the same word."""
        return [number for number in self.segment.same_stem(word) if self.lines_with(number)]

    def spelt_like(self, word: str, edits: int) -> list[tuple[int, int]]:
        """(edits away, word number) of the words within ``edits`` edits of a word, itself included."""
        found = self.segment.spelt_like(word, edits)
        if not self.counts_lazily or not found:
            return found
        held = self.holding(np.array([number for _, number in found])).tolist()
        return [each for each, lines in zip(found, held, strict=True) if lines]

    def sees(self, lines: Array) -> Array:
        """Which of ``lines`` are seen."""
        return np.ones(len(lines), np.bool_) if self.seen is None else self.seen.take(lines)

    def next_to(self, first: int, others: Array) -> Array:
        """The lines in which one of the words ``others`` follows the word ``first``, once for each of these."""
        if not len(others):
            return others
        lines = self.segment.side_by_side(first, others, self.seen)
        return lines if self.seen is None else lines[self.seen.take(lines)]


class View:
    """The lines of the index that may be answers: all, or those of a mask.

    Everything that is asked of it (which words there are, how many lines hold them, which are
    frequent) depends on these lines alone, so that no answer shows what stands in another.
    """

    def __init__(self, segments: Sequence[Segment], seen: Array | None = None) -> None:
        self.parts = [
            Part(each, None if seen is None else seen[each.first : each.first + each.count]) for each in segments
        ]
        self._firsts = [each.first for each in segments]
        lines = sum(int(each.live.sum()) for each in segments) if seen is None else int(np.count_nonzero(seen))
        self.lines = lines
        """How many lines are seen."""
        self._frequent = max(FREQUENT_AT_LEAST, lines * FREQUENT_SHARE)

    # ------------------------------------------------------------ words

    def numbers(self, word: str) -> tuple[tuple[int | None, ...], int]:
        """The number of a word in each segment (None where it is not), and how many lines hold it."""
        numbers = tuple(part.segment.number(word) for part in self.parts)
        return numbers, sum(
            part.lines_with(number) for part, number in zip(self.parts, numbers, strict=True) if number is not None
        )

    def frequent(self, word: str, unfinished: bool) -> tuple[Array, ...]:
        """Those that are frequent of a word, or of all that begin so: for each segment, their numbers."""
        if unfinished:
            likely: set[str] = set()
            for part in self.parts:
                low, high = part.segment.beginning_with(word)
                held = part.holding(np.arange(low, high))
                # A word that is frequent in all segments together is so in one for its share of them.
                many = np.flatnonzero(held > self._frequent / len(self.parts)) + low
                likely.update(map(part.segment.words.__getitem__, many.tolist()))
        else:
            likely = {word}
        found = [numbers for numbers, total in map(self.numbers, sorted(likely)) if total > self._frequent]
        return tuple(
            np.array([number for each in found if (number := each[at]) is not None], np.int64)
            for at in range(len(self.parts))
        )

    # ------------------------------------------------------------ lines

    def split(self, lines: Array) -> Iterator[tuple[int, slice, Array]]:
        """For lines in ascending order: (place of the segment, which of ``lines``, their numbers in it)."""
        if len(self.parts) == 1:
            yield 0, slice(0, len(lines)), lines
            return
        ends = [*np.searchsorted(lines, self._firsts[1:]).tolist(), len(lines)]
        start = 0
        for at, end in enumerate(ends):
            if end > start:
                yield at, slice(start, end), lines[start:end] - self._firsts[at]
            start = end

    def lengths(self, lines: Array) -> Array:
        """How many words lines (ascending) have."""
        return np.concatenate([self.parts[at].segment.lengths(here) for at, _, here in self.split(lines)])

    def search_forms(self, lines: Array, together: int = 1) -> list[str]:
        """Lines, in any order, in search form; with ``together`` 2, each and the one after it."""
        if len(self.parts) == 1:
            form = self.parts[0].segment.search_form
            return [form(line, together) for line in lines.tolist()]
        places = np.searchsorted(self._firsts, lines, "right") - 1
        return [
            self.parts[at].segment.search_form(line - self._firsts[at], together)
            for at, line in zip(places.tolist(), lines.tolist(), strict=True)
        ]

    def go_on(self, lines: Array) -> Array:
        """Those of ``lines`` (ascending; may be -1) after which another is seen, added together with them."""
        found = [lines[:0]]
        for at, _, here in self.split(lines[lines >= 0]):
            part = self.parts[at]
            here = part.segment.go_on(here)
            found.append(here[part.sees(here) & part.sees(here + 1)] + part.segment.first)
        return np.concatenate(found)
