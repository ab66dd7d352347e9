"""Finds the chapters in a file's paragraphs, and what at their edges is not story."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from bot.domain.breaks import Block
from bot.domain.story import Emphasis
from bot.ingest.headings import Heading, Level, byline, heading_of, looks_like_title
from bot.ingest.metadata import Source

_END = re.compile(
    r"[\W_]*(?:tbc|to be cont(?:inued|['’]?d)?|to be concluded|(?:the )?end|fin|finis|the end\W+for now"
    r"|end (?:of )?(?:the )?(?:file|story|fic|part|chapter|book|episode)(?:\W+\w+){0,4}|end \d{1,3}"
    r"|continued in (?:chapter|part|episode)(?:\W+\w+){0,4}|more to come|end notes?)[\W_]*",
    re.IGNORECASE,
)
_END_PARAGRAPHS = 3
_TITLE_LENGTH = 100
_SECTION_LENGTH = 12
_FRONT_WORDS = 150
"""Text before the first heading is a chapter of its own only if it is longer than this."""
_FRONT_PARAGRAPH = 400


@dataclass(slots=True)
class Draft:
    """A chapter as it stands in one file, before it is numbered."""

    line: int
    """Source line of its heading, or of its first paragraph."""
    number: int | None = None
    title: str | None = None
    date: date | None = None
    blocks: list[Block] = field(default_factory=list[Block])

    @property
    def words(self) -> int:
        """Words of its paragraphs."""
        return sum(len(block.text.split()) for block in self.blocks if not block.mark)


def chapters_in(source: Source) -> list[Draft]:
    """Cut a file at its chapter headings; what is no story goes to the source's ``set_aside``.

    A file that says which chapter it is, is that one chapter; headings in it then part scenes.

    Args:
        source: its blocks, ornaments already marked.

    Returns:
        The chapters that have text, in order, numbered where the file says so.
    """
    headings = _headings(source.blocks)
    if source.metadata.chapter is not None and (source.front_matter or len(headings) < 2):
        headings = {}
    drafts = _cut(source.blocks, headings)
    if headings:
        drafts = _without_contents(drafts, source)
        drafts = _without_front(drafts, source)
    else:
        _take_title(drafts[0], source)
    for draft in drafts:
        _take_end(draft, source)
        draft.blocks = list(_with_sections(draft.blocks))
    return [draft for draft in drafts if draft.words]


def _with_sections(blocks: Sequence[Block]) -> Iterator[Block]:
    """A chapter's blocks, in which headings of a lower level and numbers of sections part scenes.

    A heading's words stay in the text; a number is only counted.
    """
    numbers = _section_numbers(blocks)
    for i, block in enumerate(blocks):
        if i in numbers:
            yield replace(block, mark=True)
        elif block.heading:
            yield Block("#" * block.heading, block.line, block.gap, mark=True)
            bold = (Emphasis(0, len(block.text), italic=False, bold=True),)
            yield replace(block, heading=0, emphasis=bold)
        else:
            yield block


def _headings(blocks: Sequence[Block]) -> dict[int, Heading]:
    """Indexes of the blocks that head chapters, and how each is understood."""
    levels = Counter(block.heading for block in blocks if block.heading)
    # "XXX" is an ornament only where it is not the thirtieth chapter, so marks are looked at, too.
    named = {i: found for i, block in enumerate(blocks) if (found := heading_of(block.text))}
    if levels:
        level = _chapter_level(blocks, levels, named)
        return {
            i: named.get(i) or Heading(Level.CHAPTER, None, block.text)
            for i, block in enumerate(blocks)
            if block.heading == level
        }
    sure = {i: found for i, found in named.items() if found.level is Level.CHAPTER}
    if any(found.number is not None for found in sure.values()):
        return sure
    for level in (Level.VOLUME, Level.BARE):
        row = _in_a_row({i: found for i, found in named.items() if found.level is level}, len(blocks))
        if len(row) > 1:
            return dict(sorted((sure | row).items()))
    return sure


def _chapter_level(blocks: Sequence[Block], levels: Counter[int], named: dict[int, Heading]) -> int:
    """The level of headings that are chapters: that of "Chapter 3", else the highest used twice."""
    says_so = [blocks[i].heading for i, found in named.items() if blocks[i].heading and found.level is Level.CHAPTER]
    if says_so:
        return min(says_so)
    return next((level for level in sorted(levels) if levels[level] > 1), min(levels))


def _in_a_row(headings: dict[int, Heading], end: int) -> dict[int, Heading]:
    """Those that count 1, 2, 3, … with text below: a number alone is a heading only in such company."""
    row: dict[int, Heading] = {}
    for i, found in headings.items():
        if found.number == len(row) + 1 and i + 1 < end and i + 1 not in headings:
            row[i] = found
    return row


def _section_numbers(blocks: Sequence[Block]) -> set[int]:
    """Indexes of the numbers that count a chapter's sections; the first section may go without one."""
    row: list[int] = []
    last = 0
    for i, block in enumerate(blocks[:-1]):
        found = heading_of(block.text) if len(block.text) <= _SECTION_LENGTH else None
        if found is None or found.level is not Level.BARE or found.title or found.number is None:
            continue
        # "Two." may also be what somebody answers.
        second = not row and i > 0 and found.number == 2 and not any(map(str.islower, block.text))
        if found.number == last + 1 or second:
            row.append(i)
            last = found.number
    return set(row) if last > 1 else set()


