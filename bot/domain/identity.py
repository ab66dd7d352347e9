"""Matches the scenes and lines of a re-import to the stored ones, so that what hangs on them stays.

Text that is the same keeps its id, wherever it moved to. Text that is nearly the same keeps it,
too: reactions, drops and bookmarks belong to a scene as readers know it, not to its commas. Each id
goes to one text at most, and never to text that merely shares some words. Of a text that was cut in
two the larger piece keeps the id; of two that were joined the larger's id stays, and the other one
becomes its alias.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from sys import intern
from typing import Generic, NamedTuple, TypeVar

from bot.domain.story import LineId, SceneId

Id = TypeVar("Id", bound=int)

_SAME_SCENE = 0.68
"""The likeness at which two scenes are one; fewer than 30 words in a hundred changed leave 0.7."""
_NEARLY_SAME_SCENE = 0.6
"""Or this, where whole phrases stand in both."""
_PHRASES_SHARED = 0.08, 0.15
"""The least share of three-word phrases that must stand in both, for the one likeness and the other:
prose made of the same few words in the same kind of sentence shares words in order, but no phrases."""
_FEW_WORDS = 16
"""Scenes so short are judged by their words alone."""
_SAME_LINE = 0.75
_CONTAINED = 0.75
"""Or this share of the smaller one's phrases stands in the other: a scene that was split or merged."""
_FEWEST_CONTAINED = 12
_ABSORBED = 0.35
"""The share of a lost text's phrases that must have come to another, to say that it was merged into it."""
_FEWEST_ABSORBED = 6

_CANDIDATES = 4
_CLEARLY = 4
_PHRASE = 2
"""Words in a phrase by which candidates are found."""
_SHORT = 8
"""Of fewer words one edit leaves too few pairs."""
_COMMON = 12
"""A phrase that stands in more texts than this tells nothing."""
_LONG_PHRASE = 4
"""Words in a phrase that two texts hardly share by chance."""

_WORD = re.compile(r"\w+")

Words = Sequence[str]


@dataclass(frozen=True, slots=True)
class Matched(Generic[Id]):
    """What became of the stored texts."""

    ids: list[Id | None]
    """For every new text the id that it keeps, or None if it is new."""
    aliases: list[tuple[Id, Id]] = field(default_factory=list[tuple[Id, Id]])
    """(old id, kept id): the text of the first now stands inside the text that has the second."""
    holds: list[tuple[int, Id]] = field(default_factory=list[tuple[int, Id]])
    """(index of a new text, old id): it holds a part of what stood under another id than its own."""
    pieces: frozenset[int] = frozenset()
    """Indexes of the new texts without an id that are nothing but parts of stored ones, as ``holds`` tells."""


class _Match(NamedTuple):
    """A stored and a new text that are alike; sorts worst first."""

    likeness: float
    nearness: int
    old: int
    new: int


def match_scenes(old: Sequence[tuple[SceneId, str]], new: Sequence[str]) -> Matched[SceneId]:
    """Which new scenes are the stored ones, and where the text of the others went.

    Args:
        old: the stored scenes in order.
        new: the texts of the new ones in order.
    """
    pairing = _Pairing([text for _, text in old], new, _scene_likeness)
    changed_old = [i for i, j in enumerate(pairing.new_of) if j < 0 or old[i][1] != new[j]]
    changed_new = [j for j, i in enumerate(pairing.old_of) if i < 0 or old[i][1] != new[j]]
    moves = _Moves(pairing, changed_old, changed_new)
    return Matched(
        ids=[old[i][0] if i >= 0 else None for i in pairing.old_of],
        aliases=[(old[i][0], old[pairing.old_of[j]][0]) for i, j in moves.absorbed()],
        holds=[(j, old[i][0]) for j, i in moves.holds()],
        pieces=moves.pieces(),
    )


