"""Turns the paragraphs of a chapter into its scenes and their lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.domain.breaks import Block, blank_runs, is_mark
from bot.domain.dialogue import Marks
from bot.domain.languages import ENGLISH
from bot.domain.lines import lines_of
from bot.domain.story import Emphasis, Scene

_PARAGRAPH_END = "\n\n"
_MAX_UNITS = 80
_UNITS = re.compile(
    r"[\W_]*(?!(?:HA|HE|HO|LA|NA|AH|HI|HEE|NO|GO|YES)+\b)([A-Z][A-Za-z0-9]{1,7})(?:[ ~*_-]*\1){2,}[\W_]*|([A-Z])\2{7,}"
)
"""Letters of a show or a couple in a row (``BTVSBTVSBTVS``): a mark where the same row recurs."""
_SINGLE = re.compile(r"[oOxX]{1,2}|0{1,4}|LINE|BREAK|SCENE|!{3,}")
"""Too little to be a mark by itself: one where it recurs, standing alone each time."""
_DOTS = re.compile(r"…|(?:\. ?){3,}")
"""A silence, or a mark where it recurs outside of talk."""
_QUOTES = frozenset("\"“”„«»‘’'")
_KISSES = re.compile(r"x(?:\s?x){1,11}|(?:xo){1,6}x?", re.IGNORECASE)
_SIGNED = re.compile(r"[-–—~]{0,2}\s?(?:[^\W\d_]\.|[^\W\d_][\w'’-]*(?: [^\W\d_][\w'’-]*){0,2}),?")
_SIGNING = re.compile(
    r"(?:all my |with |much |lots of )?(?:love|yours|hugs|kisses|your (?:loving|own|ever) \w+)\b.{0,30}", re.IGNORECASE
)
_MAX_SIGNED = 30


def with_marks(blocks: Iterable[Block]) -> list[Block]:
    """The blocks, those that are nothing but ornaments marked as scene breaks."""
    found = list(blocks)
    units = Counter(
        block.text
        for block in found
        if len(block.text) <= _MAX_UNITS and (_UNITS.fullmatch(block.text) or _SINGLE.fullmatch(block.text))
    )
    dots = {
        i
        for i, block in enumerate(found)
        if not block.mark and len(block.text) < 12 and _DOTS.fullmatch(block.text) and not _in_talk(found, i)
    }
    if len(dots) < 2:
        dots.clear()
    marked = [
        replace(block, mark=True)
        if not (block.heading or block.mark) and (units.get(block.text, 0) > 1 or i in dots or is_mark(block.text))
        else block
        for i, block in enumerate(found)
    ]
    texts = Counter(block.text for block in marked if block.mark)
    if len(texts) < 2:
        return marked
    return [
        replace(block, mark=False)
        if block.mark and texts[block.text] == 1 and not found[i].mark and _are_kisses(marked, i)
        else block
        for i, block in enumerate(marked)
    ]


def _in_talk(blocks: Sequence[Block], at: int) -> bool:
    """Whether somebody speaks directly before or after a paragraph, or it stands at the edge of all."""
    if not 0 < at < len(blocks) - 1:
        return True
    before, after = blocks[at - 1].text.rstrip(), blocks[at + 1].text
    return before[-1:] in _QUOTES or after[:1] in _QUOTES


def _are_kisses(blocks: Sequence[Block], at: int) -> bool:
    """Whether a row of crosses and rings stands beside the name with which a letter is signed."""
    if not _KISSES.fullmatch(blocks[at].text):
        return False
    after = blocks[at + 1] if at + 1 < len(blocks) else None
    if after and not after.mark and len(after.text) <= _MAX_SIGNED and _SIGNED.fullmatch(after.text):
        return all(word[0].isupper() for word in re.findall(r"[^\W\d_][\w'’-]*", after.text))
    before = blocks[at - 1] if at else None
    return before is not None and len(before.text) <= 2 * _MAX_SIGNED and _SIGNING.match(before.text) is not None


def with_blank_breaks(chapters: Sequence[Sequence[Block]]) -> tuple[list[list[Block]], tuple[int, ...]]:
    """The chapters of one file with marks where runs of blank lines part scenes.

    Args:
        chapters: all chapters of the file, because a doubtful break is judged by the file's habits.

    Returns:
        The chapters; and the source lines of the runs that were not taken for breaks.
    """
    apart = Block("", 0, heading=1)
    flat = [block for chapter in chapters for block in (apart, *chapter)]
    runs = blank_runs(flat)
    taken = frozenset(runs.taken)
    marked: list[list[Block]] = []
    for i, block in enumerate(flat):
        if block is apart:
            marked.append([])
            continue
        if i in taken:
            marked[-1].append(Block("\n" * block.gap, block.line - 1, mark=True))
        marked[-1].append(block)
    return marked, tuple(flat[i].line for i in runs.doubted)


def scenes_of(
    blocks: Iterable[Block], marks: Marks | None = None, *, language: str = ENGLISH, judge: bool = True
) -> tuple[Scene, ...]:
    """The scenes of one chapter; marks at its edges and marks in a row part nothing.

    Args:
        blocks: the chapter's paragraphs and marks, as ``with_marks`` and ``with_blank_breaks`` find them.
        marks: the marks that the story puts round speech; judged scene by scene if not given.
        language: what the story is written in, as ``languages.language_of`` names it.
        judge: whether lines are judged quotable; if not, all that may be are, for ``choosy`` to choose.
    """
    scenes: list[Scene] = []
    paragraphs: list[Block] = []
    marker = ""
    for block in blocks:
        if not block.mark:
            paragraphs.append(block)
            continue
        if paragraphs:
            scenes.append(_scene(paragraphs, marker if scenes else "", marks, language, judge))
            paragraphs = []
            marker = block.text
    if paragraphs:
        scenes.append(_scene(paragraphs, marker if scenes else "", marks, language, judge))
    return tuple(scenes)


def _scene(paragraphs: Sequence[Block], marker: str, marks: Marks | None, language: str, judge: bool) -> Scene:
    text = _PARAGRAPH_END.join(block.text for block in paragraphs)
    emphasis: list[Emphasis] = []
    at = 0
    for block in paragraphs:
        emphasis += (replace(run, start=run.start + at, end=run.end + at) for run in block.emphasis)
        at += len(block.text) + len(_PARAGRAPH_END)
    return Scene(
        text=text,
        lines=lines_of(text, marks, language=language, judge=judge),
        emphasis=tuple(emphasis),
        marker=marker,
        source_line=paragraphs[0].line,
        paragraph_lines=tuple(block.line for block in paragraphs),
    )
