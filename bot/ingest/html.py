"""HTML: downloads of fiction sites, saved pages, exports of word processors."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from bot.domain.breaks import Block
from bot.ingest import plaintext
from bot.ingest.declared import decode_page
from bot.ingest.header import set_fact
from bot.ingest.headings import byline, chapter_named
from bot.ingest.metadata import Source
from bot.ingest.pages import STORY, Walker, sheets_in, tidy, tree_of, with_rulers
from bot.ingest.sifting import blocks_of, take_text_header, without_boilerplate
from bot.strings import PROBLEMS

_STORY_PARTS = (
    "//*[@id='storytextp' or @id='storytext' or @id='chp_raw']"
    "|//*[contains(concat(' ',normalize-space(@class),' '),' chapter-content ')]"
)
_ARTICLES = (
    "//*[@itemprop='articleBody' or "
    "contains(concat(' ',normalize-space(@class),' '),' entry-content ')]|//body//article"
)
_TAG = re.compile(r"<[a-zA-Z!/?]")
_DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]{0,500}\[.*?\]\s*>", re.DOTALL | re.IGNORECASE)
_ENTITY = re.compile(r"<!ENTITY\s", re.IGNORECASE)
_DOCTYPE_LENGTH = 100_000
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_WORK = re.compile(r"https?://[^\s\"'<>]+/(?:works|s|fiction|story|viewstory)[^\s\"'<>]+", re.IGNORECASE)
_TITLE_BY = re.compile(r"(.{1,150}?)\s+by\s+(\S.{0,80})", re.DOTALL)
_SITE_TITLE = re.compile(
    r"\s+(?:\||-|–|—|::)\s+(?:FanFiction(?:\.net)?|Royal Road|Archive of Our Own).*", re.IGNORECASE
)
_EMPTY_TITLE = re.compile(r"untitled|no title|document\d*|microsoft word.*|unknown|index|new page.*|", re.IGNORECASE)
_GUTENBERG = re.compile(r"(?:The )?Project Gutenberg(?:['’]s|(?:™|\(tm\))? e-?(?:book|text) of) ", re.IGNORECASE)
_FFNET = re.compile(r"Rated:\s*(?:Fiction\s+)?([A-Z]\+?|[A-Z]{1,2}(?:-\d\d)?)\s+-\s+([A-Z]\w+)")
_PRE_SHARE = 0.6


def read(data: bytes, file: str) -> Source:
    """Understand one HTML file.

    Raises:
        BadInput: it is empty, no text, or nested beyond measure.
    """
    text, guessed = decode_page(data, file)
    if not _TAG.search(text, 0, 1_000_000):
        return plaintext.read(text, file)
    text, entities = without_declarations(text)
    root, deep = tree_of(text, file)
    plain = _only_plain(root)
    if plain is not None:
        source = plaintext.read(plain.text, file)
        source.blocks = [_lower(block, (plain.sourceline or 1) - 1) for block in source.blocks]
    else:
        source = _read_tree(root, file)
    if guessed:
        source.warn(None, PROBLEMS["encoding_guessed"])
    if deep:
        source.warn(None, PROBLEMS["page_flattened"])
    if entities:
        source.warn(1, PROBLEMS["entities_ignored"])
    lost = text.count("\ufffd")
    if lost:
        source.warn(text.count("\n", 0, text.index("\ufffd")) + 1, PROBLEMS["characters_lost"].format(count=lost))
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
    archive = _is_archive_download(root)
    kinds: dict[Any, str] = {}
    if not archive:
        parts = _outermost(root.xpath(_STORY_PARTS)) or _outermost(root.xpath(_ARTICLES))[:1]
        if parts:
            kinds = {body: "page"} | dict.fromkeys(parts, STORY)
    page = Walker(sheets_in(root), kinds).walk(body)
    passages = without_boilerplate(with_rulers(page.passages))
    _about(root, source)
    if archive:
        _about_archive_work(root, source)
    elif kinds:
        _about_site_page(root, source)
    if not archive and not kinds:
        take_about_table(passages, source)
        passages = take_text_header(passages, source)
    source.blocks = blocks_of(passages, source, whole=bool(kinds))
    return source


def _only_plain(root: Any) -> Any:
    """The one ``pre`` in which nearly all of a page's text stands, if it is such a page."""
    pres = root.xpath("//pre[not(*)]")
    if len(pres) != 1 or not pres[0].text:
        return None
    everything = sum(len(text) for text in root.itertext())
    return pres[0] if len(pres[0].text) > _PRE_SHARE * everything else None


def _lower(block: Block, lines: int) -> Block:
    return replace(block, line=block.line + lines)


def _outermost(elements: Sequence[Any]) -> list[Any]:
    """Those that stand in none of the others, with text in them."""
    chosen = set(elements)
    return [
        element
        for element in elements
        if not any(above in chosen for above in element.iterancestors()) and any(t.strip() for t in element.itertext())
    ]


# ---------------------------------------------------------------- what a page says of its story


def text_of(element: Any) -> str:
    """The text within an element on one line."""
    return " ".join(tidy("".join(element.itertext())).split())


