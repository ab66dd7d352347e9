"""Which lines of a segment are worth a closer look for a query, and what that look shows."""

from __future__ import annotations

from functools import partial
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
from bot.index.query import Query
from bot.index.segment import Segment, Wanted, Words

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


def examine(segment: Segment, at: int, query: Query, allowed: Array | None, limit: int) -> list[Examined]:
    """The lines of a segment that may be among the ``limit`` best, with their scores.

    ``at`` is the segment's place among the segments; ``allowed`` is over the lines of the whole
    index.
    """
    found = _candidates(segment, at, query, allowed, max(_MOST_WEIGHED, 4 * limit))
    if not len(found):
        return []
    matches = _matches(segment, at, query, found)
    coverage = covered(matches, query.weights, len(found))
    together = side_by_side(matches, query.weights, len(found))
    promising = np.argsort(-(coverage + together), kind="stable")
    chosen, scores = _compared(segment, query, found, matches, coverage, promising, limit)
    examined = [Examined(found[chosen] + segment.first, scores)]
    if len(query.words) >= _LEAST_WORDS_JOINED:
        first = _cut_short(segment, query, found[chosen], matches.of(chosen, len(found)), coverage[chosen])
        first = first[_permitted(segment, allowed, first) & _permitted(segment, allowed, first + 1)]
        if len(first):
            examined += _joined(segment, at, query, first)
    return examined


def _compared(
    segment: Segment,
    query: Query,
    found: Array,
    matches: Matches,
    coverage: Array,
    promising: Array,
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
        spelling = _spelling(segment, query, found[batch], 1)
        words = segment.lengths(found[batch])
        scores = np.concatenate([scores, _scores(query, coverage[batch], order, spelling, words)])
        best = np.partition(scores, len(scores) - limit)[len(scores) - limit] if len(scores) > limit else 0.0
        if scores[-_COMPARED_AT_ONCE // 2 :].max() < max(best, LEAST):
            break
        size = _COMPARED_AT_ONCE
    return promising[: len(scores)], scores


def _scores(query: Query, coverage: Array, order: Array, spelling: Array, words: Array) -> Array:
    proof = evidence(coverage, query.weight, query.lines)
    return score(coverage, order, spelling, proof, words)


def _candidates(segment: Segment, at: int, query: Query, allowed: Array | None, most: int) -> Array:
    """The ``most`` likeliest lines of the segment, of those that may be answers, ascending."""
    wanted = _wanted(segment, at, query)
    total = unread = sum(each.weight for each in wanted)
    entries = 0
    for place, each in enumerate(wanted):
        entries += each.entries
        if entries > _READ_FREELY and unread <= _UNREAD_SHARE * total:
            del wanted[place:]
            break
        unread -= each.weight
    if not wanted:
        return np.zeros(0, np.int32)
    permitted = None if allowed is None and segment.whole else partial(_permitted, segment, allowed)
    with segment.scratch:
        return np.sort(segment.add_up(wanted, most, permitted))


def _wanted(segment: Segment, at: int, query: Query) -> list[Wanted]:
    """Everything that lines can be looked up by, the rarest first."""
    weights: dict[str, float] = {}
    words: dict[str, Words] = {}
    for meaning in query.meanings:
        weights[meaning.text] = weights.get(meaning.text, 0.0) + meaning.weight
        words[meaning.text] = meaning.words[at]
    wanted = [
        Wanted(weight, segment.entries(words[text]), words=words[text])
        for text, weight in weights.items()
        if len(words[text].numbers)
    ]
    numbers = [segment.number(word) for word in query.words]
    last = len(numbers) - 2
    for place, (first, second) in enumerate(pairwise(numbers)):
        if first is None:
            continue
        if query.unfinished and place == last:
            low, high = segment.beginning_with(query.words[-1])
        elif second is None:
            continue
        else:
            low, high = second, second + 1
        held = segment.side_by_side(first, low, high)
        if held is not None and len(held):
            weight = _PAIR_SHARE * max(0.0, rarity(query.lines, len(held)) - 0.5)
            wanted.append(Wanted(weight, len(held), lines=held))
    wanted.sort(key=lambda each: each.entries)
    return wanted


def _permitted(segment: Segment, allowed: Array | None, lines: Array) -> Array:
    may = segment.live[lines]
    if allowed is None:
        return may
    here = allowed[segment.first : segment.first + segment.count]
    if len(here) == segment.count:
        return may & here[lines]
    may &= lines < len(here)
    may[may] = here[lines[may]]
    return may


def _matches(segment: Segment, at: int, query: Query, lines: Array, together: int = 1) -> Matches:
    """Which words of ``lines`` may be which of the query's.

    With ``together`` 2, each line and the one after it are read as one.
    """
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
    return Matches(line.take(hit), place.take(hit), word, values.take(filled))


def _spelling(segment: Segment, query: Query, lines: Array, together: int) -> Array:
    """How alike the letters are: the best stretch of each text against what was typed."""
    typed = query.typed
    texts = [segment.search_form(line, together) for line in lines.tolist()]
    alike = process.cdist([typed], texts, scorer=fuzz.partial_ratio)[0] / 100.0
    lengths = np.fromiter(map(len, texts), np.float32, len(texts))
    # A text shorter than the query is sought in the query, not the other way round.
    return alike * np.minimum(1.0, lengths / len(typed))


def _cut_short(segment: Segment, query: Query, lines: Array, matches: Matches, coverage: Array) -> Array:
    """The first of each two neighbours over whose border the query's words may run."""
    carried = (query.weights / query.weights.sum())[matches.word] * matches.sureness
    carried[coverage[matches.line] > 0.95] = 0
    from_end = segment.lengths(lines)[matches.line] - matches.place
    ahead = np.bincount(matches.line, carried * (matches.place < _EDGE), len(lines))
    behind = np.bincount(matches.line, carried * (from_end <= _EDGE), len(lines))
    first = np.concatenate([lines - 1, lines])
    share = np.concatenate([ahead, behind])
    likely = np.argsort(-share, kind="stable")[:_MOST_JOINED]
    return segment.go_on(np.unique(first[likely[share[likely] >= _LEAST_AT_EDGE]]))


def _joined(segment: Segment, at: int, query: Query, first: Array) -> list[Examined]:
    """Neighbours, each known by its first line, that cover more than the better one alone.

    Both must be permitted: what a forbidden line holds must not show in its neighbour's score.
    """
    matches = _matches(segment, at, query, first, 2)
    front = matches.place < segment.lengths(first)[matches.line]
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
    words = segment.lengths(first) + segment.lengths(first + 1)
    scores = _scores(query, both[worth], order, _spelling(segment, query, first, 2), words)
    sure = scores >= UNSURE
    return [Examined(better[sure] + segment.first, scores[sure], other[sure] + segment.first)]
