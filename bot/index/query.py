"""From words as typed to the words of the index that may have been meant, and their weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bot.domain.ranking import rarity
from bot.domain.spelling import likeness, most_edits
from bot.index.files import Array
from bot.index.segment import Words
from bot.index.view import View

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
    """Whether it is a word of the lines that are seen."""
    entries: int
    """How many lines hold each of the words, together."""
    frequent: tuple[Array, ...]
    """For each segment, those that are frequent of the word itself, or of all that go on from it."""


class Interpreter:
    """Finds the meanings of typed words. Answers depend on the lines of a view only."""

    def __init__(self, view: View) -> None:
        self.view = view

    def meaning(self, word: str, unfinished: bool) -> Meaning:
        """The words that ``word`` may stand for; ``unfinished`` where more letters may follow."""
        held = _Held(self.view)
        inflections: set[str] = set()
        for at, part in enumerate(self.view.parts):
            number = part.segment.number(word)
            if number is not None and part.lines_with(number):
                held.note(at, word, number)
            for number in part.same_stem(word):
                inflections.add(held.note(at, part.segment.words[number], number))
        sure: dict[str, float] = {}
        known = held.lines(word) > 0
        if known:
            sure[word] = 1.0
        for other in sorted(inflections)[:MOST_INFLECTIONS]:
            sure.setdefault(other, _SAME_STEM)
        # A word that exists was seldom meant as another; one slip is thought of, not more.
        edits = most_edits(len(word)) if not known else min(1, most_edits(len(word)))
        spellings: dict[str, int] = {}
        if edits:
            for at, part in enumerate(self.view.parts):
                for away, number in part.spelt_like(word, edits):
                    spellings[held.note(at, part.segment.words[number], number)] = away
        likeliest = sorted(zip(spellings.values(), spellings, strict=True))
        for away, other in likeliest[:MOST_SPELLINGS]:
            value = likeness(away, len(word)) * (_KNOWN_BUT_MISTYPED if known else 1.0)
            if value > _LEAST_SURENESS:
                sure.setdefault(other, value)
        holding = max((held.lines(other) * value * value for other, value in sure.items()), default=0.0)
        weight = rarity(self.view.lines, holding)
        words = tuple(_words(held.numbers(at, sure)) for at in range(len(self.view.parts)))
        if unfinished:
            words, total = self._continued(word, words)
            if total:
                weight = min(weight, rarity(self.view.lines, total) + 1.0)
        if not known:
            weight = min(weight, _UNKNOWN_RARITY)
        entries = sum(int(part.holding(each.numbers).sum()) for part, each in zip(self.view.parts, words, strict=True))
        frequent = self.view.frequent(word, unfinished)
        return Meaning(word, max(weight, _LEAST_WEIGHT), words, known, entries, frequent)

    def _continued(self, word: str, meant: tuple[Words, ...]) -> tuple[tuple[Words, ...], int]:
        """The meanings of a word that may go on, and how often words that go on so are held."""
        result: list[Words] = []
        total = 0
        for part, (numbers, sureness) in zip(self.view.parts, meant, strict=True):
            segment = part.segment
            low, high = segment.beginning_with(word)
            held = part.holding(np.arange(low, high))
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


class _Held:
    """Words that may be meant, where they stand, and how many of the lines that are seen hold them."""

    def __init__(self, view: View) -> None:
        self._parts = view.parts
        self._numbers: dict[str, list[tuple[int, int]]] = {}

    def note(self, at: int, word: str, number: int) -> str:
        """Note that a word has this number in a segment."""
        places = self._numbers.setdefault(word, [])
        if (at, number) not in places:
            places.append((at, number))
        return word

    def lines(self, word: str) -> int:
        """How many lines hold a word."""
        return sum(self._parts[at].lines_with(number) for at, number in self._numbers.get(word, ()))

    def numbers(self, at: int, sure: dict[str, float]) -> dict[int, float]:
        """By their numbers in a segment, how sure those words are that it has."""
        part = self._parts[at]
        return {
            number: value
            for word, value in sure.items()
            for place, number in self._numbers[word]
            if place == at and part.lines_with(number)
        }


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
    """How many lines are seen."""

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
