"""How a plain file sets its paragraphs: wrapped at a width or not, parted by blank lines or not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.ingest.header import Run

_MAX_WIDTH = 140
"""Nobody wraps text wider than this by hand or program; longer lines are whole paragraphs."""
_FULL_SHARE = 0.5
"""A file is wrapped if the next word would not have fitted on this share of its lines."""
_SLACK = 0.08
"""How much of the width a line may fall short and still count as full."""
_PARTED_SHARE = 0.5
_SHORT_LINE = 70
_VERSE_LINE = 55

_END = 6
"""How many characters at the end of a line are looked at."""

_OPENS_SPEECH = re.compile(r"[\"“„«「]|['‘]\w|[—–] ?\w")
_ENDS_SENTENCE = re.compile(r"[.!?…:][\"'”’»)*_\]]*\Z|[—–-][\"”’'»]\Z|[\"”»]\Z")
_STARTS_LOWER = re.compile(r"[\W_]*[^\W\d_A-Z]")
_UNDERLINE = re.compile(r"\s*(?:-{3,}|={3,}|~{3,}|_{3,})\s*")
_HYPHENATED = re.compile(r"[^\W\d_]-\Z|[^\s—–-](?:--|[—–])\Z")


class Layout(NamedTuple):
    """The habits of one file."""

    width: int
    """The width at which its lines are wrapped; 0 where they are not."""
    parted: bool
    """Whether blank lines stand between paragraphs."""
    indented: bool
    """Whether paragraphs begin with an indented line."""


def layout_of(lines: Sequence[str], runs: Sequence[Run]) -> Layout:
    """Judge the habits of a file by all of its runs of lines."""
    lengths: list[tuple[int, int]] = []
    indents = unindented = 0
    for run in runs:
        for i in range(run.start, run.end - 1):
            following = lines[i + 1].split(None, 1)[0]
            lengths.append((len(lines[i].rstrip()), len(following)))
        for i in range(run.start, run.end):
            if lines[i][0].isspace():
                indents += 1
            else:
                unindented += 1
    width = _width(lengths)
    single = sum(1 for run in runs if run.end - run.start == 1)
    parted = bool(width) or single >= _PARTED_SHARE * len(runs)
    if width:
        # A wrapped file without blank lines has runs of many paragraphs.
        parted = len(runs) * 40 > unindented + indents
    return Layout(width, parted, 0 < indents < unindented * 2 and indents * 3 > len(runs))


def _width(lengths: Sequence[tuple[int, int]]) -> int:
    """The width of wrapping, from length and next word of all lines but the last of each run."""
    if not lengths:
        return 0
    ordered = sorted(length for length, _ in lengths)
    width = ordered[min(len(ordered) - 1, int(len(ordered) * 0.98))]
    if width > _MAX_WIDTH:
        return 0
    full = sum(1 for length, following in lengths if length + 1 + following > width * (1 - _SLACK))
    return width if full >= _FULL_SHARE * len(lengths) and width > 30 else 0


def paragraphs(lines: Sequence[str], run: Run, layout: Layout) -> Iterator[tuple[int, str]]:
    """The paragraphs of one run: the index of the first line, and the text with wrapping undone.

    Verse keeps its lines as single newlines.
    """
    if run.end - run.start == 1:
        yield run.start, lines[run.start].strip()
        return
    if layout.width:
        yield from _wrapped(lines, run, layout)
        return
    texts = [line.strip() for line in lines[run.start : run.end]]
    short = all(len(text) <= _SHORT_LINE for text in texts)
    if layout.parted and short and not any(_OPENS_SPEECH.match(text) for text in texts):
        yield run.start, "\n".join(texts)
        return
    yield from ((run.start + i, text) for i, text in enumerate(texts))


def _wrapped(lines: Sequence[str], run: Run, layout: Layout) -> Iterator[tuple[int, str]]:
    texts = [line.strip() for line in lines[run.start : run.end]]
    limit = layout.width * (1 - _SLACK)
    full = [
        len(lines[run.start + i].rstrip()) + 1 + len(texts[i + 1].split(None, 1)[0]) > limit
        for i in range(len(texts) - 1)
    ]
    verse = not any(full) and layout.parted
    begun = 0
    parts = [texts[0]]
    for i, filled in enumerate(full, 1):
        join = _joint(lines[run.start + i], texts[i - 1], texts[i], filled, verse, layout)
        if join is None:
            yield run.start + begun, "".join(parts)
            begun, parts = i, [texts[i]]
        else:
            parts += (join, texts[i])
    yield run.start + begun, "".join(parts)


def _joint(line: str, before: str, after: str, filled: bool, verse: bool, layout: Layout) -> str | None:
    """What stands between two lines of a wrapped run; None where a new paragraph begins."""
    ends = _ENDS_SENTENCE.search(before[-_END:]) is not None
    if layout.indented and line[0].isspace():
        return None
    if filled:
        return "" if before[-1] in "-–—" and after[0].islower() and _HYPHENATED.search(before[-_END:]) else " "
    if ends and (not layout.parted or not verse or _OPENS_SPEECH.match(after)):
        return None
    if not layout.parted and not _STARTS_LOWER.match(after):
        return None
    if verse and not (_STARTS_LOWER.match(after) and len(before) > layout.width * 0.6):
        return "\n"
    return "\n" if not _STARTS_LOWER.match(after) and len(before) < layout.width * 0.6 else " "


def is_verse(texts: Sequence[str]) -> bool:
    """Whether the lines of one paragraph are verse: short, capitalised, mostly not whole sentences."""
    if len(texts) < 3 or any(len(text) > _VERSE_LINE for text in texts):
        return False
    capitals = sum(1 for text in texts if not _STARTS_LOWER.match(text) and not text[:1].isdigit())
    sentences = sum(1 for text in texts if _ENDS_SENTENCE.search(text[-_END:]))
    return capitals >= 0.8 * len(texts) and sentences <= 0.5 * len(texts)


def is_underline(paragraph: Sequence[str], rule: str) -> bool:
    """Whether a rule stands directly under a title rather than between scenes."""
    if len(paragraph) != 1 or not _UNDERLINE.fullmatch(rule):
        return False
    title = paragraph[0].strip()
    return len(title) <= _SHORT_LINE and title[-1:] not in '.!?…"”’,;:—–-'
