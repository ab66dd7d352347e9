"""Lines to look through, and what readers remember of them: generated, or from a kit of one's own.

A question knows which lines answer it: every line that holds the clean fragment. A kit is a folder with a
``corpus.py`` (``dataset(name) -> (lines, …)``), a ``bench.py`` (``gold(name, path) -> (queries, [(numbers, …)])``)
and ``queries/NAME.json``; nothing of it is kept.
"""

from __future__ import annotations

import importlib
import random
import re
import sys
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.ingest.reading import read

ROOT = Path(__file__).resolve().parents[1]
UNKNOWN = "the-bread-ledger"
"""The story of corpus/ that is never indexed: what is remembered of it must not be found."""
MEANT = ("exact", "typo", "misrem", "punct", "keywords", "dialog", "span", "misquote")
"""The kinds of question that count for recall."""
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SHORTEST = 6
_TRIES = 20
_ADDED = ("just", "really", "so", "very", "that", "then", "now", "quite")


@dataclass(frozen=True)
class Question:
    """Words that somebody typed, and the numbers of the lines that they may mean (none: it is in no line)."""

    kind: str
    words: str
    answers: frozenset[int]


def generated(count: int, each: int, seed: int) -> tuple[list[str], list[Question]]:
    """The lines of corpus/ and as many that walk over its words, and ``each`` questions of every kind."""
    chance = random.Random(seed)
    told: list[str] = []
    untold: list[str] = []
    for story in read(ROOT / "corpus"):
        into = untold if story.slug == UNKNOWN else told
        into += [s.text[line.start : line.end] for c in story.chapters for s in c.scenes for line in s.lines]
    real = [line.replace("\n", " ") for line in told]
    lines = [*real, *_walked(real, max(0, count - len(real)), chance)][:count]
    asked = [
        (kind, *damage(*_source(real, kind, chance), chance)) for kind, damage in _DAMAGE.items() for _ in range(each)
    ]
    answers = _holding(lines, [clean for _, _, clean in asked])
    questions = [
        Question(kind, words, frozenset(found)) for (kind, words, _), found in zip(asked, answers, strict=True)
    ]
    for _ in range(2 * each):
        damage = chance.choice(list(_DAMAGE.values()))
        words, _ = damage(*_source(untold, "", chance), chance)
        questions.append(Question("neg", words, frozenset()))
    return lines, questions


def of_kit(folder: Path, name: str) -> tuple[list[str], list[Question]]:
    """A data set of a kit, and its questions."""
    sys.path.insert(0, str(folder))
    dataset: Any = importlib.import_module("corpus")
    runner: Any = importlib.import_module("bench")
    lines = [line.replace("\n", " ") for line in dataset.dataset(name)[0]]
    queries, answers = runner.gold(name, str(folder / "queries" / f"{name}.json"))[:2]
    return lines, [
        Question(query["t"], query["q"], frozenset(found))
        for query, (found, _) in zip(queries, answers, strict=True)
        if not query["t"].startswith("typed")
    ]


def _walked(real: Sequence[str], count: int, chance: random.Random) -> Iterator[str]:
    """Lines that say nothing, most words follow the one before them somewhere in corpus/.

    Some of the long words are made up, so that the vocabulary grows with the library as that of books does.
    """
    after: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    texts = [line.split() for line in real]
    for words in texts:
        for at, word in enumerate(words):
            after[tuple(words[max(0, at - 1) : at])].append(word)
    syllables = [word[:3].lower() for words in texts for word in words if word[:3].isalpha() and len(word) > 4]
    for _ in range(count):
        length = len(chance.choice(texts))
        line: list[str] = []
        while len(line) < length:
            known = after.get(tuple(line[-1:])) or after[()]
            word = chance.choice(known if chance.random() < 0.8 else after[()])
            if len(word) > 5 and chance.random() < 0.4:
                rank = int(chance.paretovariate(0.7)) % 100_000
                word = f"{syllables[rank * 7919 % len(syllables)]}{syllables[rank * 104_729 % len(syllables)]}"
            line.append(word)
        yield " ".join(line)


