"""Marks that part no scenes: rules round a letter or a cutting, and ornaments that only space a text out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

from bot.domain.breaks import Block

_LONGEST_INSET = 2500
_SHORT_INSET = 800
_INTRODUCES = re.compile(
    r"\b(?:read|reads|reading|wrote|written|writes|letter|note|headline|article|paper|page|sign"
    r"|screen|message|text|texts|e-?mail|telegram|newspaper|newspapers|magazine|gazette|pamphlet|leaflet|memo|"
    r"notice|poster|placard|bulletin|clipping|cutting|inscription|card|plaque|report|said|says|entry|diary|journal"
    r"|list|scroll|parchment|book|post|tweet)\b",
    re.IGNORECASE,
)
_OPENS = re.compile(
    r"(?:(?:My )?Dear(?:est)?\b|To(?: whom|:)|From:|Subject:|Re:|Date:|FAO\b|WANTED|NOTICE|URGENT"
    r"|MEMO|[A-Z][A-Z'’ ,:!&-]{9,}(?:$|\n)|P\.?S\.)"
)
_SURE = 3
_SPACING_SHARE = 0.6
_FEWEST_SPACED = 12


def without_insets(
    blocks: Sequence[Block], kinds: Mapping[str, int] | None = None
) -> tuple[list[Block], tuple[int, ...]]:
    """A chapter's blocks without the marks that frame an inset or stand between all of its paragraphs.

    Args:
        blocks: the chapter's.
        kinds: how often each mark stands in the whole file, whose habit counts; in the chapter if None.

    Returns:
        The blocks; and the source lines of the marks that were taken out.
    """
    marks = [i for i, block in enumerate(blocks) if block.mark]
    if not marks:
        return list(blocks), ()
    out = _spacing(blocks, marks)
    kinds = kinds or Counter(blocks[i].text for i in marks)
    for first, second in pairwise(marks):
        if first in out or second in out or second - first < 2 or first == 0 or second == len(blocks) - 1:
            continue
        if _frames(blocks, first, second, kinds):
            out |= {first, second}
    if not out:
        return list(blocks), ()
    return [block for i, block in enumerate(blocks) if i not in out], tuple(blocks[i].line for i in sorted(out))


def _spacing(blocks: Sequence[Block], marks: Sequence[int]) -> set[int]:
    """Marks that stand between nearly all paragraphs, which nobody means as scenes."""
    paragraphs = len(blocks) - len(marks)
    if paragraphs < _FEWEST_SPACED or len(marks) < _SPACING_SHARE * paragraphs:
        return set()
    text, times = Counter(blocks[i].text for i in marks).most_common(1)[0]
    if times < _SPACING_SHARE * paragraphs or text.startswith("#" * 6):
        return set()
    return {i for i in marks if blocks[i].text == text}


def _frames(blocks: Sequence[Block], first: int, second: int, kinds: Mapping[str, int]) -> bool:
    """Whether two marks stand round something that the narration shows, such as a letter."""
    inside = blocks[first + 1 : second]
    before = blocks[first - 1]
    if before.mark or blocks[second + 1].mark or blocks[first].text != blocks[second].text:
        return False
    if any(block.mark for block in inside) or sum(len(block.text) for block in inside) > _LONGEST_INSET:
        return False
    ending = before.text[-160:]
    sure = 0
    if ending.rstrip().endswith(":"):
        sure += 3
    elif _INTRODUCES.search(ending):
        sure += 1
    if _OPENS.match(inside[0].text.lstrip("*_ ")):
        sure += 2
    if all(
        block.emphasis and sum(run.end - run.start for run in block.emphasis) > 0.8 * len(block.text)
        for block in inside
    ):
        sure += 1
    if len(kinds) > 1 and (kinds[blocks[first].text] < max(kinds.values()) or _in_pairs(blocks, blocks[first].text)):
        sure += 1
    return sure >= _SURE


def _in_pairs(blocks: Sequence[Block], text: str) -> bool:
    """Whether marks of one kind, those at a chapter's edges aside, always stand round something short."""
    at = [i for i in range(1, len(blocks) - 1) if blocks[i].mark and blocks[i].text == text]
    if len(at) % 2:
        return False
    pairs = zip(at[::2], at[1::2], strict=True)
    return all(sum(len(block.text) for block in blocks[i + 1 : j]) <= _SHORT_INSET for i, j in pairs)
