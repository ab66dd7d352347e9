"""Which lines are worth a closer look for a query, and what that look shows."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from rapidfuzz import fuzz, process

from bot.domain.ranking import (
    LEAST,
    UNSURE,
    Matches,
    covered,
    evidence,
    in_order,
    rarity,
    score,
    side_by_side,
)
from bot.index.files import Array
from bot.index.query import Meaning, Query
from bot.index.segment import Wanted, Words
from bot.index.view import View

_READ_FREELY = 6_000
"""So many entries of lists are read in any case."""
_UNREAD_SHARE = 0.4
"""Lists that together carry less of the query's weight need not be read: a line that stands in
none of the others would score too little to be an answer."""
_PAIR_SHARE = 0.5
"""What a pair of neighbours weighs against its rarity."""
_MOST_WEIGHED = 256
"""So many lines are looked at word by word …"""
_COMPARED_FIRST = 32
_COMPARED_AT_ONCE = 24
_MOST_COMPARED = 192
"""… so many more than are wanted letter by letter, at most …"""
_MOST_JOINED = 8
"""… and so many with their neighbours, in case the words run over from one into the next."""
_LEAST_WORDS_JOINED = 4
_EDGE = 4
"""Words this near to the edge of a line may go on in the next line …"""
_LEAST_AT_EDGE = 0.2
"""… if they carry this share of the query's weight."""
_LEAST_GAIN = 0.12
"""What two neighbours must cover more than the better one alone."""


class Examined(NamedTuple):
    """Lines of the index and their scores."""

    lines: Array
    scores: Array
    other: Array | None = None
    """The neighbour that each was read together with, which answers nearly as well."""


class _Sought(NamedTuple):
    """One thing that a query asks for, with what answers it in each segment."""

    weight: float
    entries: int
    """How long the lists are that answer it."""
    words: tuple[Words, ...] | None = None
    lines: tuple[Array, ...] | None = None

    def within(self, at: int) -> Wanted:
        """What of it a segment is asked for."""
        words = None if self.words is None else self.words[at]
        return Wanted(self.weight, words, None if self.lines is None else self.lines[at])


def examine(view: View, query: Query, limit: int) -> list[Examined]:
    """The lines that may be among the ``limit`` best, with their scores."""
    found = _candidates(view, query, max(_MOST_WEIGHED, 4 * limit))
    if not len(found):
        return []
    matches = _matches(view, query, found)
    coverage = covered(matches, query.weights, len(found))
    together = side_by_side(matches, query.weights, len(found))
    promising = np.argsort(-(coverage + together), kind="stable")
    lengths = view.lengths(found)
    chosen, scores = _compared(view, query, found, matches, coverage, promising, lengths, limit)
    examined = [Examined(found[chosen], scores)]
    if len(query.words) >= _LEAST_WORDS_JOINED:
        first = _cut_short(
            view, query, found[chosen], matches.of(chosen, len(found)), coverage[chosen], lengths[chosen]
        )
        if len(first):
            examined += _joined(view, query, first)
    return examined


