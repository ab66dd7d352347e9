"""Puts together one story from its files as they were read."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from bot.domain.breaks import Block
from bot.domain.captions import with_captions
from bot.domain.dialogue import marks_of
from bot.domain.errors import BadInput
from bot.domain.insets import without_insets
from bot.domain.languages import language_of
from bot.domain.quotable import choosy
from bot.domain.scenes import scenes_of, with_blank_breaks, with_marks
from bot.domain.story import Chapter, Manuscript, Permission, Rating, strictest
from bot.domain.unmarked import TAKEN, proposals
from bot.ingest.chapters import Draft, chapters_in
from bot.ingest.metadata import MAX_CHAPTERS, MAX_PARAGRAPHS, MAX_SCENES, Metadata, Source
from bot.ingest.ownratings import rate_by_asides, rated_by_tags, take_ratings
from bot.strings import PROBLEMS

_MAX_SLUG = 80
_FIRST_NUMBER = re.compile(r"\d{1,4}(?!\d)")
_MAX_LINES_NAMED = 8


class _Placed(NamedTuple):
    """A chapter and the file that it stands in."""

    source: Source
    draft: Draft


def story_of_one_file(source: Source, name: str) -> Manuscript:
    """The story in one file, of one chapter or many.

    Args:
        source: the file as it was read.
        name: what the story is called where its source does not say.

    Raises:
        BadInput: there is no story in it, or two of its chapters have one number.
    """
    chapters = _chapters_of(source)
    metadata = source.metadata
    if len(chapters) == 1:
        draft = chapters[0].draft
        if draft.number is None and metadata.title in (None, draft.title):
            # The heading above a story that is not cut into chapters is the story's.
            metadata.title, draft.title = draft.title, None
        _describe(draft, metadata)
    title = metadata.title or _spoken(name)
    slug = slug_of(metadata.title or "") or slug_of(name)
    return _manuscript([source], chapters, title, slug, metadata, [metadata])


def story_of_files(head: Source | None, sources: Sequence[Source], name: str) -> Manuscript:
    """The story in one folder.

    Args:
        head: its ``story.md``; prose in it is not read.
        sources: its chapter files, at least one, in order.
        name: the folder's name.

    Raises:
        BadInput: there is no story in them, or two chapters have one number.
    """
    chapters: list[_Placed] = []
    for source in sources:
        found = _chapters_of(source)
        metadata = source.metadata
        if source.front_matter:
            # Beside other chapters a chapter's front matter gives its own title, not the story's.
            metadata.chapter_title, metadata.title = metadata.title, None
        if len(found) == 1:
            _describe(found[0].draft, metadata, _number_in(source.file))
        chapters += found
    if head and any(not block.mark for block in head.blocks):
        head.warn(head.blocks[0].line, PROBLEMS["story_file_prose"])
    files = [*([head] if head else []), *sources]
    about = head.metadata if head else sources[0].metadata
    title = next((file.metadata.title for file in files if file.metadata.title), None) or _spoken(name)
    return _manuscript(files, chapters, title, slug_of(name), about, [file.metadata for file in files])


def slug_of(name: str) -> str:
    """Lower-case words joined by hyphens, accents of Latin letters dropped; "" of nothing but signs."""
    plain = unicodedata.normalize("NFKD", name.replace("'", "").replace("’", ""))
    plain = "".join(char for char in plain if not "\u0300" <= char <= "\u036f")
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFC", plain).casefold())
    slug = ""
    for word in words:
        if len(slug) + len(word) >= _MAX_SLUG:
            break
        slug += ("-" if slug else "") + word
    return slug or "".join(words)[:_MAX_SLUG]


def _spoken(name: str) -> str:
    """A file's or folder's name as a title."""
    words = re.sub(r"[_\s-]+", " ", name).strip() or name
    return re.sub(r"(?<!\S)[a-z]", lambda letter: letter[0].upper(), words) if words.islower() else words


def _number_in(file: str) -> int | None:
    found = _FIRST_NUMBER.search(file)
    return int(found[0]) if found else None


def _chapters_of(source: Source) -> list[_Placed]:
    """The chapters of one file, their scene breaks found.

    Raises:
        BadInput: it has more paragraphs or scenes than any story.
    """
    if len(source.blocks) > MAX_PARAGRAPHS:
        raise BadInput("story_too_large", file=source.file, limit=MAX_PARAGRAPHS, what="paragraphs")
    source.blocks = take_ratings(with_marks(_with_lines(source.blocks)), source)
    drafts = chapters_in(source)
    rate_by_asides(source)
    chapters: list[list[Block]] = []
    framing: list[int] = []
    kinds = Counter(block.text for draft in drafts for block in draft.blocks if block.mark)
    for draft in drafts:
        blocks, lines = without_insets(draft.blocks, kinds)
        chapters.append(blocks)
        framing += lines
    chapters, doubted = with_blank_breaks(with_captions(chapters))
    chapters = [_with_unmarked(blocks, source) for blocks in chapters]
    for draft, blocks in zip(drafts, chapters, strict=True):
        draft.blocks = blocks
    if sum(block.mark for blocks in chapters for block in blocks) > MAX_SCENES:
        raise BadInput("story_too_large", file=source.file, limit=MAX_SCENES, what="scenes")
    _tell(source, PROBLEMS["marks_no_breaks"], framing)
    _tell(source, PROBLEMS["blank_lines_doubted"], doubted)
    return [_Placed(source, draft) for draft in drafts]


def _with_lines(blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks; one whose line the reader could not tell stands where the one before it does."""
    line = 1
    for block in blocks:
        line = block.line if block.line > 0 else line
        yield block if block.line > 0 else replace(block, line=line)


