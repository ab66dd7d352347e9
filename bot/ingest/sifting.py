"""What of a page's or a book's passages is story, and where its chapters begin."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from bot.domain.breaks import Block
from bot.domain.story import Emphasis, SetAside
from bot.ingest.header import set_fact, take_header
from bot.ingest.headings import byline, heading_of
from bot.ingest.metadata import Source
from bot.ingest.pages import Passage

_PG_START = re.compile(r"[\W_]*START (?:OF )?(?:THE|THIS)? ?PROJECT GUTENBERG", re.IGNORECASE)
_PG_END = re.compile(r"[\W_]*END (?:OF )?(?:THE|THIS)? ?PROJECT GUTENBERG", re.IGNORECASE)
_CONTENTS = re.compile(
    r"(?:table of )?contents|chapters|index|inhalt(?:sverzeichnis)?|table des matières|índice"
    r"|(?:list of )?(?:illustrations|plates|maps|figures)",
    re.IGNORECASE,
)
_FACT = re.compile(r"(Title|Author|Language):\s*(\S.*)")
_COPYRIGHT = re.compile(r"(?:copyright|©|\(c\)) .{0,120}|.{0,60}all rights reserved.{0,60}", re.IGNORECASE | re.DOTALL)
_KEYED = re.compile(r"[^\W\d_][\w' -]{1,20}:\s+\S")
_COUNTED = re.compile(r"(\d{1,4})\. (\S.{0,100})")
_MIN_CONTENTS = 3
_HEADER_PASSAGES = 60
_LONG_PARAGRAPH = 20_000
_TITLES = 4
_LONGEST_BYLINE = 60
_INNER = 6
"""Headings within a chapter that the site itself has cut off rank below all others."""


def without_boilerplate(passages: list[Passage]) -> list[Passage]:
    """The passages, licences of Project Gutenberg and tables of contents named as what they are."""
    for i, passage in enumerate(passages):
        if "GUTENBERG" in passage.block.text.upper() if len(passage.block.text) < 300 else False:
            if _PG_START.match(passage.block.text):
                _name(passages[: i + 1], "licence")
            elif _PG_END.match(passage.block.text):
                _name(passages[i:], "licence")
                break
    _find_contents(passages)
    last = next((passage for passage in reversed(passages) if not passage.kind), None)
    if last is not None and not last.block.mark and _COPYRIGHT.fullmatch(last.block.text):
        last.kind = "licence"
    return passages


def take_licence_facts(passages: Sequence[Passage], source: Source) -> None:
    """Title, author and language, as Project Gutenberg states them above a book."""
    for passage in passages:
        if passage.kind != "licence":
            continue
        for line in passage.block.text.split("\n"):
            found = _FACT.fullmatch(line)
            if found:
                set_fact(found[1], found[2], passage.block.line, source)
            elif _PG_START.match(line):
                return


def _name(passages: Sequence[Passage], kind: str) -> None:
    for passage in passages:
        passage.kind = passage.kind or kind


def _find_contents(passages: Sequence[Passage]) -> None:
    """Several neighbouring paragraphs of links are a table of contents."""
    begun = -1
    for i in range(len(passages) + 1):
        linked = i < len(passages) and passages[i].linked and not passages[i].kind
        if linked:
            begun = i if begun < 0 else begun
            continue
        if begun >= 0:
            run = passages[begun:i]
            above = passages[begun - 1] if begun else None
            titled = above is not None and not above.kind and _CONTENTS.fullmatch(above.block.text.rstrip(":."))
            if len(run) >= _MIN_CONTENTS or titled:
                _name(run, "contents")
                if above is not None and titled:
                    above.kind = "contents"
        begun = -1


def take_byline(passages: Sequence[Passage], source: Source) -> None:
    """Set aside the line directly below a story's title that says who wrote it."""
    story = [passage for passage in passages if not passage.kind and not passage.block.mark][:_TITLES]
    for above, passage in pairwise(story):
        author = byline(passage.block.text)
        if author and above.block.heading and len(passage.block.text) <= _LONGEST_BYLINE:
            passage.kind = "front"
            source.metadata.authors = source.metadata.authors or (author,)
            return


