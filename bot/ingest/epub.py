"""EPUB: books of sites, of FanFicFare and calibre, of Standard Ebooks and Project Gutenberg."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, BinaryIO

from bot.domain.breaks import Block
from bot.domain.errors import BadInput
from bot.ingest.archives import Archive, shown
from bot.ingest.attributes import KINDS_BY_TYPE, STORY
from bot.ingest.declared import decode_page
from bot.ingest.footnotes import Footnotes
from bot.ingest.headings import Level, heading_of
from bot.ingest.html import take_about_table, without_declarations
from bot.ingest.metadata import MAX_CHAPTERS, Source
from bot.ingest.packages import Entry, Package, package_of
from bot.ingest.pages import Passage, Walker
from bot.ingest.revisions import kinds_of_changes
from bot.ingest.rulers import with_rulers
from bot.ingest.sifting import blocks_of, take_text_header, without_boilerplate
from bot.ingest.sites import take_archive_byline, take_definitions, take_summary
from bot.ingest.trees import MAX_BOOK_TAGS, MAX_PAGE, MAX_TAGS, sheets_in, text_of, tree_of, without_idle_spans
from bot.ingest.unseen import told_of_garbled, told_of_unseen
from bot.strings import PROBLEMS

_STEMS = {
    "title_page": "front",
    "titlepage": "front",
    "title": "front",
    "cover": "front",
    "coverpage": "front",
    "halftitle": "front",
    "halftitlepage": "front",
    "toc_page": "contents",
    "toc": "contents",
    "nav": "contents",
    "contents": "contents",
    "log_page": "log",
    "imprint": "licence",
    "colophon": "licence",
    "uncopyright": "licence",
    "copyright": "licence",
    "license": "licence",
    "dedication": "dedication",
    "endnotes": "notes",
    "footnotes": "notes",
}
_LABELS = {
    "title page": "front",
    "titlepage": "front",
    "cover": "front",
    "half title": "front",
    "contents": "contents",
    "table of contents": "contents",
    "update log": "log",
    "log": "log",
    "imprint": "licence",
    "colophon": "licence",
    "uncopyright": "licence",
    "copyright": "licence",
    "copyright page": "licence",
    "the full project gutenberg license": "licence",
    "the full project gutenberg™ license": "licence",
    "dedication": "dedication",
    "acknowledgements": "acknowledgements",
    "acknowledgments": "acknowledgements",
    "about the author": "about the author",
    "also by the author": "about the author",
    "endnotes": "notes",
    "footnotes": "notes",
    "transcriber's note": "transcriber's note",
    "transcriber’s note": "transcriber's note",
}
_ALSO = re.compile(r"(?:also|more|(?:other )?(?:books|titles|works|stories)) (?:from|by) .{1,80}|(?:other|more) books")
_GUIDE = {
    "toc": "contents",
    "title-page": "front",
    "cover": "front",
    "copyright-page": "licence",
    "acknowledgements": "acknowledgements",
    "dedication": "dedication",
    "colophon": "licence",
    "notes": "notes",
    "index": "contents",
    "loi": "contents",
    "lot": "contents",
}
_ARCHIVE = re.compile(r"Posted originally on the\s", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_HEAD = 4
"""How many paragraphs at the beginning of a chapter may together be its heading."""
_COARSE = 1.5
"""Where a book has this many times more numbered headings than contents, its contents do not count."""
_MAX_MISSING = 5
_PAGE_WORDS = 15
"""A page with fewer words is no chapter of its own."""
_LONGEST_HEAD = 100
_SPLIT = re.compile(r"_split_?0*[1-9]\d*\b", re.IGNORECASE)
"""How calibre calls the second and later pieces of a page that was too large."""
_ENDED = re.compile(r"[.!?…:—–*~。！？][\W_]*\Z")


def read(stream: BinaryIO, file: str) -> Source:
    """Understand one EPUB. Its "lines" are the paragraphs of the whole book, counted from 1.

    Raises:
        BadInput: it is damaged, protected, or holds no book.
    """
    archive = Archive(stream, file)
    package = package_of(archive, file)
    source = Source(file=file, blocks=[], metadata=package.metadata)
    passages, starts = _passages(archive, package, source)
    for n, passage in enumerate(passages, 1):
        block = passage.block
        passage.block = Block(block.text, n, block.gap, block.emphasis, block.heading, block.mark)
    cut = _cut_at_contents(passages, starts, package.contents, file)
    if not any(passage.chief for passage in cut):
        cut = _cut_at_pages(cut, starts, source)
    passages = without_boilerplate(with_rulers(cut))
    take_about_table(passages, source)
    if not any(passage.chief for passage in passages):
        passages = take_text_header(passages, source)
    source.blocks = blocks_of(passages, source)
    _warn(archive, package, source)
    return source


def _warn(archive: Archive, package: Package, source: Source) -> None:
    if package.missing:
        names = ", ".join(map(shown, package.missing[:_MAX_MISSING])) + (
            ", …" if len(package.missing) > _MAX_MISSING else ""
        )
        source.warn(None, PROBLEMS["pages_missing"].format(count=len(package.missing), names=names))
    for name in archive.doubles:
        if name in package.pages:
            source.warn(None, PROBLEMS["entry_twice"].format(name=shown(name)))
    if package.guessed:
        source.warn(None, PROBLEMS["pages_guessed"])


def _passages(archive: Archive, package: Package, source: Source) -> tuple[list[Passage], dict[str, int]]:
    """All passages of a book in reading order, and the index at which each page begins."""
    sheets = [text for name in package.sheets[:50] if (text := _sheet(archive, name))]
    walker = Walker(sheets)
    footnotes = Footnotes()
    labels: dict[str, str] = {}
    for entry in package.contents:
        labels.setdefault(entry.page, entry.label)
    passages: list[Passage] = []
    starts: dict[str, int] = {}
    broken: list[str] = []
    archived = False
    size = tags = 0
    for name in package.pages:
        starts[name] = len(passages)
        if size > MAX_PAGE:
            raise BadInput("file_too_large", file=source.file, limit=MAX_PAGE // 1_000_000)
        if tags > MAX_BOOK_TAGS:
            raise BadInput("page_too_intricate", file=source.file, limit=MAX_BOOK_TAGS)
        try:
            text, problems = decode_page(archive.read(name), source.file)
            size += len(text)
            text, entities = without_declarations(text)
            text = without_idle_spans(text, MAX_TAGS // 2 - tags, alone=False)
            tags += text.count("<")
            root, deep = tree_of(text, source.file)
        except BadInput as wrong:
            if wrong.key == "file_empty":
                continue
            if wrong.key not in ("page_not_text", "archive_damaged"):
                raise
            broken.append(name)
            continue
        body = root.find("body")
        body = root if body is None else body
        kind = _kind_of_page(name, package, labels.get(name, ""))
        if not kind and not archived and _ARCHIVE.search(text):
            archived = True
            kind = "front"
            _about_archive_work(body, source)
        elif archived and labels.get(name, "").casefold() == "afterword":
            kind = "afterword"
        own = sheets_in(root)
        kinds = footnotes.kinds_in(body) | kinds_of_changes(body, tracked=not archived)
        page = (Walker([*sheets, *own]) if own else walker).walk(body, kind, kinds)
        if not kind:
            _name_by_heading(page.passages)
        passages += page.passages
        problems += [PROBLEMS["page_flattened"]] * deep + [PROBLEMS["entities_ignored"]] * entities
        for problem in problems:
            source.warn(None, f"{shown(name)}: {problem}")
        lost = text.count("\ufffd")
        if lost:
            source.warn(None, f"{shown(name)}: {PROBLEMS['characters_lost'].format(count=lost)}")
        for _, problem in (*told_of_unseen(text), *told_of_garbled(text)):
            source.warn(None, f"{shown(name)}: {problem}")
    if broken:
        _tell_broken(broken, package, source)
    return passages, starts


def _tell_broken(broken: Sequence[str], package: Package, source: Source) -> None:
    if len(broken) == len(package.pages):
        if package.scheme:
            raise BadInput("epub_protected", file=source.file, scheme=package.scheme)
        raise BadInput("archive_damaged", file=source.file)
    names = ", ".join(map(shown, broken[:_MAX_MISSING]))
    source.warn(None, PROBLEMS["pages_broken"].format(count=len(broken), names=names))


def _sheet(archive: Archive, name: str) -> str:
    try:
        return decode_page(archive.read(name), name)[0]
    except BadInput as wrong:
        if wrong.key == "archive_bomb":
            raise
        return ""


def _kind_of_page(name: str, package: Package, label: str) -> str:
    said = package.kinds.get(name, "")
    stem = name.rpartition("/")[2].partition(".")[0].casefold()
    return (
        _GUIDE.get(said)
        or KINDS_BY_TYPE.get(said)
        or _STEMS.get(stem)
        or _kind_of_label(label)
        or ("aside" if name in package.beside and not label else STORY)
    )


def _kind_of_label(label: str) -> str:
    """What a page with this heading is, where it is no part of the story."""
    plain = label.casefold().strip(" .:")
    return _LABELS.get(plain) or ("about the author" if _ALSO.fullmatch(plain) else STORY)


def _name_by_heading(passages: Sequence[Passage]) -> None:
    """Name a page by its first heading, where the contents do not list it."""
    story = [passage for passage in passages if not passage.kind and not passage.block.mark]
    kind = _kind_of_label(story[0].block.text) if story and story[0].block.heading else STORY
    if kind and not any(passage.block.heading for passage in story[1:]):
        for passage in story:
            passage.kind = kind


def _about_archive_work(body: Any, source: Source) -> None:
    take_definitions(body, source)
    for heading in body.iter("h1"):
        source.metadata.title = text_of(heading) or source.metadata.title
    take_archive_byline(body, source)
    take_summary(body, source)
    for link in body.iter("a"):
        if "/works/" in (link.get("href") or ""):
            source.metadata.source = link.get("href")
            break


# ---------------------------------------------------------------- chapters


def _cut_at_contents(
    passages: list[Passage], starts: dict[str, int], contents: Sequence[Entry], file: str
) -> list[Passage]:
    """Mark, or put in, the headings of the chapters that the book's table of contents lists."""
    places = _places(passages, starts, contents)
    if len(places) > MAX_CHAPTERS:
        raise BadInput("story_too_large", file=file, limit=MAX_CHAPTERS, what="chapters")
    for begin, end in pairwise([*sorted(places), len(passages)]):
        kind = _kind_of_label(places[begin])
        if kind:
            for passage in passages[begin : _next_heading(passages, begin, end)]:
                passage.kind = passage.kind or kind
            del places[begin]
    numbered = sum(
        1 for passage in passages if passage.block.heading and not passage.kind and _counts(passage.block.text)
    )
    if len(places) < 2 or numbered > _COARSE * len(places):
        return passages
    for passage in passages:
        passage.chief = False
    done = passages[: min(places)]
    for (begin, label), (end, _) in pairwise([*sorted(places.items()), (len(passages), "")]):
        head = _heading_length(passages[begin:end][:_HEAD], label)
        if head:
            first = passages[begin]
            said = _as_one([passage.block.text for passage in passages[begin : begin + head]])
            text = label if _words(said) == _words(label) and heading_of(label) else said
            done.append(replace(first, block=replace(first.block, text=text, heading=1, emphasis=()), chief=True))
        else:
            line = passages[begin].block.line
            done.append(Passage(Block(label, line, heading=1), chief=True))
        done += passages[begin + head : end]
    return done


