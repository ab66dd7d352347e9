"""Finds the chapters in a file's paragraphs, and what at their edges is not story."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from bot.domain.breaks import Block, is_mark
from bot.domain.captions import is_caption
from bot.domain.story import Emphasis
from bot.ingest.asides import is_end, is_note, tells_readers, without_notes, without_pages
from bot.ingest.boilerplate import title_key
from bot.ingest.cuts import without_footnotes
from bot.ingest.header import set_fact
from bot.ingest.headings import Heading, Level, byline, heading_of, looks_like_title
from bot.ingest.metadata import Source
from bot.ingest.numerals import ROMAN, number_of
from bot.strings import PROBLEMS

_TITLE_LENGTH = 100
_SECTION_LENGTH = 12
_FRONT_WORDS = 150
"""Text before the first heading is a title page only if it is shorter than this."""
_FRONT_PROSE = 40
"""So many words of whole sentences before the first heading are a beginning rather than a title page."""
_AFTERWORD = re.compile(r"(?:afterword|foreword|nachwort|vorwort|posłowie|przedmowa)\b.{0,40}", re.IGNORECASE)
_LOWER_ROMAN = re.compile(rf"[(\[]?(?P<number>{ROMAN})[.)\]]{{0,2}}")
_SENTENCES = re.compile(r"[.!?…][\"”’»]?(?:\s|\Z)")
_CONTACT = re.compile(r"[\W_]*(?:(?:e-?mail|mail|web|url)\W+)?(?:\S+@\S+|(?:https?://|www\.)\S+)[\W_]*", re.IGNORECASE)
_ATTRIBUTION = re.compile(r"\s*(?:[-–—―]|~)+\s*\S")
_NAMED_BEHIND = re.compile(r"[\"”»]\s*(?:[-–—(]+\s*)?[A-Z][^.!?]{1,60}[.)]?\Z")
_OF_BOOK = re.compile(
    r"\b(?:copyright|rights reserved|published|publishers?|edition|printed|printer|press|dedicat\w+|author|translat\w+"
    r"|illustrat\w+|frontispiece|e-?book|e-?text|transcri\w+|proofread\w*|volumes?|preface|contents|isbn|fan ?fic\w*"
    r"|characters|disclaimer|rating|rated|beta\w*|reviews?|thank(?:s| you)|summary|story|novel|chapters?|series|sequel"
    r"|own|written|posted|https?|www)\b|©|@|^in (?:loving )?memory of |^(?:to|for|pour|für|para) (?!(?:the|a"
    r"|an|his|her|their|many|some"
    r"|one|two|three|years?|days?|weeks?|months?|hours?|once|all|every|as|be)\b)",
    re.IGNORECASE,
)
"""Words of title pages, dedications and notes, which are no beginning of a story."""
_SENTENCE_WORDS = 8
_FEWEST_WORDS = 3
"""Words of the shortest paragraph above the first heading that is taken for story."""
_PROSE_PARAGRAPH = 12
_SUBTITLES = 3
"""The most lines above the first title of those that stand alone, and below a part's heading."""
_NAMES = 3
_ALONE_LENGTH = 60
_ALONE_TEXT = 600
"""Code points between two titles without number below which they are no chapters'."""
_ALONE_CAPITALS = 250
"""The same, where there are several titles all in capitals."""
_FEWEST_CAPITALS = 3
_UNEVEN = 12
_MAX_LINES_NAMED = 8


@dataclass(slots=True)
class Draft:
    """A chapter as it stands in one file, before it is numbered."""

    line: int
    """Source line of its heading, or of its first paragraph."""
    number: int | None = None
    title: str | None = None
    date: date | None = None
    blocks: list[Block] = field(default_factory=list[Block])

    heading: str = ""
    """Its heading as it stands in the file."""
    volume: bool = False
    """Whether its heading is that of a part or book with chapters of its own."""

    @property
    def words(self) -> int:
        """Words of its paragraphs."""
        return sum(len(block.text.split()) for block in self.blocks if not block.mark)

    @property
    def has_text(self) -> bool:
        """Whether there is any paragraph in it."""
        return any(not block.mark for block in self.blocks)