def _tell(source: Source, sentence: str, lines: Sequence[int]) -> None:
    """Warn of all places of one kind at once; a single line need not be named twice."""
    apart = sorted(set(lines))
    if apart:
        named = ", ".join(map(str, apart[:_MAX_LINES_NAMED])) + (", …" if len(apart) > _MAX_LINES_NAMED else "")
        source.warn(apart[0], sentence.format(lines=f" (lines {named})" if len(apart) > 1 else ""))


def _with_unmarked(blocks: list[Block], source: Source) -> list[Block]:
    """A chapter's blocks with the breaks that nothing marks but that are nearly certain; all are told."""
    found = proposals(blocks)
    if not found:
        return blocks
    taken = {proposal.block for proposal in found if proposal.confidence >= TAKEN}
    _tell(source, PROBLEMS["breaks_taken"], [blocks[i].line for i in sorted(taken)])
    proposed = [blocks[proposal.block].line for proposal in found if proposal.block not in taken]
    _tell(source, PROBLEMS["breaks_proposed"], proposed)
    marked: list[Block] = []
    for i, block in enumerate(blocks):
        if i in taken:
            marked.append(Block("", block.line, mark=True))
        marked.append(block)
    return marked


def _describe(draft: Draft, metadata: Metadata, number: int | None = None) -> None:
    """Give the only chapter of a file what the file says of it; ``number`` is the last resort."""
    if metadata.chapter is not None:
        draft.number = metadata.chapter
    elif draft.number is None:
        draft.number = number
    draft.title = metadata.chapter_title or draft.title
    draft.date = metadata.chapter_date


