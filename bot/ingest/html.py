"""HTML: downloads of fiction sites, saved pages, exports of word processors."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from bot.domain.breaks import Block
from bot.domain.minors import is_refused
from bot.ingest import plaintext
from bot.ingest.boilerplate import title_key
from bot.ingest.declared import decode_page
from bot.ingest.footnotes import Footnotes
from bot.ingest.header import set_fact
from bot.ingest.headings import byline, heading_of
from bot.ingest.metadata import Source
from bot.ingest.pages import Passage, Walker
from bot.ingest.revisions import kinds_of_changes
from bot.ingest.rows import tidy
from bot.ingest.rulers import with_rulers
from bot.ingest.sifting import blocks_of, take_byline, take_licence_facts, take_text_header, without_boilerplate
from bot.ingest.sites import about_archive_work, about_site_page, is_archive_download, story_parts
from bot.ingest.trees import sheets_in, text_of, tree_of
from bot.ingest.unseen import told_of_garbled, told_of_unseen
from bot.strings import PROBLEMS

_TAG = re.compile(r"<[a-zA-Z!/?]")
_DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]{0,500}\[.*?\]\s*>", re.DOTALL | re.IGNORECASE)
_ENTITY = re.compile(r"<!ENTITY\s", re.IGNORECASE)
_DOCTYPE_LENGTH = 100_000
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_TITLE_BY = re.compile(r"(.{1,150}?)\s+by\s+(\S.{0,80})", re.DOTALL)
_SITE_TITLE = re.compile(
    r"\s+(?:\||-|–|—|::)\s+(?:FanFiction(?:\.net)?|Royal Road|Archive of Our Own).*", re.IGNORECASE
)
_EMPTY_TITLE = re.compile(r"untitled|no title|document\d*|microsoft word.*|unknown|index|new page.*|", re.IGNORECASE)
_GUTENBERG = re.compile(r"(?:The )?Project Gutenberg(?:['’]s|(?:™|\(tm\))? e-?(?:book|text) of) ", re.IGNORECASE)
_CHAPTER_OF = re.compile(r"(.{2,150}?)\s*(?:[-–—:|,]\s*)+Chapter \d+.*", re.IGNORECASE)
_TURNED_NAME = re.compile(r"([^,\d]+), ([^,\d]+)(?:, [\d?–—-]+(?: ?BCE?)?)?")
_SAVED_FROM = re.compile(r"<!-- saved from url=\(\d+\)(https?://[^\s<>\"]{1,500}?)\s*-->")
_HEAD_LENGTH = 2000
_PRE_SHARE = 0.6
_LONGEST_TITLE = 200
_HEADLINES = 4
"""How many paragraphs above a chapter on a site's page may repeat its title."""


def read(data: bytes, file: str) -> Source:
    """Understand one HTML file.

    Raises:
        BadInput: it is empty, no text, or nested beyond measure.
    """
    text, problems = decode_page(data, file)
    if not _TAG.search(text, 0, 1_000_000):
        return plaintext.read(text, file)
    saved = _SAVED_FROM.search(text, 0, _HEAD_LENGTH)
    text, entities = without_declarations(text)
    lost = text.count("\ufffd")
    lost_at = text.count("\n", 0, text.index("\ufffd")) + 1 if lost else 0
    told = (*told_of_unseen(text), *told_of_garbled(text))
    root, deep = tree_of(text, file)
    del data, text
    plain = _only_plain(root)
    if plain is not None:
        source = plaintext.read(plain.text, file)
        source.blocks = [_lower(block, (plain.sourceline or 1) - 1) for block in source.blocks]
    else:
        source = _read_tree(root, file)
    if saved:
        source.metadata.source = source.metadata.source or saved[1]
    for problem in problems:
        source.warn(None, problem)
    for line, problem in told:
        source.warn(line, problem)
    if deep:
        source.warn(None, PROBLEMS["page_flattened"])
    if entities:
        source.warn(1, PROBLEMS["entities_ignored"])
    if lost:
        source.warn(lost_at, PROBLEMS["characters_lost"].format(count=lost))
    return source


def without_declarations(text: str) -> tuple[str, bool]:
    """A page without the entities that it declares for itself; and whether it did.

    They are never expanded, so that no bomb of them can go off.
    """
    found = _DOCTYPE.search(text, 0, _DOCTYPE_LENGTH)
    if found is None:
        return text, False
    lines = "\n" * found[0].count("\n")
    return text[: found.start()] + lines + text[found.end() :], _ENTITY.search(found[0]) is not None