def chapters_in(source: Source) -> list[Draft]:
    """Cut a file at its chapter headings; what is no story goes to the source's ``set_aside``.

    A file that says which chapter it is, is that one chapter; headings in it then part scenes.

    Args:
        source: its blocks, ornaments already marked.

    Returns:
        The chapters that have text, in order, numbered where the file says so.
    """
    source.blocks = without_footnotes(without_pages(source.blocks, source), source)
    headings = _headings(source.blocks, source.metadata.title)
    if not headings:
        _tell_titles(source)
    chapter = source.metadata.chapter
    alone = len(headings) < 2 and all(found.number in (None, chapter) for found in headings.values())
    if chapter is not None and (source.front_matter or alone):
        headings = {}
    drafts = _cut(source.blocks, headings)
    if headings:
        _take_notes(drafts[0], source)
        drafts = _without_contents(drafts, source)
        drafts = _without_front(drafts, source)
    else:
        _take_title(drafts[0], source)
    for draft in drafts:
        _take_notes(draft, source)
        draft.blocks = list(_with_sections(draft.blocks, source))
        if draft.heading and not draft.has_text:
            # Nothing but notes stood below it.
            title = draft.title if draft.title and draft.title not in draft.heading else ""
            source.put_aside("heading", [Block(f"{draft.heading} {title}".strip(), draft.line)])
    return _without_note_chapters([draft for draft in drafts if draft.has_text], source)


def _without_note_chapters(drafts: list[Draft], source: Source) -> list[Draft]:
    """Set aside chapters that are only a note to the readers and are named so; a doubtful one stays."""
    kept: list[Draft] = []
    for draft in drafts:
        afterword = _AFTERWORD.fullmatch(draft.title or "") is not None
        if not (afterword or (draft.title and is_note(draft.title))):
            kept.append(draft)
        elif len(drafts) > 1 and tells_readers(draft.blocks):
            title = draft.title if draft.title and draft.title not in draft.heading else ""
            head = Block(f"{draft.heading} {title}".strip(), draft.line)
            source.put_aside("author's note", [head, *(block for block in draft.blocks if not block.mark)])
        else:
            if not afterword:
                source.warn(draft.line, PROBLEMS["chapter_note_doubted"].format(heading=draft.heading))
            kept.append(draft)
    return kept


def _take_notes(draft: Draft, source: Source) -> None:
    """Set aside a chapter's notes and ending, and the ornaments that are left at its edges."""
    draft.blocks = without_notes(draft.blocks, source)
    while draft.blocks and draft.blocks[-1].mark:
        draft.blocks.pop()


def _with_sections(blocks: Sequence[Block], source: Source) -> Iterator[Block]:
    """A chapter's blocks, in which headings of a lower level and numbers of sections part scenes.

    A heading's words stay in the text; a number is only counted. Where it parts nothing, it is set aside.
    """
    numbers = _section_numbers(blocks)
    parts = False
    for i, block in enumerate(blocks):
        if i in numbers:
            if parts:
                yield replace(block, mark=True)
            else:
                source.put_aside("heading", [block])
            parts = False
            continue
        parts = not block.mark and not block.heading
        if block.heading:
            parts = True
            yield Block("#" * block.heading, block.line, block.gap, mark=True)
            bold = (Emphasis(0, len(block.text), italic=False, bold=True),)
            yield replace(block, heading=0, emphasis=bold)
        else:
            yield block


def _headings(blocks: Sequence[Block], title: str | None) -> dict[int, Heading]:
    """Indexes of the blocks that head chapters or the parts above them, and how each is understood."""
    levels = Counter(block.heading for block in blocks if block.heading)
    # "XXX" is an ornament only where it is not the thirtieth chapter, so marks are looked at, too.
    named = {i: found for i, block in enumerate(blocks) if (found := heading_of(block.text))}
    named = _without_chance_prefixes(named, title)
    sure = {i: found for i, found in named.items() if found.level is Level.CHAPTER}
    volumes = {i: found for i, found in named.items() if found.level is Level.VOLUME}
    if levels:
        level = _chapter_level(blocks, levels, named)
        chosen = {
            i: named.get(i) or Heading(Level.CHAPTER, None, block.text)
            for i, block in enumerate(blocks)
            if block.heading and block.heading <= level
        }
        plain = {i: found for i, found in sure.items() if not blocks[i].heading and found.number is not None}
        if plain and not any(i in sure for i in chosen):
            return _with_volumes(plain, volumes, blocks)
        # A heading above the chapters' level is the name of a part, or, alone at the top, of the story.
        higher = {i for i in chosen if blocks[i].heading < level and (chosen[i].number is None or i in volumes)}
        top = min(chosen)
        if top in higher and levels[blocks[top].heading] == 1 and chosen[top].number is None:
            del chosen[top]
        return {i: found._replace(level=Level.VOLUME) if i in higher else found for i, found in chosen.items()}
    if any(found.number is not None for found in sure.values()):
        return _with_volumes(sure, volumes, blocks)
    bare = {i: found for i, found in named.items() if found.level is Level.BARE}
    row = _in_a_row(bare, blocks)
    if len(row) > 1 and (volumes or len(row) >= len(volumes)):
        return _with_volumes(dict(sorted((sure | row).items())), volumes, blocks)
    row = _in_a_row(volumes, blocks)
    if len(row) > 1:
        return dict(sorted((sure | {i: found._replace(level=Level.CHAPTER) for i, found in row.items()}).items()))
    return sure or _titles_alone(blocks)


