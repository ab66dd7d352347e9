"""Which places in a text are scene breaks.

A line of ornaments is one. Blank lines are doubtful: authors also leave them where a line was lost
or where they paused for effect, so a file is trusted with them only as far as its own habits allow.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from bot.domain.dialogue import Marks, marks_of, speeches
from bot.domain.story import Emphasis

_MAX_MARK = 80
_MAX_NAMED = 32
"""Longer than any mark in words, such as "insert page break here"."""
_NEVER_FIRST = frozenset('"“”„«»¿¡')

_LETTERLESS = re.compile(r"[\W_]+")
_TABLE = re.compile(r"\|(?:\s*:?-{2,}:?\s*\|)+")
"""The line below a table's head, in Markdown."""
_HEARTS = re.compile(r"(?:<3[\s~*_-]*){2,}")
_SAID = re.compile('[?!"“”„«»¿¡‽]')
_SILENCE = re.compile(r"(?!\. \. \.|[.:]{1,2}\Z|\.:\.|:{3,})[.,;:…'‘’()\[\]\s]+")
_NAMED = re.compile(
    r"[\W_]*(?:<hr\b[^>]{0,60}>|<(?:center|p align=.?center.?)>[\W_]{1,40}</(?:center|p)>|(?:scene"
    r"|page|line|section|chapter|pov|time)[ -]?(?:break|change"
    r"|divider|skip|jump|cut)s?(?: here)?"
    r"|insert (?:line|page|scene) ?break(?: here)?)[\W_]*|[\W_]+(?:scene|break|line|ruler|divider|cut)[\W_]+"
    r"|(?:horizontal|page) (?:ruler?|line)",
    re.IGNORECASE,
)
_LETTERED = re.compile(r"[\W_]*[ox0](?:[ox0]|[\W_])*", re.IGNORECASE)

_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][a-z]{2,}")
_WORD = re.compile(r"[A-Z][a-z]{2,}")

_REGULAR = 0.66
"""A file's blank lines mean something only if this share of its paragraphs is parted alike."""
_PARAGRAPHS_A_BREAK = 5
"""Blank-line runs that come more often than this are spacing, not breaks, unless they come evenly."""
_SHORT_SCENE = 3
"""The fewest paragraphs of every scene, where blank lines come often."""
_UNEVEN = 5
"""How many times as long as the shortest the longest of short scenes may be."""
_ODD = 0.34
"""Where more of its runs stand inside talk or round an inset, a file's other runs are not trusted either."""
_INSET = 600
"""Code points between two runs below which they are taken to frame an inset rather than a scene."""
_WINDOW = 1200
"""Code points on each side of a run that are searched for whose scene it is."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of a source, in display form, before it is known what it is."""

    text: str
    line: int
    """1-based line of its first word in the source."""
    gap: int = 1
    """Blank lines that stand before it."""
    emphasis: tuple[Emphasis, ...] = ()
    heading: int = 0
    """1 for a heading of the highest level, 0 where the source does not say that it is a heading."""
    mark: bool = False
    """Whether it is a scene break; ``text`` is what the author put there."""


class BlankRuns(NamedTuple):
    """Indexes of the blocks before which more blank lines stand than usual."""

    taken: tuple[int, ...]
    """Those that are scene breaks."""
    doubted: tuple[int, ...]
    """Those that are not, as far as can be told."""


def is_mark(text: str) -> bool:
    """Whether a paragraph is nothing but a scene break: ``* * *``, ``oOo``, ``⁂``, ``<hr>``, …

    Exclamations, question marks and close dots by themselves are silences that somebody keeps.
    """
    if (
        len(text) > _MAX_MARK
        or text[:1] in _NEVER_FIRST
        or (len(text) > _MAX_NAMED and text[0].isalpha() and text[0] not in "oOxX")
    ):
        return False
    if _LETTERLESS.fullmatch(text):
        if text[0] == "|" and _TABLE.fullmatch(text):
            return False
        return not _SAID.search(text) and not _SILENCE.fullmatch(text)
    if not _LETTERED.fullmatch(text):
        return _NAMED.fullmatch(text) is not None or _HEARTS.fullmatch(text) is not None
    if _SAID.search(text):
        return False
    # oOo, xXx, xoxo stand by themselves; fewer letters, or digits alone, only between ornaments.
    letters = [char for char in text if char.isalnum()]
    return (len(letters) > 2 and set(letters) != {"0"}) or not (text[0].isalnum() or text[-1].isalnum())


