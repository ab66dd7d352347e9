"""Markdown: paragraphs, headings, emphasis, hard line breaks; everything else is literal text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.domain.breaks import Block, is_mark
from bot.domain.text import clean, single_spaced
from bot.ingest.emphasis import read_markdown
from bot.ingest.frontmatter import split_front_matter
from bot.ingest.layout import is_underline, is_verse
from bot.ingest.metadata import Source
from bot.ingest.plaintext import split_lines

_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*")
_HARD_BREAK = re.compile(r"  +$|(?<!\\)(?:\\\\)*(\\)$")
_LIST_ITEM = re.compile(r"(?:[-+*]|\d{1,3}[.)])\s")


def read(text: str, file: str) -> Source:
    """Understand one Markdown file.

    Raises:
        BadInput: its front matter cannot be used.
    """
    metadata, body, skipped = split_front_matter(clean(text), file)
    blocks = list(_blocks(split_lines(body, file), skipped))
    return Source(file=file, blocks=blocks, metadata=metadata, front_matter=skipped > 0)


def _blocks(lines: Sequence[str], skipped: int) -> Iterator[Block]:
    """The paragraphs of a file's lines; ``skipped`` lines were taken off before them."""
    paragraph: list[str] = []
    begun = gap = 0
    for i, line in enumerate([*lines, ""]):
        heading = _HEADING.fullmatch(line) if "#" in line else None
        alone = heading is not None or is_mark(line.strip()) if line.strip() else True
        if alone and paragraph:
            underline = not heading and is_underline(paragraph, line)
            block = _paragraph(paragraph, begun + 1 + skipped, gap)
            yield replace(block, heading=1 if "=" in line else 2) if underline else block
            paragraph, gap = [], 0
            if underline:
                continue
        if not line.strip():
            gap += 1
        elif alone:
            yield (_heading(heading, i + 1 + skipped, gap) if heading else Block(line.strip(), i + 1 + skipped, gap))
            gap = 0
        else:
            if not paragraph:
                begun = i
            paragraph.append(line)


def _heading(found: re.Match[str], line: int, gap: int) -> Block:
    text, emphasis = read_markdown(single_spaced(found[2] or "").strip())
    if not text or is_mark(text):
        return Block(found[0].strip(), line, gap, mark=True)
    return Block(text, line, gap, emphasis, heading=len(found[1]))


def _paragraph(lines: Sequence[str], line: int, gap: int) -> Block:
    verse = len(lines) > 1 and is_verse([text.strip() for text in lines])
    source: list[str] = []
    for i, text in enumerate(lines):
        hard = _HARD_BREAK.search(text)
        if hard and i + 1 < len(lines) and hard[1]:
            text = text[:-1]
        source.append(text.strip())
        if i + 1 < len(lines):
            keeps = hard or verse or _LIST_ITEM.match(lines[i + 1].lstrip())
            source.append("\n" if keeps else " ")
    text, emphasis = read_markdown(single_spaced("".join(source)))
    return replace(Block(text, line, gap), emphasis=emphasis)