def _manuscript(
    sources: Sequence[Source],
    placed: Sequence[_Placed],
    title: str,
    slug: str,
    about: Metadata,
    all_facts: Sequence[Metadata],
) -> Manuscript:
    if not placed:
        raise BadInput("story_empty", file=sources[-1].file)
    if len(placed) > MAX_CHAPTERS:
        raise BadInput("story_too_large", file=sources[-1].file, limit=MAX_CHAPTERS, what="chapters")
    _number(placed)
    marks = marks_of(block.text for _, draft in placed for block in draft.blocks)
    language = about.language or next((facts.language for facts in all_facts if facts.language), "und")
    spoken = language_of(language, (block.text for _, draft in placed for block in draft.blocks if not block.mark))
    scenes = [scenes_of(draft.blocks, marks, language=spoken, judge=False) for _, draft in placed]
    chosen = iter(choosy([scene for chapter in scenes for scene in chapter], marks))
    chapters = [
        Chapter(
            number=draft.number or 0,
            scenes=tuple(islice(chosen, len(own))),
            title=draft.title,
            date=draft.date,
        )
        for (_, draft), own in zip(placed, scenes, strict=True)
    ]
    rating = strictest([facts.rating for facts in all_facts if facts.rating])
    if rating and about.rating and rating is not about.rating:
        other = next(source for source in sources if source.metadata.rating is rating)
        other.warn(None, PROBLEMS["ratings_differ"].format(rating=rating, stated=about.rating))
    story = Manuscript(
        slug=slug or "story",
        title=title,
        chapters=tuple(sorted(chapters, key=lambda chapter: chapter.number)),
        authors=about.authors or _united(facts.authors for facts in all_facts),
        rating=rating or Rating.UNRATED,
        warnings=_united(facts.warnings for facts in all_facts),
        language=language,
        summary=about.summary or "",
        source=about.source or "",
        permission=about.permission or next((f.permission for f in all_facts if f.permission), Permission()),
        problems=tuple(problem for source in sources for problem in source.problems),
        set_aside=tuple(piece for source in sources for piece in source.set_aside),
    )
    return rated_by_tags(story, sources[0].file)


def _united(values: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """All of several lists, each once however it is capitalised."""
    united: dict[str, str] = {}
    for value in values:
        for item in value:
            united.setdefault(item.casefold(), item)
    return tuple(united.values())


def _number(placed: Sequence[_Placed]) -> None:
    """Give every chapter a number: its own, else the one after the chapter before it.

    Numbers that begin again at 1 within a file, as parts and volumes do, are counted on. Where what has no
    number stands between two that follow one another, the later ones make room until the file leaves a number out.

    Raises:
        BadInput: two chapters have the same number.
    """
    taken: dict[int, _Placed] = {}
    # What stands before a chapter 1 is chapter 0.
    last = -1 if placed[0].draft.number is None and any(draft.number == 1 for _, draft in placed) else 0
    for source, chapters in _by_file(placed):
        offset = written = 0
        told = set[str]()
        for n, chapter in enumerate(chapters):
            draft = chapter.draft
            if draft.number is None:
                number = last + 1
            else:
                number = draft.number + offset
                pushed = written < draft.number
                if n and written == draft.number and number <= last:
                    # A number given twice; what follows keeps its own as far as there is room.
                    heading, other = draft.heading or str(draft.number), chapters[n - 1].draft.line
                    twice = PROBLEMS["chapter_twice_counted"].format(heading=heading, other=other, number=last + 1)
                    source.warn(draft.line, twice)
                    told.add(PROBLEMS["chapters_pushed"])
                    draft.title = draft.title or draft.heading or None
                    number = last + 1
                elif number <= last and chapter is not chapters[0]:
                    # A part began the count again, or interludes without a number took those that follow.
                    problem = PROBLEMS["chapters_pushed" if pushed and draft.number > 1 else "chapters_counted_on"]
                    if problem == PROBLEMS["chapters_counted_on"]:
                        offset = last + 1 - draft.number
                    if draft.number == 1 or problem not in told:
                        heading = draft.heading or str(draft.number)
                        source.warn(draft.line, problem.format(heading=heading, number=last + 1))
                        told.add(problem)
                    if draft.number > 1 and draft.title is None:
                        draft.title = draft.heading or None
                    number = last + 1
                written = draft.number
            if number in taken:
                other = taken[number]
                raise BadInput(
                    "chapter_twice",
                    number=number,
                    file=source.file,
                    line=draft.line,
                    other_file=other.source.file,
                    other_line=other.draft.line,
                )
            taken[number] = chapter
            draft.number = last = number


def _by_file(placed: Sequence[_Placed]) -> Iterator[tuple[Source, list[_Placed]]]:
    files: dict[str, list[_Placed]] = {}
    for chapter in placed:
        files.setdefault(chapter.source.file, []).append(chapter)
    for chapters in files.values():
        yield chapters[0].source, chapters
