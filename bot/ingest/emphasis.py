"""Emphasis marks of Markdown and of plain text, read into offset runs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from markdown_it import MarkdownIt

from bot.domain.story import Emphasis

_PARSER = MarkdownIt("zero").enable(["emphasis", "escape"])
"""Everything but emphasis and backslash escapes is literal text."""

_LONGEST = 50_000
"""A longer paragraph is no prose: it is left as it stands, so that a flood of marks costs nothing."""
_MOST_MARKS = 1000
_SPECIAL = re.compile(r"[*_\\]")
_HIDDEN_LETTERS = re.compile(r"(?<!\S)[^\s*\\]*[^\W_]\*+[^\W_][^\s*]*(?!\S)")
"""A word with one run of asterisks between its letters (``f**k``), which CommonMark might pair up."""
_BETWEEN_DIGITS = re.compile(r"(?<=\d)\*(?=\d)")
_PLAIN_MARK = re.compile(r"(?<![*_])(?:\*{1,3}|_{1,3})(?![*_])")

_Piece = tuple[str, bool, bool]
"""Text, whether it is italic, whether it is bold."""


def read_markdown(source: str) -> tuple[str, tuple[Emphasis, ...]]:
    r"""One paragraph of Markdown as plain text and its emphasis.

    Asterisks that are no emphasis stay (``5 * 3``), also those that hide letters of a word.
    """
    if len(source) > _LONGEST or not _SPECIAL.search(source) or _is_flood(source):
        return source, ()
    if "*" in source:
        source = _BETWEEN_DIGITS.sub(r"\\\g<0>", source)
        source = _HIDDEN_LETTERS.sub(lambda word: word[0].replace("*", "\\*"), source)
    return joined(_markdown_pieces(source))


def read_plain(source: str) -> tuple[str, tuple[Emphasis, ...]]:
    """One paragraph of plain text with ``*stars*`` or ``_underscores_`` as plain text and its emphasis.

    Only marks around whole words count; a backslash is a backslash.
    """
    if ("*" not in source and "_" not in source) or len(source) > _LONGEST or _is_flood(source):
        return source, ()
    return joined(_plain_pieces(source))


def _is_flood(source: str) -> bool:
    return source.count("*") + source.count("_") > _MOST_MARKS


def _markdown_pieces(source: str) -> Iterator[_Piece]:
    italic = bold = 0
    for token in _PARSER.parseInline(source)[0].children or ():
        match token.type:
            case "em_open":
                italic += 1
            case "em_close":
                italic -= 1
            case "strong_open":
                bold += 1
            case "strong_close":
                bold -= 1
            case "hardbreak":
                yield "\n", italic > 0, bold > 0
            case _:
                yield token.content, italic > 0, bold > 0


def _plain_pieces(source: str) -> Iterator[_Piece]:
    italic = bold = at = 0
    for start, end, step in _plain_marks(source):
        yield source[at:start], italic > 0, bold > 0
        at = end
        width = end - start
        italic += step if width != 2 else 0
        bold += step if width != 1 else 0
    yield source[at:], italic > 0, bold > 0


def _plain_marks(source: str) -> list[tuple[int, int, int]]:
    """The marks that come in pairs, in order: start, end, and 1 where emphasis begins, -1 where it ends."""
    pairs: list[tuple[int, int, int]] = []
    opened: list[re.Match[str]] = []
    waiting: Counter[str] = Counter()
    for mark in _PLAIN_MARK.finditer(source):
        start, end = mark.span()
        before, after = source[start - 1 : start], source[end : end + 1]
        if waiting[mark[0]] and before and not before.isspace() and not after.isalnum():
            # What was opened since then and not closed is literal.
            while opened[-1][0] != mark[0]:
                waiting[opened.pop()[0]] -= 1
            begun = opened.pop()
            waiting[mark[0]] -= 1
            pairs += ((*begun.span(), 1), (start, end, -1))
        elif after and not after.isspace() and not before.isalnum():
            opened.append(mark)
            waiting[mark[0]] += 1
    return sorted(pairs)


def joined(pieces: Iterator[_Piece]) -> tuple[str, tuple[Emphasis, ...]]:
    """Pieces put together; neighbouring runs of one kind become one, none has white space at its edges."""
    text: list[str] = []
    runs: list[Emphasis] = []
    at = 0
    for piece, italic, bold in pieces:
        if not piece:
            continue
        text.append(piece)
        start, end = at, at + len(piece)
        at = end
        if not (italic or bold):
            continue
        if runs and runs[-1].end == start and (runs[-1].italic, runs[-1].bold) == (italic, bold):
            start = runs.pop().start
        runs.append(Emphasis(start, end, italic, bold))
    whole = "".join(text)
    return whole, tuple(run for run in (_trimmed(whole, run) for run in runs) if run.start < run.end)


def _trimmed(text: str, run: Emphasis) -> Emphasis:
    start, end = run.start, run.end
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Emphasis(start, end, run.italic, run.bold)