def take_text_header(passages: list[Passage], source: Source) -> list[Passage]:
    """Read the header block that an author typed above a story; what is left of the passages."""
    lines: list[str] = []
    spans: dict[int, tuple[int, int]] = {}
    tails: dict[int, str] = {}
    for i, passage in enumerate(passages[:_HEADER_PASSAGES]):
        if not passage.kind:
            # Below what may be a header a heading begins the story, and is no more of a summary.
            apart = passage.block.mark or (passage.block.heading and any(map(_KEYED.match, lines)))
            text, tail = _beginning(passage.block.text)
            if tail:
                tails[i] = tail
            rows = ["***"] if apart else text.split("\n")
            spans[i] = len(lines), len(lines) + len(rows)
            lines += [*rows, ""]
    owners = [i for i, (begin, end) in spans.items() for _ in range(begin, end + 1)]
    before, known = list(lines), len(source.set_aside)
    take_header(lines, source)
    if lines == before:
        return passages
    for n in range(known, len(source.set_aside)):
        piece = source.set_aside[n]
        line = passages[owners[piece.line - 1]].block.line
        source.set_aside[n] = SetAside(piece.kind, piece.text, piece.file, line)
    kept: list[Passage] = []
    for i, passage in enumerate(passages):
        begin, end = spans.get(i, (0, 0))
        rest = [line for line in lines[begin:end] if line]
        if lines[begin:end] == before[begin:end] or (passage.block.heading and before[begin:end] == ["***"]):
            kept.append(passage)
        elif rest or i in tails:
            # A paragraph of which only the first lines are header keeps the rest.
            text = ("\n".join(rest) + tails.get(i, "")).lstrip()
            kept.append(replace(passage, block=replace(passage.block, text=text, emphasis=())))
    return kept


def _beginning(text: str) -> tuple[str, str]:
    """What of a paragraph may be a header, and the rest of one that is a whole book."""
    if len(text) <= _LONG_PARAGRAPH or "\n" in text:
        return text, ""
    cut = max(text.rfind(" ", 0, _LONG_PARAGRAPH), 1)
    return text[:cut], text[cut:]


def blocks_of(passages: Sequence[Passage], source: Source, whole: bool = False) -> list[Block]:
    """The story's blocks; all else is put aside in the source.

    Args:
        passages: all of them, in order.
        source: what is not story goes to its ``set_aside``.
        whole: the passages are one chapter, whatever headings it has.
    """
    chiefs = any(passage.chief for passage in passages)
    blocks: list[Block] = []
    for passage in passages:
        block = passage.block
        if passage.kind:
            if not block.mark:
                source.put_aside(passage.kind, [block])
        elif block.heading and (chiefs or whole) and not passage.chief:
            blocks += _section(block)
        elif block.heading:
            _head(blocks, block if not passage.chief else replace(block, heading=1))
        else:
            blocks.append(block)
    return blocks


def _section(block: Block) -> tuple[Block, Block]:
    bold = (Emphasis(0, len(block.text), italic=False, bold=True),)
    return Block("#" * block.heading, block.line, block.gap, mark=True), replace(block, heading=0, emphasis=bold)


def _head(blocks: list[Block], block: Block) -> None:
    """Add a heading; a title directly below a heading that only counts is part of it."""
    first, _, rest = block.text.partition("\n")
    counted = _COUNTED.fullmatch(first)
    if counted and not rest and (found := heading_of(counted[2])) is not None and found.number is not None:
        # "2. Part 2": sites count the chapters, whatever their authors call them.
        first = f"Chapter {counted[1]}: {counted[2]}"
    found = heading_of(first) if rest else None
    if found is not None and found.number is not None and not found.title:
        first = first.rstrip(".:") + ":"
    text = " ".join(f"{first} {rest}".split())
    above = blocks[-1] if blocks else None
    if above is not None and above.heading and above.heading <= block.heading:
        found = heading_of(above.text)
        if found is not None and found.number is not None and not found.title and heading_of(text) is None:
            blocks[-1] = replace(above, text=f"{above.text.rstrip('.:')}: {text}")
            return
    blocks.append(replace(block, text=text, emphasis=()))