def _cut_at_pages(passages: list[Passage], starts: dict[str, int], source: Source) -> list[Passage]:
    """Begin a chapter with each page of some length, in a book in which nothing else says where one begins."""
    if any(not passage.kind and _heads(passage.block) for passage in passages):
        return passages
    cuts: list[int] = []
    text = ""
    for (name, begin), (_, end) in pairwise([*starts.items(), ("", len(passages))]):
        story = [passage.block.text for passage in passages[begin:end] if _is_prose(passage)]
        if sum(len(paragraph.split()) for paragraph in story) >= _PAGE_WORDS and not (
            cuts and (_SPLIT.search(name) or not _ENDED.search(text))
        ):
            cuts.append(begin)
        text = story[-1] if story else text
    if len(cuts) < 2:
        return passages
    done = passages[: cuts[0]]
    for number, (begin, end) in enumerate(pairwise([*cuts, len(passages)]), 1):
        # Only the number is put in: such a chapter has no title.
        done.append(Passage(Block(f"Chapter {number}", passages[begin].block.line, heading=1), chief=True))
        done += passages[begin:end]
    source.warn(None, PROBLEMS["pages_as_chapters"].format(count=len(cuts)))
    return done


def _is_prose(passage: Passage) -> bool:
    return not (passage.kind or passage.picture or passage.block.mark)


