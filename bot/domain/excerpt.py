"""Cuts text to a limit: at a paragraph, else at a line, else at a space, else between graphemes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from math import ceil

import regex

Width = Callable[[int, int], int]
"""Length of ``text[start:end]`` as it will be sent (markup and escapes included, white space at its
edges left out, as Discord trims it), in whatever unit the limit counts. Never shrinks when the span
grows."""

_PARAGRAPH = regex.compile(r"\n\n")
_SPACE = regex.compile(r"\s+")
_ON_SPACE = regex.compile(r"[\p{GCB=Extend}\p{GCB=ZWJ}\p{GCB=SpacingMark}]")
"""Signs that are one character with the space before them."""
_GRAPHEME = regex.compile(r"\X")

_SHORT = 0.45
"""A cut at a better kind of place is taken only if it leaves at least this share of the aim."""


def parts(text: str, *, limit: int, width: Width, line_ends: Sequence[int] = ()) -> list[tuple[int, int]]:
    """Cut ``text`` into spans of at most ``limit``, of about equal size.

    The spans partition the text: each starts where the one before it ends. White space at a cut
    stays at the end of the earlier span.

    Args:
        text: what to cut; empty text has no parts.
        limit: the most that ``width`` may say of one span.
        width: see ``Width``.
        line_ends: offsets after which a sentence or turn of speech is over, ascending.

    Raises:
        ValueError: a single grapheme is wider than the limit.
    """
    spans: list[tuple[int, int]] = []
    start, end = 0, len(text)
    while start < end:
        left = width(start, end)
        if left <= limit:
            spans.append((start, end))
            break
        # The rest is shared out evenly, with room to reach the next good place, so that no
        # instalment ends in a two-word message.
        aim = min(limit, int(left / ceil(left / limit) * 1.2))
        cut = _best_cut(text, start, aim, width, line_ends)
        if cut is None:
            cut = _best_cut(text, start, limit, width, line_ends) or _between_graphemes(text, start, limit, width)
        spans.append((start, cut))
        start = cut
    return spans


def opening(text: str, limit: int) -> str:
    """The first words of ``text`` in at most ``limit`` code points, an ellipsis where it goes on."""
    flat = " ".join(text.split())
    if len(flat) <= limit:
        return flat
    head = flat[:limit]
    space = head.rfind(" ")
    if space >= limit // 2:
        return head[:space].rstrip(" ,;:.–—-") + "…"
    end = 0
    for grapheme in _GRAPHEME.finditer(flat):
        if grapheme.end() >= limit:
            break
        end = grapheme.end()
    return flat[:end] + "…"


def _reach(text: str, start: int, limit: int, width: Width) -> int:
    """The largest end such that ``text[start:end]`` fits."""
    low, high = start, min(len(text), start + limit)
    while low < high:
        middle = (low + high + 1) // 2
        if width(start, middle) <= limit:
            low = middle
        else:
            high = middle - 1
    return low


def _best_cut(text: str, start: int, limit: int, width: Width, line_ends: Sequence[int]) -> int | None:
    reach = _reach(text, start, limit, width)
    enough = start + int((reach - start) * _SHORT)
    # A paragraph that ends exactly at the reach is whole: its break may lie just beyond.
    beyond = min(len(text), reach + 2)
    paragraph = max((m.end() for m in _PARAGRAPH.finditer(text, start, beyond)), default=start)
    if paragraph > enough:
        return paragraph
    first, last = bisect_right(line_ends, start), bisect_right(line_ends, reach)
    if last > first and line_ends[last - 1] > enough:
        return _after_space(text, line_ends[last - 1])
    spaces = (m.end() for m in _SPACE.finditer(text, start, reach))
    space = max((end for end in spaces if not _ON_SPACE.match(text, end)), default=start)
    return space if space > enough else None


def _after_space(text: str, at: int) -> int:
    gap = _SPACE.match(text, at)
    return gap.end() if gap and not _ON_SPACE.match(text, gap.end()) else at


def _between_graphemes(text: str, start: int, limit: int, width: Width) -> int:
    reach = _reach(text, start, limit, width)
    ends = [start]
    for grapheme in _GRAPHEME.finditer(text, start):
        if grapheme.end() > reach:
            break
        ends.append(grapheme.end())
    cut = ends[bisect_left(ends, reach + 1) - 1]
    if cut == start:
        raise ValueError("one grapheme is wider than the limit")
    return cut