def match_lines(old: Sequence[tuple[LineId, str]], new: Sequence[str]) -> Matched[LineId]:
    """Which new lines are the stored ones.

    Lines that say the same are told apart by their neighbours, then by their order.

    Args:
        old: the stored lines in order; one may be made each time that it is asked for.
        new: the texts of the new ones in order, likewise.
    """
    pairing = _Pairing(_TextsOf(old), new, _line_likeness)
    return Matched(
        ids=[old[i][0] if i >= 0 else None for i in pairing.old_of],
        aliases=[(old[i][0], old[pairing.old_of[j]][0]) for i, j in _joined_lines(pairing)],
    )


class _Pairing:
    """One-to-one pairs of stored and new texts."""

    def __init__(self, old: Sequence[str], new: Sequence[str], likeness: Callable[[Words, Words], float]) -> None:
        self.old_of = [-1] * len(new)
        """The stored text of every new one; -1: it has none."""
        self.new_of = [-1] * len(old)
        self._likeness = likeness
        self._pair_same(old, new)
        self.old_words = _WordsOf(old)
        self.new_words = _WordsOf(new)
        # Curly quotes made straight, a comma added: still word for word the same.
        self._pair_same(self.old_words, self.new_words)
        self._pair_alike(self._by_phrases())
        self._pair_alike(self._by_place())

    def _take(self, old: int, new: int) -> None:
        self.old_of[new] = old
        self.new_of[old] = new

    def _pair_same(self, old: Sequence[Hashable], new: Sequence[Hashable]) -> None:
        """Pair what is equal: first what is so only once, then by neighbours, then in order."""
        # Texts are named by the first place of each: of a long story they are too many to be held more than once.
        first: dict[Hashable, int] = {}
        others: dict[int, list[int]] = {}
        for i, paired in enumerate(self.new_of):
            if paired < 0 and (text := old[i]) and (place := first.setdefault(text, i)) != i:
                others.setdefault(place, []).append(i)
        left = [(j, place) for j, i in enumerate(self.old_of) if i < 0 and (place := first.get(new[j], -1)) >= 0]
        if not left:
            return
        del first
        counts = Counter(place for _, place in left)
        for j, place in left:
            if counts[place] == 1 and place not in others:
                self._take(place, j)
        self._extend(old, new, 1)
        self._extend(old, new, -1)
        free: dict[int, Iterator[int]] = {}
        for j, place in left:
            if self.old_of[j] >= 0:
                continue
            if place not in free:
                free[place] = iter([i for i in (place, *others.get(place, ())) if self.new_of[i] < 0])
            if (i := next(free[place], -1)) >= 0:
                self._take(i, j)

    def _extend(self, old: Sequence[Hashable], new: Sequence[Hashable], step: int) -> None:
        """Pair equal texts that stand beside paired ones, going in one direction."""
        for j in range(len(new)) if step > 0 else range(len(new) - 1, -1, -1):
            before = j - step
            if self.old_of[j] >= 0 or not 0 <= before < len(new) or self.old_of[before] < 0:
                continue
            i = self.old_of[before] + step
            if 0 <= i < len(old) and self.new_of[i] < 0 and old[i] and old[i] == new[j]:
                self._take(i, j)

    def _pair_alike(self, candidates: Iterator[tuple[int, int]]) -> None:
        """Pair what is nearly equal, the most alike first."""
        found: list[_Match] = []
        for i, j in candidates:
            like = self._likeness(self.old_words[i], self.new_words[j])
            if like > 0:
                found.append(_Match(like, -abs(i - j), i, j))
        for match in sorted(found, reverse=True):
            if self.old_of[match.new] < 0 and self.new_of[match.old] < 0:
                self._take(match.old, match.new)

    def _by_phrases(self) -> Iterator[tuple[int, int]]:
        """Texts that are still alone and share words that few others have."""
        places: dict[Hashable, list[int]] = defaultdict(list)
        for i, paired in enumerate(self.new_of):
            if paired < 0:
                for clue in _clues(self.old_words[i]):
                    places[clue].append(i)
        if not places:
            return
        for j, paired in enumerate(self.old_of):
            if paired >= 0:
                continue
            shared: Counter[int] = Counter()
            for clue in _clues(self.new_words[j]):
                holders = places.get(clue, ())
                if len(holders) <= _COMMON:
                    shared.update(holders)
            best = shared.most_common(_CANDIDATES)
            for i, count in best:
                # One that shares far fewer phrases than another is not the one.
                if count * _CLEARLY < best[0][1]:
                    break
                yield i, j

    def _by_place(self) -> Iterator[tuple[int, int]]:
        """Texts that are still alone and stand between the same neighbours: short ones share nothing rare."""
        for j, paired in enumerate(self.old_of):
            if paired >= 0:
                continue
            after = self.old_of[j - 1] + 1 if j and self.old_of[j - 1] >= 0 else (0 if j == 0 else -1)
            before = self.old_of[j + 1] - 1 if j + 1 < len(self.old_of) else len(self.new_of) - 1
            for i in {after, before}:
                if 0 <= i < len(self.new_of) and self.new_of[i] < 0:
                    yield i, j


