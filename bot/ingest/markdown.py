"""Markdown: paragraphs, headings, emphasis, hard line breaks; what else it holds is shown as it reads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from bot.domain.breaks import Block, is_mark
from bot.domain.story import SetAside
from bot.domain.text import clean, single_spaced
from bot.ingest.boilerplate import CONTENTS, title_key
from bot.ingest.emphasis import read_markdown
from bot.ingest.frontmatter import split_front_matter
from bot.ingest.header import set_fact, take_header
from bot.ingest.laterheaders import take_later
from bot.ingest.layout import is_underline, is_verse
from bot.ingest.markup import fenced, plain_markup, rulers, without_comments, without_markup
from bot.ingest.metadata import Source
from bot.ingest.plaintext import split_lines
from bot.strings import PROBLEMS

_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*")
_LIST_ITEM = re.compile(r"(?:[-+*]|\d{1,3}[.)])\s")
_ATTRIBUTES = re.compile(r"\s*\{\s*(?:[#.][\w:.-]+|-)(?:\s+[#.][\w:.-]+)*\s*\}\s*\Z")
_ENTRY = re.compile(r"\s*(?:[-+*]\s+|\d{1,3}[.)]\s+)?(?:\[[^\[\]]+\]\((?P<to>[^()\s]+)\)|(?P<plain>\S.*?))\s*")
_PLAIN_HEADING = re.compile(r"#{1,6}[ \t]+(?=[^\W_]|[*_\"“‘'])")
_CHAPTER_HEADING = re.compile(r"#{1,6}[ \t]+[*_]*(?:chapter|part|prologue|epilogue|interlude)\b", re.IGNORECASE)
_LONG_LINE = 120
_FEWEST_TAKEN = 3
_CONTENTS_WITHIN = 600
_ESCAPE = re.compile(r"\\(?=[^\w\s])")


def read(text: str, file: str) -> Source:
    """Understand one Markdown file.

    Raises:
        BadInput: its front matter cannot be used.
    """
    metadata, body, skipped, unknown = split_front_matter(clean(text), file)
    source = Source(file=file, blocks=[], metadata=metadata, front_matter=skipped > 0)
    for key, line, value in unknown:
        source.set_aside.append(SetAside(key, value, file, line))
        # A header's name for a field, as "ratings", is as good as its own.
        if not set_fact(key, value, line, source):
            source.warn(line, PROBLEMS["front_matter_unknown"].format(key=key))
    lines = split_lines(body, file)
    if "<!--" in body:
        lines = without_comments(body, source, skipped).split("\n")
    verbatim = fenced(lines)
    dividers = rulers(lines)
    without_markup(lines, source, skipped)
    if not skipped:
        take_header(lines, source)
        for i in take_later(lines, 1, source):
            lines[i] = f"# {lines[i]}"
    _take_contents(lines, skipped, source)
    source.blocks = list(_blocks(lines, skipped, verbatim, dividers, source))
    return source


def _take_contents(lines: list[str], skipped: int, source: Source) -> None:
    """Set aside a list of links or of later headings below a heading that calls it the contents."""
    heads = ((i, _HEADING.fullmatch(line)) for i, line in enumerate(lines[:_CONTENTS_WITHIN]) if line[:4].count("#"))
    at = next((i for i, found in heads if found and CONTENTS.fullmatch(_named(found))), None)
    if at is None:
        return
    below = (_HEADING.fullmatch(line) for line in lines[at + 1 :] if "#" in line[:4])
    keys = {title_key(_named(found)) for found in below if found} - {""}
    taken = [at]
    for i in range(at + 1, len(lines)):
        if not lines[i].strip():
            continue
        entry = None if _HEADING.fullmatch(lines[i]) else _ENTRY.fullmatch(lines[i])
        if entry is None or not (entry["to"] or "#").startswith("#"):
            break
        if not entry["to"] and title_key(entry["plain"]) not in keys:
            break
        taken.append(i)
    if len(taken) < _FEWEST_TAKEN:
        return
    for i in taken:
        source.set_aside.append(SetAside("contents", single_spaced(lines[i]).strip(), source.file, i + skipped + 1))
        lines[i] = ""


def _named(heading: re.Match[str]) -> str:
    return _ATTRIBUTES.sub("", heading[2] or "")


def is_markdown(text: str) -> bool:
    """Whether a file that is called plain text has Markdown's headings, and paragraphs as Markdown parts them."""
    if not text.lstrip().startswith("#") and "\n#" not in text:
        return False
    lines = text.splitlines()
    heads = [i for i, line in enumerate(lines) if line[:1] == "#" and _PLAIN_HEADING.match(line)]
    if not heads or any(i + 1 < len(lines) and lines[i + 1].strip() for i in heads):
        return False
    first = not any(line.strip() for line in lines[: heads[0]])
    if not first and not all(_CHAPTER_HEADING.match(lines[i]) for i in heads):
        return False
    # Long lines directly below one another are paragraphs, which Markdown would join.
    return not any(len(line) > _LONG_LINE and before.strip() for before, line in pairwise(lines))