def _about(root: Any, source: Source) -> None:
    """What any page may say: language, author, title."""
    metadata = source.metadata
    for element in (root, root.find("body")):
        language = "" if element is None else element.get("lang") or element.get("xml:lang") or ""
        if metadata.language is None and _LANGUAGE.fullmatch(language):
            metadata.language = language
    for link in root.xpath("//h1/a/@href")[:1]:
        if link.startswith(("http://", "https://")):
            metadata.source = str(link)
            named = _TITLE_BY.fullmatch(text_of(root.find(".//h1")))
            if named:
                metadata.title, metadata.authors = named[1], tuple(re.split(r",\s+", named[2]))
    for element in root.iter("meta"):
        name = (element.get("name") or element.get("property") or "").casefold()
        value = " ".join(tidy(element.get("content") or "").split())
        if name in ("author", "dc.creator", "dcterms.creator") and value:
            metadata.authors = metadata.authors or (value,)
        elif name in ("dc.title", "dcterms.title") and value:
            metadata.title = value
    if metadata.title is None:
        title = root.find(".//title")
        said = _SITE_TITLE.sub("", text_of(title)) if title is not None else ""
        said = _GUTENBERG.sub("", said)
        found = _TITLE_BY.fullmatch(said)
        if found:
            metadata.title = found[1].rstrip(" ,")
            metadata.authors = metadata.authors or (found[2],)
        elif said and not _EMPTY_TITLE.fullmatch(said) and len(said) <= 200:
            metadata.title = said


def _is_archive_download(root: Any) -> bool:
    return bool(root.xpath("//*[@id='preface'] and //*[@id='chapters']"))


def _about_archive_work(root: Any, source: Source) -> None:
    """The preface of a work downloaded from an archive that runs OTW's software."""
    metadata = source.metadata
    preface = root.xpath("//*[@id='preface']")[0]
    take_definitions(preface, source)
    for heading in preface.iter("h1"):
        metadata.title = text_of(heading) or metadata.title
    take_archive_byline(preface, source)
    take_summary(preface, source)
    link = _WORK.search(" ".join(a.get("href") or "" for a in preface.iter("a")))
    if link:
        metadata.source = link[0].rstrip(".")


def take_definitions(part: Any, source: Source) -> None:
    """The tags of a work: a list of terms and definitions."""
    for term in part.iter("dt"):
        value = term.getnext()
        if value is None or value.tag != "dd":
            continue
        links = [text_of(link) for link in value.iter("a")]
        set_fact(text_of(term), ", ".join(links) or text_of(value), term.sourceline or 1, source)


def take_archive_byline(part: Any, source: Source) -> None:
    """The authors whom a byline links, or names."""
    authors = tuple(text_of(link) for link in part.iter("a") if link.get("rel") == "author")
    if not authors:
        lines = part.xpath(".//*[starts-with(@class,'byline')]")
        named = byline(text_of(lines[0])) if lines else None
        authors = tuple(re.split(r",\s+", named)) if named else ()
    source.metadata.authors = authors or source.metadata.authors


def take_summary(part: Any, source: Source) -> None:
    """The block that stands below the word "Summary"."""
    for label in part.iter("p"):
        following = label.getnext()
        if following is not None and following.tag == "blockquote" and text_of(label).rstrip(":") == "Summary":
            source.metadata.summary = text_of(following)
            return


def _about_site_page(root: Any, source: Source) -> None:
    """What stands around the story on the pages of FanFiction.net and Royal Road."""
    metadata = source.metadata
    top = root.xpath("//*[@id='profile_top']")
    if top:
        for name in top[0].xpath("./b|.//b[contains(@class,'xcontrast_txt')]")[:1]:
            metadata.title = text_of(name)
        for link in top[0].xpath(".//a[starts-with(@href,'/u/') or contains(@href,'fanfiction.net/u/')]")[:1]:
            metadata.authors = (text_of(link),)
        for about in top[0].xpath("./div[contains(@class,'xcontrast_txt')]")[:1]:
            metadata.summary = text_of(about)
        rated = _FFNET.search(text_of(top[0]))
        if rated:
            set_fact("rating", rated[1], 1, source)
            set_fact("language", rated[2], 1, source)
        for chosen in root.xpath("//select[@id='chap_select']/option[@selected]")[:1]:
            metadata.chapter, metadata.chapter_title = chapter_named(text_of(chosen))
    elif root.xpath("//*[contains(concat(' ',normalize-space(@class),' '),' chapter-content ')]"):
        for heading in root.xpath("//h1")[:1]:
            number, title = chapter_named(text_of(heading))
            metadata.chapter_title = text_of(heading) if number is None else title
            metadata.chapter = number
        for heading in root.xpath("//h2")[:1]:
            metadata.title = text_of(heading) or metadata.title
        for link in root.xpath("//h3//a[contains(@href,'/profile/')]|//h4//a[contains(@href,'/profile/')]")[:1]:
            metadata.authors = (text_of(link),)
    canonical = root.xpath("//link[@rel='canonical']/@href|//meta[@property='og:url']/@content")
    if canonical and urlsplit(canonical[0]).scheme in ("http", "https"):
        metadata.source = str(canonical[0])


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
