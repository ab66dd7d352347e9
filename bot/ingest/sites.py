"""What the pages of fiction sites say of a story, and which part of such a page is the story."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from bot.ingest.attributes import HEAD, STORY
from bot.ingest.header import set_fact
from bot.ingest.headings import byline, chapter_named
from bot.ingest.metadata import Source
from bot.ingest.trees import text_of


def _with_class(name: str) -> str:
    return f"(@class and contains(concat(' ',normalize-space(@class),' '),' {name} '))"


_STORY_PARTS = (
    "//*[@id='storytextp' or @id='storytext' or @id='storycontent' or @id='chp_raw']"
    f"|//*[{_with_class('chapter-content')}]"
)
_ARTICLES = (
    f"//*[@itemprop='articleBody' or {_with_class('entry-content')} or {_with_class('b-singlepost-body')}"
    f" or {_with_class('aentry-post__text')} or {_with_class('part-content')}]|//body//article"
)
_WORKS = "//*[@id='workskin']"
_NAMES = frozenset(
    "workskin storytextp storytext storycontent chp_raw chapter-content articleBody entry-content b-singlepost-body "
    "aentry-post__text part-content".split()
)
"""What the elements sought are called: one look tells that a page has none of them."""
_WORK_PARTS = {
    f".//*[@id='chapters']//div[{_with_class('userstuff')} and not(ancestor::blockquote)"
    f" and not(ancestor::*[{_with_class('preface')}])]": STORY,
    f".//*[{_with_class('chapter')} and {_with_class('preface')}]/h3[{_with_class('title')}]": HEAD,
    f".//*[{_with_class('summary')} and {_with_class('module')}]": "summary",
    f".//*[{_with_class('notes')} and {_with_class('module')}]": "notes",
    f".//*[{_with_class('title')} or {_with_class('byline')}][{_with_class('heading')}]": "front",
}
_AROUND_POSTS = (
    "tags", "post-tags", "entry-tags", "tag-list", "entry-meta", "post-meta", "entry-footer", "post-footer",
    "notes-count", "note-count", "post-notes", "ljtags", "sharedaddy", "share-buttons", "poststags",
)  # fmt: skip
_WORK = re.compile(r"https?://[^\s\"'<>]+/(?:works|s|fiction|story|viewstory)[^\s\"'<>]+", re.IGNORECASE)
_FFNET = re.compile(r"Rated:\s*(?:Fiction\s+)?([A-Z]\+?|[A-Z]{1,2}(?:-\d\d)?)\s+-\s+([A-Z]\w+)")
_WATTPAD = re.compile(r"(.{1,150}?) - (.{1,150}) - Wattpad")


def story_parts(root: Any, body: Any) -> tuple[dict[Any, str], bool]:
    """Which elements of a site's page are story and what the rest of it is; none where no site is known.

    Returns:
        Kinds of elements; and whether it is an article of a blog, which its author may head with a title.
    """
    if _NAMES.isdisjoint(_names_in(root)) and next(root.iter("article"), None) is None:
        return {}, False
    works = root.xpath(_WORKS)
    if works:
        kinds = {body: "page"}
        for path, kind in _WORK_PARTS.items():
            kinds |= dict.fromkeys(works[0].xpath(path), kind)
        if STORY in kinds.values():
            return kinds, False
    parts = _outermost(root.xpath(_STORY_PARTS))
    article = not parts
    parts = parts or _outermost(root.xpath(_ARTICLES))[:1]
    if not parts:
        return {}, False
    kinds = {body: "page"} | dict.fromkeys(parts, STORY)
    for name in _AROUND_POSTS if article else ():
        kinds |= dict.fromkeys(parts[0].xpath(f".//*[{_with_class(name)}]"), "page")
    return kinds, article


def _names_in(root: Any) -> set[str]:
    """All words that attributes of a page hold."""
    return {word for value in set(root.xpath("//@*", smart_strings=False)) for word in value.split()}


def _outermost(elements: Sequence[Any]) -> list[Any]:
    """Those that stand in none of the others, with text in them."""
    chosen = set(elements)
    return [
        element
        for element in elements
        if not any(above in chosen for above in element.iterancestors()) and any(t.strip() for t in element.itertext())
    ]


def is_archive_download(root: Any) -> bool:
    """Whether a page was downloaded from an archive that runs OTW's software."""
    if not _names_in(root) >= {"preface", "chapters"}:
        return False
    return bool(root.xpath("//*[@id='preface'] and //*[@id='chapters']"))