class _TextsOf(Sequence[str]):
    """The texts of stored lines, none of which is held."""

    def __init__(self, lines: Sequence[tuple[LineId, str]]) -> None:
        self._lines = lines

    def __len__(self) -> int:
        return len(self._lines)

    def __getitem__(self, at: int) -> str:  # pyright: ignore[reportIncompatibleMethodOverride]
        return self._lines[at][1]


class _WordsOf(Sequence[Words]):
    """The words of texts, cut when they are asked for: of most texts nobody asks, for they have not changed."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._known: dict[int, Words] = {}

    def __len__(self) -> int:
        return len(self._texts)

    def __getitem__(self, at: int) -> Words:  # pyright: ignore[reportIncompatibleMethodOverride] (no slices)
        words = self._known.get(at)
        if words is None:
            words = self._known[at] = _words(self._texts[at])
        return words


class _Moves:
    """Where text went that did not stay under its id, told by phrases that two texts hardly share by chance."""

    def __init__(self, pairing: _Pairing, changed_old: Sequence[int], changed_new: Sequence[int]) -> None:
        self._pairing = pairing
        self._size = {i: max(1, len(pairing.old_words[i]) - _LONG_PHRASE + 1) for i in changed_old}
        self._came: dict[int, Counter[int]] = {}
        """For every changed new text, how many phrases came to it from each other stored one."""
        self._length: dict[int, int] = {}
        holder: dict[tuple[str, ...], int] = {}
        for i in changed_old:
            for phrase in _phrases(pairing.old_words[i], _LONG_PHRASE):
                holder[phrase] = i if holder.get(phrase, i) == i else -1
        for j in changed_new:
            phrases = _phrases(pairing.new_words[j], _LONG_PHRASE)
            self._length[j] = max(1, len(phrases))
            came = Counter(holder.get(phrase, -1) for phrase in phrases)
            del came[-1], came[pairing.old_of[j]]
            self._came[j] = came

    def absorbed(self) -> list[tuple[int, int]]:
        """(old, new): the stored text is gone, and what it said stands in the new one, which has another's id."""
        best: dict[int, tuple[int, int]] = {}
        for j, came in self._came.items():
            if self._pairing.old_of[j] < 0:
                continue
            for i, count in came.items():
                if self._pairing.new_of[i] < 0 and self._is_of(i, j, count):
                    best[i] = max(best.get(i, (0, 0)), (count, j))
        return sorted((i, j) for i, (_, j) in best.items())

    def holds(self) -> list[tuple[int, int]]:
        """(new, old): the new text holds a part of a stored one that is not its own."""
        return sorted(
            (j, i)
            for j, came in self._came.items()
            for i, count in came.items()
            if count >= _FEWEST_CONTAINED or self._is_of(i, j, count) or count >= self._length[j] * (1 - _CONTAINED)
        )

    def pieces(self) -> frozenset[int]:
        """New texts without an id that say nothing but what stored ones said."""
        return frozenset(
            j
            for j, came in self._came.items()
            if self._pairing.old_of[j] < 0 and came.total() >= max(self._length[j] * _CONTAINED, 1)
        )

    def _is_of(self, old: int, new: int, count: int) -> bool:
        """Whether so many phrases are the stored text, or the whole of a short one next to its new place."""
        if count >= _FEWEST_ABSORBED:
            return count >= self._size[old] * _ABSORBED
        beside = abs(self._pairing.old_of[new] - old) == 1
        return beside and count >= self._size[old] * _CONTAINED