def _compared(
    view: View,
    query: Query,
    found: Array,
    matches: Matches,
    coverage: Array,
    promising: Array,
    lengths: Array,
    limit: int,
) -> tuple[Array, Array]:
    """Scores of the most promising lines, batch after batch, until a batch's end adds no answer.

    Returns places in ``found`` and their scores.
    """
    scores = np.zeros(0)
    size = max(_COMPARED_FIRST, limit)
    while len(scores) < min(len(promising), _MOST_COMPARED + limit):
        batch = promising[len(scores) : len(scores) + size]
        order = in_order(matches.of(batch, len(found)), query.weights, len(batch))
        spelling = _spelling(view, query, found[batch], 1)
        scores = np.concatenate([scores, _scores(query, coverage[batch], order, spelling, lengths[batch])])
        best = np.partition(scores, len(scores) - limit)[len(scores) - limit] if len(scores) > limit else 0.0
        if scores[-_COMPARED_AT_ONCE // 2 :].max() < max(best, LEAST):
            break
        size = _COMPARED_AT_ONCE
    return promising[: len(scores)], scores


def _scores(query: Query, coverage: Array, order: Array, spelling: Array, words: Array) -> Array:
    proof = evidence(coverage, query.weight, query.lines)
    return score(coverage, order, spelling, proof, words)


def _candidates(view: View, query: Query, most: int) -> Array:
    """The ``most`` likeliest lines, ascending."""
    sought = _sought(view, query)
    total = unread = sum(each.weight for each in sought)
    entries = 0
    for place, each in enumerate(sought):
        entries += each.entries
        if entries > _READ_FREELY and unread <= _UNREAD_SHARE * total:
            del sought[place:]
            break
        unread -= each.weight
    found: list[tuple[Array, Array]] = []
    for at, part in enumerate(view.parts):
        with part.segment.scratch:
            lines, strength = part.segment.add_up([each.within(at) for each in sought], most, part.seen)
        found.append((lines + part.segment.first, strength))
    if len(found) == 1:
        return np.sort(found[0][0])
    if not found:
        return np.zeros(0, np.int32)
    lines, strength = map(np.concatenate, zip(*found, strict=True))
    if len(lines) > most:
        lines = lines[np.lexsort((lines, -strength))[:most]]
    return np.sort(lines)


def _sought(view: View, query: Query) -> list[_Sought]:
    """Everything that lines can be looked up by, the rarest first."""
    weights: dict[str, float] = {}
    meant: dict[str, Meaning] = {}
    for meaning in query.meanings:
        weights[meaning.text] = weights.get(meaning.text, 0.0) + meaning.weight
        meant[meaning.text] = meaning
    sought = [
        _Sought(weights[text], meaning.entries, words=meaning.words)
        for text, meaning in meant.items()
        if meaning.entries
    ]
    for before, after in pairwise(meaning.frequent for meaning in query.meanings):
        held = tuple(
            part.next_to(int(one[0]), others) if len(one) else others[:0]
            for part, one, others in zip(view.parts, before, after, strict=True)
        )
        entries = sum(map(len, held))
        if entries:
            weight = _PAIR_SHARE * max(0.0, rarity(query.lines, entries) - 0.5)
            sought.append(_Sought(weight, entries, lines=held))
    sought.sort(key=lambda each: each.entries)
    return sought


def _matches(view: View, query: Query, lines: Array, together: int = 1) -> Matches:
    """Which words of ``lines`` (ascending) may be which of the query's.

    With ``together`` 2, each line and the one after it are read as one.
    """
    found = [_matches_in(view, at, query, here, which.start, together) for at, which, here in view.split(lines)]
    return found[0] if len(found) == 1 else Matches(*map(np.concatenate, zip(*found, strict=True)))


def _matches_in(view: View, at: int, query: Query, lines: Array, start: int, together: int) -> Matches:
    """Those in lines of one segment, of which the first is line ``start`` of those looked at."""
    segment = view.parts[at].segment
    words = [meaning.words[at] for meaning in query.meanings]
    numbers = np.concatenate([each.numbers for each in words])
    line, place, token = segment.tokens_of(lines, together)
    with segment.scratch:
        own, which = segment.places_in(numbers, token)
    sureness = np.zeros((len(numbers), len(words)), np.float32)
    typed = np.repeat(np.arange(len(words)), [len(each.numbers) for each in words])
    sureness[own, typed] = np.concatenate([each.sureness for each in words])
    hit = np.flatnonzero(which >= 0)
    values = sureness.take(which.take(hit), axis=0).ravel()
    filled = np.flatnonzero(values > 0)
    entry, word = np.divmod(filled, len(words))
    hit = hit.take(entry)
    return Matches(line.take(hit) + start, place.take(hit), word, values.take(filled))


def _spelling(view: View, query: Query, lines: Array, together: int) -> Array:
    """How alike the letters are: the best stretch of each text against what was typed."""
    typed = query.typed
    texts = view.search_forms(lines, together)
    alike = process.cdist([typed], texts, scorer=fuzz.partial_ratio)[0] / 100.0
    lengths = np.fromiter(map(len, texts), np.float32, len(texts))
    # A text shorter than the query is sought in the query, not the other way round.
    return alike * np.minimum(1.0, lengths / len(typed))


def _cut_short(view: View, query: Query, lines: Array, matches: Matches, coverage: Array, lengths: Array) -> Array:
    """The first of each two neighbours over whose border the query's words may run."""
    carried = (query.weights / query.weights.sum())[matches.word] * matches.sureness
    carried[coverage[matches.line] > 0.95] = 0
    from_end = lengths[matches.line] - matches.place
    ahead = np.bincount(matches.line, carried * (matches.place < _EDGE), len(lines))
    behind = np.bincount(matches.line, carried * (from_end <= _EDGE), len(lines))
    first = np.concatenate([lines - 1, lines])
    share = np.concatenate([ahead, behind])
    likely = np.argsort(-share, kind="stable")[:_MOST_JOINED]
    return view.go_on(np.unique(first[likely[share[likely] >= _LEAST_AT_EDGE]]))


def _joined(view: View, query: Query, first: Array) -> list[Examined]:
    """Neighbours, each known by its first line, that cover more than the better one alone.

    Both are seen: what a line holds that is not must not show in its neighbour's score.
    """
    matches = _matches(view, query, first, 2)
    front = matches.place < view.lengths(first)[matches.line]
    both = covered(matches, query.weights, len(first))
    ahead = covered(matches.only(front), query.weights, len(first))
    behind = covered(matches.only(~front), query.weights, len(first))
    worth = np.flatnonzero(both - np.maximum(ahead, behind) > _LEAST_GAIN)
    if not len(worth):
        return []
    order = in_order(matches, query.weights, len(first))[worth]
    first = first[worth]
    better = first + (behind > ahead)[worth]
    other = first + first + 1 - better
    words = view.lengths(first) + view.lengths(first + 1)
    scores = _scores(query, both[worth], order, _spelling(view, query, first, 2), words)
    sure = scores >= UNSURE
    return [Examined(better[sure], scores[sure], other[sure])]
