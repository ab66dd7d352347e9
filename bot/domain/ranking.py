"""How well a line answers half-remembered words: one score in 0..1, the same for every query.

A line's score depends on the query, on its own words (and its neighbour's, for words that run over
from one line into the next) and on how rare each word is among the lines that may be shown; never
on what stands in others.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from rapidfuzz.distance import OSA

from bot.domain.spelling import most_edits
from bot.domain.text import SearchSpan, search_spans, search_words
from bot.domain.wordforms import stem

Numbers = np.ndarray[Any, Any]

FOUND = 0.5
"""From here on a line is what the reader meant."""
UNSURE = 0.15
"""From here on it may be; below, there is nothing like it."""
LEAST = 0.05
"""Below this a line is not worth naming at all."""


class Hit(NamedTuple):
    """A line that was found, and how well it answers the query, 0..1."""

    line_number: int
    score: float


class Matches(NamedTuple):
    """Words of lines that answer words of the query, one entry for each such pair.

    ``line`` is an index into the lines looked at, ``place`` the word's place in its line, ``word``
    the place of the query's word, ``sureness`` how sure it is that this word was meant, 0..1.
    """

    line: Numbers
    place: Numbers
    word: Numbers
    sureness: Numbers

    def only(self, which: Numbers) -> Matches:
        """Those of the matches that ``which`` (booleans or indices) picks."""
        return Matches(self.line[which], self.place[which], self.word[which], self.sureness[which])

    def of(self, lines: Numbers, count: int) -> Matches:
        """Those in ``lines``, which become line 0, 1, 2 …, of the ``count`` lines looked at."""
        place = np.full(count, -1)
        place[lines] = np.arange(len(lines))
        line = place[self.line]
        kept = np.flatnonzero(line >= 0)
        return Matches(line[kept], self.place[kept], self.word[kept], self.sureness[kept])


_UNSEEN = 500
"""Lines of the rest of the world, which hold none of the library's words: in a library of one short
story every word would otherwise be common, and nothing could be found."""


def rarity(lines: int, holding: float) -> float:
    """The weight of a word that ``holding`` of ``lines`` lines hold."""
    return math.log(1 + (lines + _UNSEEN) / (1 + holding))


def covered(matches: Matches, weights: Numbers, lines: int) -> Numbers:
    """Per line the share of the query's weight whose words it holds, in any order."""
    best = np.zeros(lines * len(weights))
    np.maximum.at(best, matches.line * len(weights) + matches.word, matches.sureness)
    return best.reshape(lines, len(weights)) @ (weights / weights.sum())


def side_by_side(matches: Matches, weights: Numbers, lines: int) -> Numbers:
    """Per line the share of the query's weight in words that follow each other as in the query."""
    line, place, word, _ = matches
    follows = (line[1:] == line[:-1]) & (place[1:] == place[:-1] + 1) & (word[1:] == word[:-1] + 1)
    held = np.zeros((lines, len(weights)))
    held[line[1:][follows], word[1:][follows]] = 1
    return held @ (weights / weights.sum())


_DRIFT = 3
_DRIFT_LEFT = (1.0, 0.9, 0.8, 0.7)
"""What a word counts that stands 0, 1, 2, 3 places beside where it should."""


def in_order(matches: Matches, weights: Numbers, lines: int) -> Numbers:
    """Per line the share of the query's weight that stands together and in the query's order.

    Words of an unbroken quotation all have the same (place in the line - place in the query).
    Around each such difference the words are counted that keep to it, or nearly: dropped, added
    and swapped words shift the rest by a place or two.
    """
    if not len(matches.line):
        return np.zeros(lines, np.float32)
    count = len(weights)
    shift = matches.place - matches.word + count + _DRIFT
    width = int(shift.max()) + 1 + _DRIFT
    at = np.zeros((lines, count, width), np.float32)
    at[matches.line, matches.word, shift] = matches.sureness * (weights / weights.sum())[matches.word]
    inner = slice(_DRIFT, width - _DRIFT)
    best = at[:, :, inner].copy()
    for drift in range(1, _DRIFT + 1):
        for side in (-drift, drift):
            moved = at[:, :, _DRIFT + side : width - _DRIFT + side]
            np.maximum(best, moved * _DRIFT_LEFT[drift], out=best)
    return best.sum(axis=1).max(axis=1)


def evidence(coverage: Numbers, weight: float, lines: int) -> Numbers:
    """How much a line says for itself, 0..1: the weight that it covers against what chance would.

    Among ``lines`` lines, words of a total weight (see ``rarity``) of ``log(lines)`` meet by chance;
    four times as much does not.
    """
    return np.minimum(1.0, coverage * (weight / (4 * math.log(lines + _UNSEEN))))


def score(coverage: Numbers, order: Numbers, spelling: Numbers, proof: Numbers, words: Numbers) -> Numbers:
    """The chance that a line is the one that was meant, from four views of it, each 0..1.

    The numbers are a logistic regression over misquoted, mistyped and shuffled fragments of eight
    novels and over fragments of others that were not there. Each view can only help: holding
    every word helps most, spelling helps more from four letters in five on. ``words`` is how many
    words the line has: of two that answer alike, the shorter is the better answer.
    """
    strength = (
        58.7 * np.maximum(0.0, coverage - 0.95)
        + 6.3 * order
        + 9.1 * spelling
        + 22.3 * np.maximum(0.0, spelling - 0.8)
        + 8.3 * proof
        - 0.002 * words
        - 14.3
    )
    # Sums differ in their last digits with the number of lines in one batch; scores must not.
    return 1 / (1 + np.exp(-np.round(strength, 9)))


# ---------------------------------------------------------------- the matching part of a line


def highlight(line_text: str, query: str) -> tuple[int, int] | None:
    """The part of a line that answers a query, ``[start, end)`` of its text; None where none does."""
    wanted = search_words(query)
    spans = search_spans(line_text)
    if not wanted or not spans:
        return None
    sure = [[_likeness(word, span) for span in spans] for word in wanted]
    best: tuple[float, int, int] | None = None
    hits = [(at, word) for word in range(len(wanted)) for at in range(len(spans)) if sure[word][at] > 0]
    reach = len(wanted) + 3
    for start in sorted({at for at, _ in hits}):
        inside = [(at, word) for at, word in hits if start <= at < start + reach]
        credit: dict[int, tuple[float, int]] = {}
        for at, word in inside:
            if sure[word][at] > credit.get(word, (0.0, 0))[0]:
                credit[word] = (sure[word][at], at)
        total = sum(value * len(wanted[word]) for word, (value, _) in credit.items())
        end = max(at for _, at in credit.values())
        begin = min(at for _, at in credit.values())
        total -= 0.1 * (end - begin)
        if best is None or total > best[0]:
            best = (total, begin, end)
    if best is None:
        return None
    return spans[best[1]].start, spans[best[2]].end


def _likeness(word: str, span: SearchSpan) -> float:
    return max((_alike(word, form) for form in span.forms), default=0.0)


def _alike(word: str, form: str) -> float:
    if word == form:
        return 1.0
    if stem(word) == stem(form):
        return 0.9
    if len(word) >= 3 and form.startswith(word):
        return 0.8
    edits = most_edits(min(len(word), len(form)))
    away = OSA.distance(word, form, score_cutoff=edits) if edits else 1
    return 0.0 if away > edits else 0.95 - 0.9 * away / len(word)