def about_archive_work(root: Any, source: Source) -> None:
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


def about_site_page(root: Any, source: Source) -> None:
    """What stands round the story on a site's page."""
    if root.xpath(_WORKS):
        _about_archive_page(root, source)
    elif top := root.xpath("//*[@id='profile_top']"):
        _about_fanfiction_net(root, top[0], source)
    elif root.xpath(f"//*[{_with_class('chapter-content')}]"):
        _about_royal_road(root, source)
    elif (title := root.find(".//title")) is not None and (found := _WATTPAD.fullmatch(text_of(title))):
        source.metadata.title = found[1]
        number, name = chapter_named(found[2])
        source.metadata.chapter, source.metadata.chapter_title = number, name
    canonical = root.xpath("//link[@rel='canonical']/@href|//meta[@property='og:url']/@content")
    if canonical and urlsplit(canonical[0]).scheme in ("http", "https"):
        source.metadata.source = str(canonical[0])


def _about_archive_page(root: Any, source: Source) -> None:
    """A work as the archive's own page shows it, saved by a browser."""
    metadata = source.metadata
    work = root.xpath(_WORKS)[0]
    for tags in root.xpath(f"//dl[{_with_class('work')} and {_with_class('meta')}]")[:1]:
        take_definitions(tags, source)
    for preface in work.xpath(f"./*[{_with_class('preface')}]")[:1]:
        for heading in preface.xpath(f".//h2[{_with_class('title')}]")[:1]:
            metadata.title = text_of(heading) or metadata.title
        take_archive_byline(preface, source)
        for summary in preface.xpath(f".//*[{_with_class('summary')}]//blockquote")[:1]:
            metadata.summary = text_of(summary)
    for link in root.xpath("//a[contains(@href,'/works/')]/@href"):
        if found := re.match(r"https?://[^/]+/works/\d+", link):
            metadata.source = metadata.source or found[0]
            break


def _about_fanfiction_net(root: Any, top: Any, source: Source) -> None:
    metadata = source.metadata
    for name in top.xpath("./b|.//b[contains(@class,'xcontrast_txt')]")[:1]:
        metadata.title = text_of(name)
    for link in top.xpath(".//a[starts-with(@href,'/u/') or contains(@href,'fanfiction.net/u/')]")[:1]:
        metadata.authors = (text_of(link),)
    for about in top.xpath("./div[contains(@class,'xcontrast_txt')]")[:1]:
        metadata.summary = text_of(about)
    rated = _FFNET.search(text_of(top))
    if rated:
        set_fact("rating", rated[1], 1, source)
        set_fact("language", rated[2], 1, source)
    for chosen in root.xpath("//select[@id='chap_select']/option[@selected]")[:1]:
        metadata.chapter, metadata.chapter_title = chapter_named(text_of(chosen))


def _about_royal_road(root: Any, source: Source) -> None:
    metadata = source.metadata
    for heading in root.xpath("//h1")[:1]:
        number, title = chapter_named(text_of(heading))
        metadata.chapter_title = text_of(heading) if number is None else title
        metadata.chapter = number
    for heading in root.xpath("//h2")[:1]:
        metadata.title = text_of(heading) or metadata.title
    for link in root.xpath("//h3//a[contains(@href,'/profile/')]|//h4//a[contains(@href,'/profile/')]")[:1]:
        metadata.authors = (text_of(link),)