def blank_runs(blocks: Sequence[Block]) -> BlankRuns:
    """Judge the runs of blank lines in one file.

    A run is a break where the file parts its paragraphs regularly, uses runs of one length and
    rarely, and keeps them out of continuous talk. Elsewhere only a change of the person whom the
    narration follows makes it one.
    """
    pairs = [i for i in range(1, len(blocks)) if _is_prose(blocks[i - 1]) and _is_prose(blocks[i])]
    gaps = Counter(blocks[i].gap for i in pairs)
    if not gaps:
        return BlankRuns((), ())
    usual, times = gaps.most_common(1)[0]
    runs = [i for i in pairs if blocks[i].gap > usual]
    if not runs or times < _REGULAR * len(pairs):
        # Spacing without a habit says nothing; only where there are two kinds and one is rarer may it be meant.
        return BlankRuns((), tuple(runs) if len(gaps) == 2 and len(runs) * 2 <= len(pairs) else ())
    marks = marks_of(block.text for block in blocks)
    even = _are_even(blocks, runs)
    odd = set[int]() if even else _insets(blocks, runs)
    odd |= {i for i in runs if _goes_on(blocks[i - 1].text, blocks[i].text, marks)}
    trusted = (
        len({blocks[i].gap for i in runs}) == 1
        and len(odd) <= _ODD * len(runs)
        and (even or len(runs) * _PARAGRAPHS_A_BREAK <= len(blocks))
        and not any(block.mark for block in blocks)
    )
    names = names_in(blocks)
    taken = tuple(i for i in runs if (trusted and i not in odd) or _follows_another(blocks, i, marks, names))
    return BlankRuns(taken, tuple(i for i in runs if i not in taken))


def _are_even(blocks: Sequence[Block], runs: Sequence[int]) -> bool:
    """Whether the runs part the text into pieces of several paragraphs and of like length, as short scenes are."""
    edges = [i for i, block in enumerate(blocks) if not _is_prose(block)]
    cuts = sorted({0, *runs, *edges, *(i + 1 for i in edges), len(blocks)})
    pieces = [blocks[first:second] for first, second in pairwise(cuts) if _is_prose(blocks[first])]
    lengths = [sum(len(block.text) for block in piece) for piece in pieces]
    return min(map(len, pieces)) >= _SHORT_SCENE and max(lengths) <= _UNEVEN * min(lengths)


def _insets(blocks: Sequence[Block], runs: Sequence[int]) -> set[int]:
    """Runs that stand round something short: a letter, a verse, an inscription."""
    insets: set[int] = set()
    for first, second in pairwise(runs):
        if sum(len(block.text) for block in blocks[first:second]) < _INSET:
            insets |= {first, second}
    return insets


def _goes_on(before: str, after: str, marks: Marks) -> bool:
    """Whether talk, a verse or a sentence plainly goes on across a run."""
    if "\n" in before or "\n" in after or (after[0].islower() and before[-1] not in ".!?"):
        return True
    return _has_speech(before, marks) and _starts_speech(after, marks)


def _is_prose(block: Block) -> bool:
    return not block.mark and not block.heading


def _has_speech(text: str, marks: Marks) -> bool:
    return bool(speeches(text, 0, len(text), marks))


def _starts_speech(text: str, marks: Marks) -> bool:
    spoken = speeches(text, 0, len(text), marks)
    return bool(spoken) and spoken[0].start == 0


def names_in(blocks: Sequence[Block]) -> frozenset[str]:
    """Words that stand capitalised in the middle of a sentence."""
    return frozenset(word for block in blocks for word in _NAME.findall(block.text))


def cast_around(
    blocks: Sequence[Block], at: int, marks: Marks, names: frozenset[str]
) -> tuple[Counter[str], Counter[str]]:
    """Who is named in the narration before and after the block at ``at``, and how often."""
    before = _cast(blocks, range(at - 1, -1, -1), marks, names)
    return before, _cast(blocks, range(at, len(blocks)), marks, names)


def _follows_another(blocks: Sequence[Block], run: int, marks: Marks, names: frozenset[str]) -> bool:
    """Whether the narration follows one person before a run and, without that one, another after it."""
    before, after = cast_around(blocks, run, marks, names)
    if not before or not after:
        return False
    (old, seen), (new, met) = before.most_common(1)[0], after.most_common(1)[0]
    return seen >= 3 and met >= 3 and not after[old] and before[new] * 4 <= met


def _cast(blocks: Sequence[Block], indexes: range, marks: Marks, names: frozenset[str]) -> Counter[str]:
    """How often each name stands in the narration, from a run to the next break or the window's end."""
    cast: Counter[str] = Counter()
    seen = 0
    for i in indexes:
        if not _is_prose(blocks[i]) or seen > _WINDOW:
            break
        text = blocks[i].text
        seen += len(text)
        at = 0
        for speech in speeches(text, 0, len(text), marks):
            cast.update(word for word in _WORD.findall(text, at, speech.start) if word in names)
            at = speech.end
        cast.update(word for word in _WORD.findall(text, at) if word in names)
    return cast