def _heads(block: Block) -> bool:
    return block.heading > 0 or (
        not block.mark and len(block.text) <= _LONGEST_HEAD and heading_of(block.text) is not None
    )


def _next_heading(passages: Sequence[Passage], begin: int, end: int) -> int:
    """Where what begins under a heading ends: at the next one of its level, or at the next place of the contents."""
    level = passages[begin].block.heading or 6
    return next((i for i in range(begin + 1, end) if 0 < passages[i].block.heading <= level), end)


def _as_one(texts: Sequence[str]) -> str:
    """Paragraphs that head a chapter together as one heading."""
    first, *others = (" ".join(text.split()) for text in texts)
    found = heading_of(first) if others else None
    if found is not None and found.number is not None and not found.title:
        first = first.rstrip(".:") + ":"
    return " ".join((first, *others))


def _counts(text: str) -> bool:
    found = heading_of(text)
    return found is not None and found.level is Level.CHAPTER and found.number is not None


def _places(passages: Sequence[Passage], starts: dict[str, int], contents: Sequence[Entry]) -> dict[int, str]:
    """Where in the story each entry of the contents points to; entries that point elsewhere left out."""
    anchors: dict[tuple[str, str], int] = {}
    order = sorted(starts.items(), key=lambda start: start[1])
    for (page, begin), (_, end) in pairwise([*order, ("", len(passages))]):
        for i in range(begin, end):
            for anchor in passages[i].anchors:
                anchors.setdefault((page, anchor), i)
    places: dict[int, str] = {}
    for entry in contents:
        if entry.page not in starts:
            continue
        i = anchors.get((entry.page, entry.anchor), starts[entry.page])
        while i < len(passages) and (passages[i].block.mark or passages[i].picture):
            i += 1
        if i < len(passages) and not passages[i].kind:
            # "Part One" and "Chapter 1" may point to one place: the chapter is what follows.
            places[i] = entry.label
    return places


def _heading_length(passages: Sequence[Passage], label: str) -> int:
    """How many paragraphs at the beginning of a chapter say no more than its entry in the contents."""
    wanted = _words(label)
    said: list[str] = []
    for n, passage in enumerate(passages):
        words = _words(passage.block.text)
        if passage.block.mark or passage.kind or not _within([*said, *words], wanted):
            return n or (1 if passage.block.heading and not passage.kind else 0)
        said += words
        if len(said) == len(wanted):
            return n + 1
    return len(passages) if said else 0


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _within(said: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether words stand in a row, from some place on, in what is wanted."""
    return bool(said) and any(
        list(wanted[at : at + len(said)]) == list(said) for at in range(len(wanted) - len(said) + 1)
    )
