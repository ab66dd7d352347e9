"""What stands within one element to paragraphs: line breaks, verse, preformatted text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from bot.domain.breaks import is_mark
from bot.domain.text import display_form
from bot.ingest.emphasis import joined

Piece = tuple[str, bool, bool]
"""Text, whether it is italic, whether it is bold; a line break is one of its own."""

BREAK: Piece = ("\n", False, False)

_SPACES = "\t\n\r\f"
_RUN = re.compile("  +")
_UNUSUAL = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0]")
_OPENS_SPEECH = re.compile(r"[\"“„«「]|['‘]\w|[—–] ?\w")
_SHORT_LINE = 70


def paragraphs_in(pieces: list[Piece], *, pre: bool) -> Iterable[tuple[str, tuple[Any, ...], int]]:
    """Paragraphs within one element: text and emphasis; or "" and how many blank lines stand there.

    Args:
        pieces: the element's text.
        pre: whether line ends within it count.
    """
    if len(pieces) == 1 and not pre:
        piece, italic, bold = pieces[0]
        text = tidy(piece).strip()
        if not (italic or bold) or not text:
            return [(text, (), 0)] if text else []
        return [(*joined(iter([(text, italic, bold)])), 0)]
    return _grouped(_line(row) for row in _rows(pieces, pre=pre))


def _rows(pieces: list[Piece], *, pre: bool) -> Iterator[list[Piece]]:
    row: list[Piece] = []
    for piece in pieces:
        if piece[0] == "\n":
            yield row
            row = []
        elif pre and "\n" in piece[0]:
            first, *others = piece[0].split("\n")
            row.append((first, *piece[1:]))
            for other in others:
                yield row
                row = [(other, *piece[1:])]
        else:
            row.append(piece)
    yield row


def _grouped(lines: Iterable[tuple[str, list[Piece]]]) -> Iterator[tuple[str, tuple[Any, ...], int]]:
    """Lines parted by ``<br>`` as paragraphs: verse stays together, prose does not."""
    group: list[tuple[str, list[Piece]]] = []
    blank = 0
    begun = False
    # Somebody who parts paragraphs with one <br> uses two nowhere, or for a break.
    for line in chain(lines, [("", [])]):
        if line[0]:
            if begun and blank > 1:
                yield "", (), blank - 1
            blank, begun = 0, True
            group.append(line)
            continue
        blank += 1
        if group:
            yield from _paragraphs(group)
            group = []


def _paragraphs(group: list[tuple[str, list[Piece]]]) -> Iterable[tuple[str, tuple[Any, ...], int]]:
    verse = len(group) > 1 and all(len(text) <= _SHORT_LINE for text, _ in group)
    if verse and not any(_OPENS_SPEECH.match(text) or is_mark(text) for text, _ in group):
        pieces: list[Piece] = []
        for n, (_, line) in enumerate(group):
            if n:
                pieces.append(BREAK)
            pieces += line
        yield (*joined(iter(pieces)), 0)
        return
    for _, line in group:
        yield (*joined(iter(line)), 0)


def _line(pieces: list[Piece]) -> tuple[str, list[Piece]]:
    """One line's pieces, single-spaced across their edges."""
    done: list[Piece] = []
    last = ""
    space = True
    for text, italic, bold in pieces:
        text = tidy(text)
        if space:
            text = text.lstrip(" ")
        if not text:
            continue
        space = text[-1] == " "
        done.append((text, italic, bold))
    while done and not (last := done[-1][0].rstrip(" ")):
        done.pop()
    if done:
        done[-1] = (last, *done[-1][1:])
    whole = "".join(piece[0] for piece in done)
    if not whole.isascii() and not unicodedata.is_normalized("NFC", whole):
        # An accent that is emphasised apart from its letter: nobody means that.
        whole = unicodedata.normalize("NFC", whole)
        done = [(whole, False, False)]
    return whole, done


def tidy(text: str) -> str:
    """Text of a page in display form, its line ends being nothing but spaces."""
    printable = text.isprintable()
    if not printable or "  " in text:
        for space in _SPACES:
            text = text.replace(space, " ")
        if "  " in text:
            text = _RUN.sub(" ", text)
        printable = text.isprintable()
    if printable and text.isascii():
        return text
    if printable and unicodedata.is_normalized("NFC", text) and not _UNUSUAL.search(text):
        return text
    edge = text[-1:]
    text = display_form(text).replace("\n", " ")
    return text + " " if edge.isspace() and text[-1:] != " " else text
