"""Writes story text in Discord's Markdown: emphasis kept, everything else literal.

What is written can be read back exactly: a backslash before punctuation stands for that character,
any other asterisk is emphasis, and the zero-width spaces (story text never has one) part two runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from bot.domain.story import Emphasis

# A colon begins an emoji's name (Discord shows :fire: of a bot as the emoji) or a bare address, in which
# Discord would show our backslashes: prose has no links.
_SPECIAL = re.compile(r"[\\*_~`|<\[\]@]|:(?=//|[\w+-]+:)")
_LINE_START = re.compile(r"^([ ]*)(?:([#>+-])|(\d+)([.)]))", re.MULTILINE)
_ZERO_WIDTH_SPACE = "\u200b"

_ITALIC = 1
_BOLD = 2


def escape(text: str) -> str:
    """``text`` so that Discord shows just its characters: no markup, mention, emoji, link or list."""
    escaped = _SPECIAL.sub(r"\\\g<0>", text)
    return _LINE_START.sub(_escape_line_start, escaped)


def write(
    text: str,
    emphasis: Iterable[Emphasis],
    start: int = 0,
    end: int | None = None,
    *,
    highlight: tuple[int, int] | None = None,
) -> str:
    """``text[start:end]`` without white space at its edges, emphasised, ``highlight`` in bold.

    All offsets count into ``text``. Emphasis that a cut divides is closed and opened again.
    """
    end = len(text) if end is None else end
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    styles = _styles(emphasis, highlight, start, end)
    out: list[str] = []
    open_before = 0
    for left, right, style in styles:
        for piece_start, piece_end in _within_lines(text, left, right):
            piece = text[piece_start:piece_end]
            core = piece.strip()
            if not core:
                out.append(piece)
                open_before = 0
                continue
            at = piece.index(core)
            marker = "*" * style
            if at:
                out.append(piece[:at])
            elif open_before and style:
                out.append(_ZERO_WIDTH_SPACE)
            # Discord parses the inside of emphasis anew, so every run may begin like a line.
            out.append(f"{marker}{escape(core)}{marker}")
            out.append(piece[at + len(core) :])
            open_before = style if at + len(core) == len(piece) else 0
    return "".join(out)


def _escape_line_start(match: re.Match[str]) -> str:
    indent, mark, digits, after = match.groups()
    return f"{indent}\\{mark}" if mark else f"{indent}{digits}\\{after}"


def _styles(
    emphasis: Iterable[Emphasis], highlight: tuple[int, int] | None, start: int, end: int
) -> list[tuple[int, int, int]]:
    """The span as runs of one style each; the style is the number of asterisks."""
    runs = [(e.start, e.end, _ITALIC * e.italic | _BOLD * e.bold) for e in emphasis]
    if highlight is not None:
        runs.append((*highlight, _BOLD))
    runs = [(max(a, start), min(b, end), style) for a, b, style in runs if a < end and b > start]
    edges = sorted({start, end, *(a for a, _, _ in runs), *(b for _, b, _ in runs)})
    found: list[tuple[int, int, int]] = []
    for left, right in pairwise(edges):
        style = 0
        for a, b, s in runs:
            if a <= left and right <= b:
                style |= s
        found.append((left, right, style))
    return found


def _within_lines(text: str, start: int, end: int) -> Iterable[tuple[int, int]]:
    """The span cut around its newlines: emphasis never spans one."""
    at = start
    for match in re.finditer(r"\n+", text[start:end]):
        if at < start + match.start():
            yield at, start + match.start()
        yield start + match.start(), start + match.end()
        at = start + match.end()
    if at < end:
        yield at, end
