"""Matches the scenes and lines of a re-import to the stored ones, so that what hangs on them stays.

Text that is the same keeps its id, wherever it moved to. Text that is nearly the same keeps it,
too: reactions, drops and bookmarks belong to a scene as readers know it, not to its commas. Each id
goes to one text at most, and never to text that merely shares some words.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Sequence
from typing import NamedTuple, TypeVar

from bot.domain.story import LineId, SceneId

Id = TypeVar("Id")

_SAME_SCENE = 0.6
"""The least likeness at which two scenes are one."""
_SAME_LINE = 0.75
_CONTAINED = 0.75
"""Or this share of the smaller one's phrases stands in the other: a scene that was split or merged."""
_FEWEST_CONTAINED = 12

_CANDIDATES = 4
_CLEARLY = 4
_PHRASE = 2
"""Words in a phrase by which candidates are found."""
_COMMON = 12
"""A phrase that stands in more texts than this tells nothing."""

_WORD = re.compile(r"\w+")


class _Match(NamedTuple):
    """A stored and a new text that are alike; sorts worst first."""

    likeness: float
    nearness: int
    old: int
    new: int


def match_scenes(old: Sequence[tuple[SceneId, str]], new: Sequence[str]) -> list[SceneId | None]:
    """For every new scene the id that it keeps, or None if it is new.

    Args:
        old: the stored scenes in order.
        new: the texts of the new ones in order.
    """
    texts = [text for _, text in old]
    return _ids(old, _matched(texts, new, _scene_likeness))


def match_lines(old: Sequence[tuple[LineId, str]], new: Sequence[str]) -> list[LineId | None]:
    """For every new line the id that it keeps, or None if it is new.

    Lines that say the same are told apart by their neighbours, then by their order.

    Args:
        old: the stored lines in order.
        new: the texts of the new ones in order.
    """
    texts = [text for _, text in old]
    return _ids(old, _matched(texts, new, _line_likeness))


def _ids(old: Sequence[tuple[Id, str]], matched: dict[int, int]) -> list[Id | None]:
    """Ids by new index, from old indexes by new index (``matched`` has an entry for every new text)."""
    return [old[matched[j]][0] if matched[j] >= 0 else None for j in sorted(matched)]


def _matched(
    old: Sequence[str], new: Sequence[str], likeness: Callable[[Sequence[str], Sequence[str]], float]
) -> dict[int, int]:
    """Old index for every new index, -1 where there is none."""
    taken: dict[int, int] = dict.fromkeys(range(len(new)), -1)
    _match_same(old, new, taken)
    old_words = [tuple(_WORD.findall(text.casefold())) for text in old]
    new_words = [tuple(_WORD.findall(text.casefold())) for text in new]
    # Curly quotes made straight, a comma added: still word for word the same.
    _match_same(old_words, new_words, taken)
    _match_alike(old_words, new_words, taken, likeness)
    return taken


def _match_same(old: Sequence[Hashable], new: Sequence[Hashable], taken: dict[int, int]) -> None:
    """Match what is equal: first what is so only once, then by neighbours, then in order."""
    used = {i for i in taken.values() if i >= 0}
    places: dict[Hashable, list[int]] = defaultdict(list)
    for i, text in enumerate(old):
        if i not in used and text:
            places[text].append(i)
    counts = Counter(text for j, text in enumerate(new) if taken[j] < 0)
    for j, text in enumerate(new):
        if taken[j] < 0 and counts[text] == 1 and len(places.get(text, ())) == 1:
            taken[j] = places[text][0]
            used.add(taken[j])
    _extend(old, new, taken, used, 1)
    _extend(old, new, taken, used, -1)
    left = {text: iter([i for i in found if i not in used]) for text, found in places.items()}
    for j, text in enumerate(new):
        if taken[j] < 0 and text in left:
            taken[j] = next(left[text], -1)


def _extend(old: Sequence[Hashable], new: Sequence[Hashable], taken: dict[int, int], used: set[int], step: int) -> None:
    """Match equal texts that stand beside matched ones, going in one direction."""
    for j in range(len(new)) if step > 0 else range(len(new) - 1, -1, -1):
        before = j - step
        if taken[j] >= 0 or not 0 <= before < len(new) or taken[before] < 0:
            continue
        i = taken[before] + step
        if 0 <= i < len(old) and i not in used and old[i] and old[i] == new[j]:
            taken[j] = i
            used.add(i)


def _match_alike(
    old: Sequence[Sequence[str]],
    new: Sequence[Sequence[str]],
    taken: dict[int, int],
    likeness: Callable[[Sequence[str], Sequence[str]], float],
) -> None:
    """Match what is nearly equal, the most alike first, one to one."""
    used = {i for i in taken.values() if i >= 0}
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for i, words in enumerate(old):
        if i not in used:
            for phrase in _phrases(words):
                places[phrase].append(i)
    found: list[_Match] = []
    for j, words in enumerate(new):
        if taken[j] >= 0:
            continue
        shared: Counter[int] = Counter()
        for phrase in _phrases(words):
            holders = places.get(phrase, ())
            if len(holders) <= _COMMON:
                shared.update(holders)
        best = shared.most_common(_CANDIDATES)
        for i, phrases in best:
            # One that shares far fewer phrases than another is not the one.
            if phrases * _CLEARLY < best[0][1]:
                break
            like = likeness(old[i], words)
            if like > 0:
                found.append(_Match(like, -abs(i - j), i, j))
    for match in sorted(found, reverse=True):
        if taken[match.new] < 0 and match.old not in used:
            taken[match.new] = match.old
            used.add(match.old)


def _phrases(words: Sequence[str], length: int = _PHRASE) -> set[tuple[str, ...]]:
    """All runs of so many words; of fewer words the whole."""
    if len(words) < length:
        return {tuple(words)} if words else set()
    return set(zip(*(words[n:] for n in range(length)), strict=False))


def _scene_likeness(old: Sequence[str], new: Sequence[str]) -> float:
    """How alike two scenes are, from 0 to 1; 0 where they are too unlike to be one.

    The share of words that stand in both in the same order (of random English prose that is about a
    third), or the share of the smaller one's four-word phrases that the other has.
    """
    like = _common(old, new)
    if like >= _SAME_SCENE:
        return like
    mine, theirs = _phrases(old, 4), _phrases(new, 4)
    fewer = min(len(mine), len(theirs))
    if fewer < _FEWEST_CONTAINED:
        return 0.0
    contained = len(mine & theirs) / fewer
    # A piece of a scene is less like it than any scene that passed the first test.
    return like if contained >= _CONTAINED else 0.0


def _line_likeness(old: Sequence[str], new: Sequence[str]) -> float:
    """How alike two lines are; 0 where they are too unlike to be one."""
    like = _common(old, new)
    return like if like >= _SAME_LINE else 0.0


def _common(old: Sequence[str], new: Sequence[str]) -> float:
    """Twice the longest common subsequence over all words, by bits (Hyyrö 2004)."""
    if not old or not new:
        return 0.0
    places: dict[str, int] = defaultdict(int)
    for n, word in enumerate(old):
        places[word] |= 1 << n
    everything = (1 << len(old)) - 1
    row = everything
    for word in new:
        match = row & places.get(word, 0)
        row = ((row + match) | (row - match)) & everything
    common = len(old) - row.bit_count()
    return 2 * common / (len(old) + len(new))
