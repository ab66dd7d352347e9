"""From words as typed to the words of the index that may have been meant, and their weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.domain.ranking import rarity
from bot.domain.spelling import likeness, most_edits
from bot.index.files import Array
from bot.index.segment import Segment, Words

MOST_SPELLINGS = 25
MOST_INFLECTIONS = 40
_UNKNOWN_RARITY = 8.0
_LEAST_WEIGHT = 0.05
_LEAST_SURENESS = 0.25
_KNOWN_BUT_MISTYPED = 0.75
_SAME_STEM = 0.9


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one typed word may stand for."""

    text: str
    weight: float
    words: tuple[Words, ...]
    """For each segment, the words that may be meant."""
    known: bool
    """Whether it is a word of the index as it stands."""


class Interpreter:
    """Finds the meanings of typed words in segments. Answers depend on live lines only."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._segments = segments
        self.lines = sum(int(each.live.sum()) for each in segments)

    def holding(self, word: str) -> int:
        """How many lines hold a word."""
        total = 0
        for segment in self._segments:
            number = segment.number(word)
            if number is not None:
                total += int(segment.lines_with[number])
        return total

    def meaning(self, word: str, unfinished: bool) -> Meaning:
        """The words that ``word`` may stand for; ``unfinished`` where more letters may follow."""
        sure: dict[str, float] = {}
        held: dict[str, dict[int, int]] = {}  # per word, its number in each segment
        for at, segment in enumerate(self._segments):
            number = segment.number(word)
            if number is not None:
                sure[word] = 1.0
                held.setdefault(word, {})[at] = number
        known = word in sure
        for at, segment in enumerate(self._segments):
            for number in segment.same_stem(word)[:MOST_INFLECTIONS]:
                other = segment.words[number]
                sure.setdefault(other, _SAME_STEM)
                held.setdefault(other, {})[at] = number
        # A word that exists was seldom meant as another; one slip is thought of, not more.
        edits = most_edits(len(word)) if not known else min(1, most_edits(len(word)))
        spellings: set[tuple[int, str]] = set()
        if edits:
            for at, segment in enumerate(self._segments):
                for away, number in segment.spelt_like(word, edits):
                    other = segment.words[number]
                    spellings.add((away, other))
                    held.setdefault(other, {})[at] = number
        for away, other in sorted(spellings)[:MOST_SPELLINGS]:
            value = likeness(away, len(word)) * (_KNOWN_BUT_MISTYPED if known else 1.0)
            if value > _LEAST_SURENESS:
                sure.setdefault(other, value)
        holding = 0.0
        for other, value in sure.items():
            lines = sum(int(self._segments[at].lines_with[number]) for at, number in held[other].items())
            holding = max(holding, lines * value * value)
        weight = rarity(self.lines, holding)
        words = tuple(
            _words({held[other][at]: value for other, value in sure.items() if at in held[other]})
            for at in range(len(self._segments))
        )
        if unfinished:
            words, total = self._continued(word, words)
            if total:
                weight = min(weight, rarity(self.lines, total) + 1.0)
        if not known:
            weight = min(weight, _UNKNOWN_RARITY)
        return Meaning(word, max(weight, _LEAST_WEIGHT), words, known)

    def _continued(self, word: str, meant: tuple[Words, ...]) -> tuple[tuple[Words, ...], int]:
        """The meanings of a word that may go on, and how often words that go on so are held."""
        result: list[Words] = []
        total = 0
        for segment, (numbers, sureness) in zip(self._segments, meant, strict=True):
            low, high = segment.beginning_with(word)
            held = segment.lines_with[low:high]
            total += int(held.sum())
            longer = np.flatnonzero(held) + low
            value = (0.8 + 0.2 * len(word) / segment.word_lengths(longer)).astype(np.float32)
            inside = (numbers >= low) & (numbers < high)
            at = np.searchsorted(longer, numbers[inside])
            value[at] = np.maximum(value[at], sureness[inside])
            numbers = np.concatenate([numbers[~inside], longer]).astype(np.int32)
            sureness = np.concatenate([sureness[~inside], value])
            order = np.lexsort((numbers, sureness))
            result.append(Words(numbers[order], sureness[order]))
        return tuple(result), total


@dataclass(frozen=True, slots=True)
class Query:
    """Words as typed, with what they may mean."""

    words: tuple[str, ...]
    meanings: tuple[Meaning, ...]
    weights: Array
    """One per word."""
    unfinished: bool
    """Whether the last word may go on."""
    lines: int
    """Live lines in the whole index."""

    @property
    def typed(self) -> str:
        """The words in search form."""
        return " ".join(self.words)

    @property
    def weight(self) -> float:
        """What all words weigh together."""
        return float(self.weights.sum())


def _words(sure: dict[int, float]) -> Words:
    ordered = sorted(sure.items(), key=lambda item: (item[1], item[0]))
    return Words(
        np.array([number for number, _ in ordered], np.int32),
        np.array([value for _, value in ordered], np.float32),
    )