def _joined_lines(pairing: _Pairing) -> Iterator[tuple[int, int]]:
    """(old, new): a line that is gone was joined to its neighbour."""
    for i, paired in enumerate(pairing.new_of):
        if paired >= 0 or not (words := pairing.old_words[i]):
            continue
        for neighbour in (i - 1, i + 1):
            j = pairing.new_of[neighbour] if 0 <= neighbour < len(pairing.new_of) else -1
            if j < 0:
                continue
            grown = len(pairing.new_words[j]) - len(pairing.old_words[neighbour])
            if grown >= len(words) * _SAME_LINE and _common(words, pairing.new_words[j]) >= len(words) * _SAME_LINE:
                yield i, j
                break


def _words(text: str) -> tuple[str, ...]:
    # Each word is kept once, however many texts hold it.
    return tuple(map(intern, _WORD.findall(text.casefold())))


def _phrases(words: Words, length: int) -> set[tuple[str, ...]]:
    """All runs of so many words; of fewer words the whole."""
    if len(words) < length:
        return {tuple(words)} if words else set()
    return set(zip(*(words[n:] for n in range(length)), strict=False))


def _clues(words: Words) -> set[Hashable]:
    """What a text may be recognised by: its pairs of words, and the words of a short one."""
    return {*words, *_phrases(words, _PHRASE)} if len(words) < _SHORT else {*_phrases(words, _PHRASE)}


def _scene_likeness(old: Words, new: Words) -> float:
    """How alike two scenes are, from 0 to 1; 0 where they are too unlike to be one.

    The share of words that stand in both in the same order (of random English prose that is about a
    third), or the share of the smaller one's four-word phrases that the other has.
    """
    like = _likeness(old, new)
    if min(len(old), len(new)) < _FEW_WORDS:
        return like if like >= _SAME_SCENE else 0.0
    if like >= _NEARLY_SAME_SCENE:
        mine, theirs = _phrases(old, 3), _phrases(new, 3)
        shared = len(mine & theirs) / min(len(mine), len(theirs))
        if shared >= _PHRASES_SHARED[0 if like >= _SAME_SCENE else 1]:
            return like
    mine, theirs = _phrases(old, _LONG_PHRASE), _phrases(new, _LONG_PHRASE)
    fewer = min(len(mine), len(theirs))
    if fewer < _FEWEST_CONTAINED:
        return 0.0
    contained = len(mine & theirs) / fewer
    # A piece of a scene is less like it than any scene that passed the first test.
    return like if contained >= _CONTAINED else 0.0


def _line_likeness(old: Words, new: Words) -> float:
    """How alike two lines are; 0 where they are too unlike to be one."""
    like = _likeness(old, new)
    return like if like >= _SAME_LINE else 0.0


def _likeness(old: Words, new: Words) -> float:
    """Twice the words that stand in both in the same order, over all words."""
    return 2 * _common(old, new) / (len(old) + len(new)) if old and new else 0.0


def _common(old: Words, new: Words) -> int:
    """The length of the longest common subsequence, by bits (Hyyrö 2004)."""
    places: dict[str, int] = defaultdict(int)
    for n, word in enumerate(old):
        places[word] |= 1 << n
    everything = (1 << len(old)) - 1
    row = everything
    for word in new:
        match = row & places.get(word, 0)
        row = ((row + match) | (row - match)) & everything
    return len(old) - row.bit_count()