def _holding(lines: Sequence[str], fragments: Sequence[str]) -> list[set[int]]:
    """For each fragment the lines, or pairs of neighbours, that hold it."""
    plain = [_plain(line) for line in lines]
    text = "\n".join(f" {line} " for line in plain)
    starts: list[int] = []
    at = 0
    for line in plain:
        starts.append(at)
        at += len(line) + 3
    found: list[set[int]] = []
    for fragment in fragments:
        inside: set[int] = set()
        for part in _plain_parts(fragment):
            place = text.find(part)
            while place >= 0:
                inside.add(_index(starts, place))
                place = text.find(part, place + 1)
        found.append(inside)
    return found


def _plain_parts(fragment: str) -> list[str]:
    return [f" {_plain(part)} " for part in fragment.split("\n")]


def _index(starts: Sequence[int], place: int) -> int:
    return bisect_right(starts, place) - 1


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(text.lower()))


def _source(real: Sequence[str], kind: str, chance: random.Random) -> tuple[list[str], list[str]]:
    """The words of a line that is long enough, and those of the one behind it."""
    while True:
        at = chance.randrange(len(real) - 1)
        words, behind = _WORD.findall(real[at]), _WORD.findall(real[at + 1])
        if len(words) >= _SHORTEST and (kind != "span" or len(behind) >= _SHORTEST):
            return words, behind


def _fragment(words: list[str], chance: random.Random) -> list[str]:
    """Four to eight words in a row, at least two of them of some length where the line has such."""
    part = words
    for _ in range(_TRIES):
        length = chance.randint(4, min(8, len(words)))
        start = chance.randint(0, len(words) - length)
        part = words[start : start + length]
        if sum(len(word) > 4 for word in part) > 1:
            break
    return part


def _exact(words: list[str], _: list[str], chance: random.Random) -> tuple[str, str]:
    part = " ".join(_fragment(words, chance))
    return part, part


def _typo(words: list[str], _: list[str], chance: random.Random) -> tuple[str, str]:
    part = _fragment(words, chance)
    wrong = [mistyped(word, chance) if chance.random() < 0.4 else word for word in part]
    return " ".join(wrong).lower(), " ".join(part)


def _misremembered(words: list[str], _: list[str], chance: random.Random) -> tuple[str, str]:
    part = _fragment(words, chance)
    wrong = list(part)
    for _ in range(2):
        at = chance.randrange(len(wrong) - 1)
        match chance.randrange(3):
            case 0 if len(wrong) > 4:
                del wrong[at]
            case 1:
                wrong[at], wrong[at + 1] = wrong[at + 1], wrong[at]
            case _:
                wrong.insert(at, chance.choice(_ADDED))
    return " ".join(wrong).lower(), " ".join(part)


def _marked(words: list[str], _: list[str], chance: random.Random) -> tuple[str, str]:
    part = _fragment(words, chance)
    return ", ".join(part).upper() + " …", " ".join(part)


def _keywords(words: list[str], _: list[str], chance: random.Random) -> tuple[str, str]:
    some = sorted(set(words), key=len, reverse=True)[: chance.randint(3, 5)]
    chance.shuffle(some)
    return " ".join(some).lower(), " ".join(words)


def _span(words: list[str], behind: list[str], chance: random.Random) -> tuple[str, str]:
    left, right = words[-chance.randint(3, 4) :], behind[: chance.randint(3, 4)]
    return " ".join(left + right).lower(), f"{' '.join(words)}\n{' '.join(behind)}"


_DAMAGE: dict[str, Callable[[list[str], list[str], random.Random], tuple[str, str]]] = {
    "exact": _exact,
    "typo": _typo,
    "misrem": _misremembered,
    "punct": _marked,
    "keywords": _keywords,
    "span": _span,
}


def mistyped(word: str, chance: random.Random) -> str:
    """The word with one letter dropped, doubled, swapped or changed."""
    if len(word) < 3:
        return word
    at = chance.randrange(len(word) - 1)
    return chance.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at] * 2 + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + chance.choice("aeinorst") + word[at + 1 :],
        )
    )