def _cut(blocks: Sequence[Block], headings: dict[int, Heading]) -> list[Draft]:
    """Drafts in order; the first is what stands before the first heading."""
    drafts = [Draft(line=blocks[0].line if blocks else 1)]
    titled = _titled_below(blocks, headings)
    for i, block in enumerate(blocks):
        heading = headings.get(i)
        if heading:
            title = blocks[i + 1].text if i + 1 in titled else heading.title
            drafts.append(Draft(block.line, heading.number, title))
        elif i not in titled:
            drafts[-1].blocks.append(block)
    return drafts


def _titled_below(blocks: Sequence[Block], headings: dict[int, Heading]) -> set[int]:
    """Indexes of paragraphs that are the title of the chapter whose number stands above them.

    One such paragraph may be chance; most headings of the file must have one.
    """
    bare = [i for i, found in headings.items() if found.title is None]
    below = {
        i + 1
        for i in bare
        if i + 1 < len(blocks)
        and not blocks[i + 1].mark
        and not blocks[i + 1].heading
        and i + 1 not in headings
        and looks_like_title(blocks[i + 1].text)
    }
    return below if len(below) * 2 > len(bare) else set()


def _take_title(draft: Draft, source: Source) -> None:
    """Read what stands above the text of a file that is one chapter: its heading, or title and author."""
    blocks = draft.blocks
    first = blocks[0] if blocks else None
    if first is None or first.mark:
        return
    found = heading_of(first.text)
    if first.heading or (found and found.level is Level.CHAPTER):
        blocks.pop(0)
        draft.number, draft.title = (found.number, found.title) if found else (None, first.text)
        source.put_aside("heading", [first])
        return
    # "by Peg Lanyon" says that what stands above it is the title.
    for n, block in enumerate(blocks[:3]):
        lines = block.text.split("\n")
        if len(block.text) > _TITLE_LENGTH:
            return
        if (n or len(lines) > 1) and byline(lines[-1]):
            _take_title_page(blocks[: n + 1], source)
            del blocks[: n + 1]
            return


def _without_contents(drafts: list[Draft], source: Source) -> list[Draft]:
    """Drop headings without text: a table of contents, or the name of a part."""
    kept = [drafts[0]]
    for draft in drafts[1:]:
        if draft.words:
            kept.append(draft)
        else:
            title = f"{draft.number or ''} {draft.title or ''}".strip()
            source.put_aside("heading", [Block(title, draft.line)])
    return kept


def _without_front(drafts: list[Draft], source: Source) -> list[Draft]:
    """Set aside a title page; longer text before the first heading is a chapter."""
    front = drafts[0]
    if front.words > _FRONT_WORDS or any(len(block.text) > _FRONT_PARAGRAPH for block in front.blocks):
        return drafts
    _take_title_page(front.blocks, source)
    return drafts[1:]


def _take_title_page(blocks: Sequence[Block], source: Source) -> None:
    """Set aside the lines above a story; title and author are read where nothing else named them."""
    source.put_aside("front", (block for block in blocks if not block.mark))
    metadata = source.metadata
    lines = [line for block in blocks if not block.mark for line in block.text.split("\n")]
    for n, line in enumerate(lines[:6]):
        author = byline(f"by {line}" if n and lines[n - 1].casefold() == "by" else line)
        if author and not metadata.authors:
            metadata.authors = (author,)
        elif n == 0 and metadata.title is None and len(line) <= _TITLE_LENGTH:
            metadata.title = line


def _take_end(draft: Draft, source: Source) -> None:
    """Set aside "TBC", "The End", "End file" and their like below a chapter."""
    for _ in range(_END_PARAGRAPHS):
        while draft.blocks and draft.blocks[-1].mark:
            draft.blocks.pop()
        if not draft.blocks or not _END.fullmatch(draft.blocks[-1].text):
            return
        source.put_aside("end", [draft.blocks.pop()])