def _read_tree(root: Any, file: str) -> Source:
    source = Source(file=file, blocks=[])
    body = root.find("body")
    body = root if body is None else body
    archive = is_archive_download(root)
    kinds, article = ({}, False) if archive else story_parts(root, body)
    works = archive or bool(root.xpath("//*[@id='workskin']"))
    changes = kinds_of_changes(root, tracked=not works)
    page = Walker(sheets_in(root), Footnotes().kinds_in(body) | kinds | changes).walk(body)
    passages = without_boilerplate(with_rulers(page.passages))
    _about(root, source)
    if archive:
        about_archive_work(root, source)
        source.whole = True
    elif kinds:
        about_site_page(root, source)
        _without_titles(passages, source, article)
    else:
        take_licence_facts(passages, source)
        source.whole = source.whole or any(passage.kind == "licence" for passage in passages[:1])
        take_about_table(passages, source)
    if article or not (archive or kinds):
        passages = take_text_header(passages, source)
        take_byline(passages, source)
    source.blocks = blocks_of(passages, source, whole=bool(kinds))
    return source


def _without_titles(passages: list[Passage], source: Source, article: bool) -> None:
    """Set aside what a site's page says above the text once more: the titles of story and chapter, who wrote it."""
    metadata = source.metadata
    story = [passage for passage in passages if not passage.kind and not passage.chief]
    if article and story and story[0].block.heading and metadata.chapter is None:
        metadata.title = story[0].block.text.replace("\n", " ")
    known = {title_key(title) for title in (metadata.title, metadata.chapter_title) if title}
    for passage in story[:_HEADLINES]:
        block = passage.block
        found = heading_of(block.text)
        named = found is not None and found.number is not None and found.number == metadata.chapter
        if not (title_key(block.text) in known or byline(block.text) or named) or block.mark:
            break
        passage.kind = "heading"


def _only_plain(root: Any) -> Any:
    """The one ``pre`` in which nearly all of a page's text stands, if it is such a page."""
    pres = root.xpath("//pre[not(*)]")
    if len(pres) != 1 or not pres[0].text:
        return None
    everything = sum(len(text) for text in root.itertext())
    return pres[0] if len(pres[0].text) > _PRE_SHARE * everything else None


def _lower(block: Block, lines: int) -> Block:
    return replace(block, line=block.line + lines)


# ---------------------------------------------------------------- what a page says of its story


def _about(root: Any, source: Source) -> None:
    """What any page may say: language, author, title."""
    metadata = source.metadata
    for element in (root, root.find("body")):
        language = "" if element is None else element.get("lang") or element.get("xml:lang") or ""
        if metadata.language is None and _LANGUAGE.fullmatch(language):
            metadata.language = _tag(language)
    for link in root.xpath("//h1/a/@href")[:1]:
        if link.startswith(("http://", "https://")):
            metadata.source = str(link)
            named = _TITLE_BY.fullmatch(text_of(root.find(".//h1")))
            if named:
                metadata.title, metadata.authors = named[1], tuple(re.split(r",\s+", named[2]))
                source.whole = True
    for element in root.iter("meta"):
        name = (element.get("name") or element.get("property") or "").casefold()
        value = " ".join(tidy(element.get("content") or "").split())
        if name in ("author", "dc.creator", "dcterms.creator") and value:
            turned = _TURNED_NAME.fullmatch(value) if name != "author" else None
            metadata.authors = metadata.authors or (f"{turned[2]} {turned[1]}" if turned else value,)
        elif name == "rating" and value:
            set_fact("rating", value, element.sourceline or 1, source)
        elif name in ("dc.title", "dcterms.title") and value:
            metadata.title = value
        elif name in ("keywords", "news_keywords", "dc.subject", "dcterms.subject"):
            # Nothing else of them is kept: sites stuff them with everything.
            metadata.warnings += tuple(tag.strip() for tag in re.split("[,;]", value) if is_refused(tag))
    for element in root.xpath("//p[@class='MsoTitle']"):
        # What readers see on the page is newer than what the file is called inside.
        metadata.title = metadata.title or text_of(element)[:_LONGEST_TITLE] or None
    if metadata.title is None:
        title = root.find(".//title")
        said = _SITE_TITLE.sub("", text_of(title)) if title is not None else ""
        said = _GUTENBERG.sub("", said)
        chapter = _CHAPTER_OF.fullmatch(said)
        said = chapter[1] if chapter else said
        found = _TITLE_BY.fullmatch(said)
        if found:
            metadata.title = found[1].rstrip(" ,")
            metadata.authors = metadata.authors or (found[2],)
        elif said and not _EMPTY_TITLE.fullmatch(said) and len(said) <= _LONGEST_TITLE:
            metadata.title = said


def _tag(language: str) -> str:
    """A language's tag as it is usually written: ``en-GB``."""
    main, *others = language.split("-")
    return "-".join([main.lower(), *(other.upper() if len(other) == 2 else other for other in others)])


def take_about_table(passages: Any, source: Source) -> None:
    """Set what a title page says: ``Title by Author``, then labels and values."""
    metadata = source.metadata
    for passage in passages[:60]:
        if passage.kind != "front":
            continue
        for line in passage.block.text.split("\n"):
            key, colon, value = line.partition(":")
            if colon and value.strip() and set_fact(key, value.strip(), passage.block.line, source):
                continue
            found = _TITLE_BY.fullmatch(line) if passage.block.heading else None
            if found:
                metadata.title, metadata.authors = found[1], tuple(re.split(r",\s+", found[2]))