def _titles_alone(blocks: Sequence[Block]) -> dict[int, Heading]:
    """Headings without number: lines like titles, in capitals or far apart, that recur with enough text between."""
    found = _spaced_out([i for i in _like_titles(blocks) if i == 0 or blocks[i].gap > 1], blocks, 2, _ALONE_TEXT)
    if not found:
        capitals = [i for i in _like_titles(blocks) if blocks[i].text.isupper()]
        found = _spaced_out(capitals, blocks, _FEWEST_CAPITALS, _ALONE_CAPITALS)
    return {i: Heading(Level.CHAPTER, None, blocks[i].text) for i in found}


def _spaced_out(found: list[int], blocks: Sequence[Block], fewest: int, least: int) -> list[int]:
    """Those of some lines that head chapters, as far as they stand like that: from the top on, with text below each."""
    if len(found) < fewest or found[0] > _SUBTITLES:
        return []
    lengths = [sum(len(block.text) for block in blocks[i + 1 : j]) for i, j in pairwise([*found, len(blocks)])]
    if fewest == _FEWEST_CAPITALS:
        # None is very short beside the others.
        least = max(least, max(lengths) // _UNEVEN)
    if min(lengths[1:]) < least:
        return []
    found = found[1:] if lengths[0] < least else found
    return found if len(found) >= fewest - 1 else []


def _tell_titles(source: Source) -> None:
    """Name the lines in capitals that may be headings, in a file for which none were found."""
    blocks = source.blocks
    lines = [blocks[i].line for i in _like_titles(blocks) if i > 3 and blocks[i].text.isupper()]
    if len(lines) > 1 and lines[-1] > lines[0]:
        named = ", ".join(map(str, lines[:_MAX_LINES_NAMED])) + (", …" if len(lines) > _MAX_LINES_NAMED else "")
        source.warn(lines[0], PROBLEMS["may_be_headings"].format(lines=named))


def _like_titles(blocks: Sequence[Block]) -> list[int]:
    """Indexes of lines like titles, in capitals or far apart."""
    return [
        i
        for i, block in enumerate(blocks[:-1])
        if not block.mark
        and 2 < len(block.text) <= _ALONE_LENGTH
        and looks_like_title(block.text)
        and (block.text.isupper() or ((i == 0 or block.gap > 2) and blocks[i + 1].gap > 0))
        and not is_caption(block.text, framed=True)
        and not is_end(block.text)
        and not is_mark(block.text)
        and not is_note(block.text)
        and (block.text[-1] not in '!?.,;:…-–—"”' or not block.text.isupper())
        and sum(map(str.isalpha, block.text)) > 2
    ]


def _without_chance_prefixes(named: dict[int, Heading], title: str | None) -> dict[int, Heading]:
    """Headings behind some other words count only if those are the story's title, or recur."""
    prefixes = Counter(found.prefix for found in named.values() if found.prefix)
    known = (title or "").casefold()
    return {
        i: found
        for i, found in named.items()
        if not found.prefix or found.prefix == known or prefixes[found.prefix] > 1
    }


def _with_volumes(
    chapters: dict[int, Heading], volumes: dict[int, Heading], blocks: Sequence[Block]
) -> dict[int, Heading]:
    """Chapters, and the parts above them: those with a chapter's heading close below."""
    parts = {
        i: found
        for i, found in volumes.items()
        if i not in chapters and any(j in chapters for j in range(i + 1, min(len(blocks), i + 2 + _SUBTITLES)))
    }
    return dict(sorted((chapters | parts).items()))


def _chapter_level(blocks: Sequence[Block], levels: Counter[int], named: dict[int, Heading]) -> int:
    """The level of headings that are chapters: that of "Chapter 3", else the highest used twice."""
    says_so = [blocks[i].heading for i, found in named.items() if blocks[i].heading and found.level is Level.CHAPTER]
    if says_so:
        return min(says_so)
    level = next((level for level in sorted(levels) if levels[level] > 1), min(levels))
    while deeper := next((other for other in sorted(levels) if other > level and levels[other] >= levels[level]), None):
        at = [i for i, block in enumerate(blocks) if block.heading == level]
        if len(at) < 2 or sum(1 for i in at if i + 1 < len(blocks) and blocks[i + 1].heading == deeper) < 0.8 * len(at):
            break
        # Headings with nothing but other headings directly below them name parts.
        level = deeper
    return level


def _in_a_row(headings: dict[int, Heading], blocks: Sequence[Block]) -> dict[int, Heading]:
    """Those that count 1, 2, 3, … with text below: a number alone is a heading only in such company.

    A count that begins again at 1 begins a part.
    """
    row: dict[int, Heading] = {}
    last = 0
    for i, found in headings.items():
        follows = found.number == last + 1 or (found.number == 1 and last > 1)
        if follows and i + 1 < len(blocks) and i + 1 not in headings:
            row[i] = found
            last = found.number or 0
    return row


def _section_numbers(blocks: Sequence[Block]) -> set[int]:
    """Indexes of the numbers that count a chapter's sections; the first section may go without one."""
    row: list[int] = []
    last = 0
    for i, block in enumerate(blocks[:-1]):
        found = _section_of(block.text)
        if found is None or found.level is not Level.BARE or found.title or found.number is None:
            continue
        # "Two." may also be what somebody answers.
        second = not row and i > 0 and found.number == 2 and not any(map(str.islower, block.text))
        if found.number == last + 1 or second:
            if row and row[-1] == i - 1:
                # Somebody counts aloud.
                return set()
            row.append(i)
            last = found.number
    return set(row) if last > 1 else set()


def _section_of(text: str) -> Heading | None:
    """A short paragraph as the number of a section, which may also be roman in small letters."""
    if len(text) > _SECTION_LENGTH:
        return None
    found = _LOWER_ROMAN.fullmatch(text)
    return Heading(Level.BARE, number_of(found["number"]), None) if found else heading_of(text)


def _cut(blocks: Sequence[Block], headings: dict[int, Heading]) -> list[Draft]:
    """Drafts in order; the first is what stands before the first heading."""
    drafts = [Draft(line=blocks[0].line if blocks else 1)]
    titled = _titled_below(blocks, headings)
    for i, block in enumerate(blocks):
        heading = headings.get(i)
        if heading:
            title = blocks[i + 1].text if i + 1 in titled else heading.title
            drafts.append(
                Draft(block.line, heading.number, title, volume=heading.level is Level.VOLUME, heading=block.text)
            )
            if drafts[-1].volume:
                drafts[-1].number, drafts[-1].title = None, block.text
        elif i not in titled:
            drafts[-1].blocks.append(block)
    return drafts


def _titled_below(blocks: Sequence[Block], headings: dict[int, Heading]) -> set[int]:
    """Indexes of paragraphs that are the title of the chapter whose number stands above them.

    One such paragraph may be chance; most headings of the file must have one.
    """
    bare = [i for i, found in headings.items() if found.title is None]
    lone = Counter(
        block.text for i, block in enumerate(blocks) if len(block.text) <= _ALONE_LENGTH and i - 1 not in headings
    )
    below = {
        i + 1
        for i in bare
        if i + 1 < len(blocks)
        and not blocks[i + 1].mark
        and not blocks[i + 1].heading
        and i + 1 not in headings
        and looks_like_title(blocks[i + 1].text)
        and not lone[blocks[i + 1].text]
    }
    return below if len(below) * 2 > len(bare) else set()


def _take_title(draft: Draft, source: Source) -> None:
    """Read what stands above the text of a file that is one chapter: its heading, or title and author."""
    blocks = draft.blocks
    del blocks[: next((i for i, block in enumerate(blocks) if not block.mark), len(blocks))]
    first = blocks[0] if blocks else None
    if first is None:
        return
    found = heading_of(first.text)
    if first.heading or (found and not found.prefix and (found.level is not Level.BARE or _heads(blocks))):
        blocks.pop(0)
        draft.number, draft.title = (found.number, found.title) if found else (None, first.text)
        if found and found.level is Level.VOLUME:
            # "Part 2" by itself may be the second of a story or only its name.
            same = found.number is not None and found.number == source.metadata.chapter
            draft.number, draft.title = (found.number, found.title) if same else (None, first.text)
        source.put_aside("heading", [first])
        return
    named = source.metadata.title
    if named and len(blocks) > 1 and title_key(first.text) == title_key(named):
        source.put_aside("heading", [blocks.pop(0)])
        if blocks and byline(blocks[0].text):
            _take_title_page([blocks.pop(0)], source)
        return
    # "by Peg Lanyon" says that what stands above it is the title.
    for n, block in enumerate(blocks[:3]):
        lines = block.text.split("\n")
        if len(block.text) > _TITLE_LENGTH:
            break
        while len(lines) > 2 and _CONTACT.fullmatch(lines[-1]):
            lines.pop()
        if (n or len(lines) > 1) and byline(lines[-1]):
            _take_title_page(blocks[: n + 1], source)
            del blocks[: n + 1]
            return
    if len(blocks) > 1 and named is None and _is_title(first, blocks[1]):
        draft.title = first.text
        source.put_aside("heading", [blocks.pop(0)])


def _is_title(first: Block, second: Block) -> bool:
    """Whether the first line of a file is its title: like one, and set off from what follows."""
    if not looks_like_title(first.text) or is_caption(first.text, framed=True) or len(first.text.split()) > 12:
        return False
    whole = len(first.emphasis) == 1 and first.emphasis[0].end - first.emphasis[0].start == len(first.text)
    return (second.mark or second.gap > 1 or whole or first.text.isupper()) and len(second.text) > len(first.text)


def _heads(blocks: Sequence[Block]) -> bool:
    """Whether the number at the top of a file is a heading: in digits or capitals, text below it."""
    text = blocks[0].text
    # "One." may be all that somebody says.
    return len(blocks) > 1 and len(text) <= _TITLE_LENGTH and (text[:1].isdigit() or text.isupper())


def _without_contents(drafts: list[Draft], source: Source) -> list[Draft]:
    """Drop headings without text: a table of contents, or the name of a part."""
    kept = [drafts[0]]
    for draft in drafts[1:]:
        if draft.has_text and not (draft.volume and _is_subtitle(draft.blocks)):
            kept.append(draft)
            continue
        title = f"{draft.number or ''} {draft.title or ''}".strip()
        source.put_aside("heading", [Block(title, draft.line), *(block for block in draft.blocks if not block.mark)])
    return kept


def _is_subtitle(blocks: Sequence[Block]) -> bool:
    """Whether the paragraphs below a part's heading are its title rather than its text."""
    texts = [block for block in blocks if not block.mark]
    return (
        len(texts) <= _SUBTITLES
        and not _prose_words(texts)
        and not any(_tells(block, 2) for block in _unattributed(texts))
    )


def _prose_words(blocks: Sequence[Block]) -> int:
    """Words of paragraphs that are whole sentences and no motto with its author below it."""
    words = 0
    for i, block in enumerate(blocks):
        count = len(block.text.split())
        attributed = any(_ATTRIBUTION.match(other.text.rsplit("\n", 1)[-1]) for other in blocks[i : i + 2])
        if count >= _PROSE_PARAGRAPH and _SENTENCES.search(block.text) and not attributed and "\n" not in block.text:
            words += count
    return words


def _unattributed(blocks: Sequence[Block]) -> Iterator[Block]:
    """Paragraphs that are no verse and no motto with its author below it."""
    for i, block in enumerate(blocks):
        lines = [other.text.rsplit("\n", 1)[-1] for other in blocks[i : i + 2]]
        if not block.mark and "\n" not in block.text and not any(map(_ATTRIBUTION.match, lines)):
            yield block


def _tells(block: Block, fewest: int = _FEWEST_WORDS) -> bool:
    """Whether a paragraph above the first heading is one whole sentence, or more, of a story rather than of a book."""
    text = block.text
    if block.heading or len(text.split()) < fewest or text.isupper() or _OF_BOOK.search(text):
        return False
    if byline(text) or is_note(text) or all(word[:1].isupper() for word in text.split()):
        return False
    return _SENTENCES.search(text[-3:]) is not None and not (text[0] in '"“„«' and _NAMED_BEHIND.search(text))


def _without_front(drafts: list[Draft], source: Source) -> list[Draft]:
    """Set aside a title page; what reads like prose before the first heading is a chapter."""
    front = drafts[0]
    if not front.has_text:
        return drafts[1:]
    prose = _prose_words(front.blocks)
    if front.words > _FRONT_WORDS or prose >= _FRONT_PROSE or any(map(_tells, _unattributed(front.blocks))):
        _take_title(front, source)
        if front.words <= _FRONT_WORDS * 4:
            source.warn(front.line, PROBLEMS["front_doubted"])
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
        elif n == 0 and metadata.title is None and len(line) <= _TITLE_LENGTH and not _ends_sentence(line):
            title, _, author = line.rpartition(" by ")
            if title and blocks[0].heading and len(author.split()) <= _NAMES and looks_like_title(author):
                metadata.title, metadata.authors = title, metadata.authors or (author,)
            else:
                set_fact("title", line, blocks[0].line, source)


def _ends_sentence(text: str) -> bool:
    return text[-1] in ".,;" and len(text.split()) >= _SENTENCE_WORDS