def _blocks(
    lines: Sequence[str], skipped: int, verbatim: set[int], dividers: frozenset[str], source: Source
) -> Iterator[Block]:
    """The paragraphs of a file's lines; ``skipped`` lines were taken off before them."""
    paragraph: list[str] = []
    begun = gap = 0
    for i, line in enumerate([*lines, ""]):
        inside = i in verbatim
        if inside != (i - 1 in verbatim) and paragraph:
            yield _paragraph(paragraph, begun + 1 + skipped, gap, source, verbatim=not inside)
            paragraph, gap = [], 0
        if inside:
            if i - 1 in verbatim and i + 1 in verbatim:
                begun = begun if paragraph else i
                paragraph.append(line)
            continue
        heading = _HEADING.fullmatch(line) if "#" in line else None
        shown = line.strip()
        alone = heading is not None or shown in dividers or is_mark(shown) if shown else True
        if alone and paragraph:
            underline = not heading and is_underline(paragraph, line)
            block = _paragraph(paragraph, begun + 1 + skipped, gap, source)
            if block.text:
                yield replace(block, heading=1 if "=" in line else 2) if underline else block
                gap = 0
            paragraph = []
            if underline:
                continue
        if not shown:
            gap += 1
        elif alone:
            if heading:
                yield _heading(heading, i + 1 + skipped, gap, source)
            else:
                yield Block(_ESCAPE.sub("", shown), i + 1 + skipped, gap, mark=shown in dividers)
            gap = 0
        else:
            if not paragraph:
                begun = i
            paragraph.append(line)


def _heading(found: re.Match[str], line: int, gap: int, source: Source) -> Block:
    text, emphasis = read_markdown(plain_markup(single_spaced(_named(found)).strip(), line, source))
    if not text or is_mark(text):
        return Block(found[0].strip(), line, gap, mark=True)
    return Block(text, line, gap, emphasis, heading=len(found[1]))


def _paragraph(lines: Sequence[str], line: int, gap: int, source: Source, *, verbatim: bool = False) -> Block:
    if verbatim:
        return Block("\n".join(filter(None, (single_spaced(text).strip() for text in lines))), line, gap)
    verse = len(lines) > 1 and is_verse([text.strip() for text in lines])
    parts: list[str] = []
    for i, text in enumerate(lines):
        escaped = (len(text) - len(text.rstrip("\\"))) % 2 == 1
        hard = escaped or text.endswith("  ")
        if escaped and i + 1 < len(lines):
            text = text[:-1]
        parts.append(text.strip())
        if i + 1 < len(lines):
            keeps = hard or verse or _LIST_ITEM.match(lines[i + 1].lstrip())
            parts.append("\n" if keeps else " ")
    text, emphasis = read_markdown(single_spaced(plain_markup("".join(parts), line, source)))
    return replace(Block(text, line, gap), emphasis=emphasis)
