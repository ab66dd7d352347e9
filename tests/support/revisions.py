"""Prose that a generator makes, and a generator of revisions that knows what became of every scene."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from rapidfuzz.distance import Levenshtein

_FUNCTION = (
    "the the the the a a and and and of of to to in in he she it was was had not but on at with for from that "
    "his her they him as were by out up into over if when then"
).split()
_NAMES = "Nettle Peg Oriel Ansel Judit Bram Tobias Wren Marta Silas".split()
_SYLLABLES = "bar den fol gar hin jas kel lom mer nat orn pel quin ras sel tor ull ver wix yar zel ash bro cla".split()


def vocabulary(pick: random.Random, size: int) -> list[str]:
    """Words that do not exist, the commonest first."""
    words: dict[str, None] = {}
    while len(words) < size:
        words["".join(pick.choices(_SYLLABLES, k=pick.choice((1, 2, 2, 3))))] = None
    return list(words)


class Author:
    """Writes scenes in which common words are as common as in English prose, and sentences are built alike."""

    def __init__(self, seed: int) -> None:
        self.pick = random.Random(seed)
        self._words = vocabulary(self.pick, 3000)
        self._weights = list(accumulate(1 / (rank + 8) for rank in range(len(self._words))))

    def scene(self) -> str:
        """A scene of 12 to 900 words, most of them of a few hundred."""
        words = min(900, max(12, int(self.pick.lognormvariate(5, 0.8))))
        paragraphs: list[str] = []
        while words > 0:
            sentences = [self._sentence() for _ in range(self.pick.randint(1, 5))]
            paragraphs.append(" ".join(sentences))
            words -= len(paragraphs[-1].split())
        return "\n\n".join(paragraphs)

    def word(self) -> str:
        """One word, common ones more often."""
        if self.pick.random() < 0.5:
            return self.pick.choice(_FUNCTION)
        return self.pick.choices(self._words, cum_weights=self._weights)[0]

    def _sentence(self) -> str:
        words = [self.word() for _ in range(self.pick.randint(3, 22))]
        if self.pick.random() < 0.4:
            words.insert(0, self.pick.choice(_NAMES))
        text = " ".join(words)
        text = text[0].upper() + text[1:]
        return f"“{text},” said {self.pick.choice(_NAMES)}." if self.pick.random() < 0.25 else f"{text}."


@dataclass(frozen=True, slots=True)
class Successor:
    """A scene of a revised story, and what its author made it of."""

    text: str
    of: tuple[int, ...]
    """Indexes of the former scenes, the one with most words here first; empty: written anew."""
    whole: bool
    """Whether each of them is here with all that is left of it."""


EDITS = ("edit", "move", "split", "merge", "insert", "delete")


def revise(
    scenes: Sequence[str],
    pick: random.Random,
    word: Callable[[], str],
    anew: Iterator[str],
    kinds: Iterable[str] = EDITS,
    rate: float = 0.35,
) -> list[Successor]:
    """A revision in which each kind of edit strikes a scene with the same chance, ``rate`` together.

    Args:
        scenes: the former texts in order.
        pick: what chooses.
        word: makes the words that edits put in.
        anew: scenes of the same kind of prose that the story never had.
        kinds: some of ``EDITS``.
        rate: the share of scenes that is struck.
    """
    kinds = tuple(kinds)
    found: list[Successor] = []
    moved: list[Successor] = []
    at = 0
    while at < len(scenes):
        kind = pick.choice(kinds) if pick.random() < rate else None
        here = Successor(scenes[at], (at,), whole=True)
        at += 1
        match kind:
            case "edit":
                found.append(_edited(here, pick, word, pick.uniform(0, 0.36)))
            case "delete":
                pass
            case "move":
                moved.append(here if pick.random() < 0.5 or "edit" not in kinds else _edited(here, pick, word, 0.1))
            case "insert":
                found += (here, Successor(next(anew), (), whole=False))
            case "split":
                found += _split(here, pick)
            case "merge" if at < len(scenes):
                sizes = [(len(scenes[n].split()), n) for n in (at - 1, at)]
                order = tuple(n for _, n in sorted(sizes, reverse=True))
                found.append(Successor(f"{scenes[at - 1]}\n\n{scenes[at]}", order, whole=True))
                at += 1
            case _:
                found.append(here)
    for scene in moved:
        found.insert(pick.randint(0, len(found)), scene)
    return found


def change(before: str, after: str) -> float:
    """Word-level edit distance, as a share of the longer text's words."""
    return Levenshtein.normalized_distance(before.split(), after.split())


def _edited(scene: Successor, pick: random.Random, word: Callable[[], str], share: float) -> Successor:
    paragraphs = [paragraph.split() for paragraph in scene.text.split("\n\n")]
    if pick.random() < 0.3:
        # A stretch written anew, as one rewrites a paragraph.
        flat = max(paragraphs, key=len)
        length = min(len(flat), int(sum(map(len, paragraphs)) * share))
        start = pick.randint(0, len(flat) - length)
        flat[start : start + length] = [word() for _ in range(length)]
    else:
        for number, words in enumerate(paragraphs):
            out: list[str] = []
            for old in words:
                fate = pick.random()
                if fate >= share / 4:
                    out.append(word() if fate < share * 3 / 4 else old)
                if share * 3 / 4 <= fate < share:
                    out.append(word())
            paragraphs[number] = out or words
    return Successor("\n\n".join(" ".join(words) for words in paragraphs), scene.of, scene.whole)


def _split(scene: Successor, pick: random.Random) -> list[Successor]:
    words = scene.text.split(" ")
    if len(words) < 8:
        return [scene]
    cut = pick.randint(len(words) // 5 + 1, len(words) * 4 // 5)
    return [Successor(" ".join(part), scene.of, whole=False) for part in (words[:cut], words[cut:])]
