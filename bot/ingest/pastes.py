"""Pages of fiction archives as a browser copies them into plain text: the archive's own lines among the story's."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

from bot.domain.story import SetAside
from bot.domain.text import single_spaced
from bot.ingest.header import set_fact
from bot.ingest.headings import Level, heading_of
from bot.ingest.metadata import Source

_HEAD = 400
"""The archive's facts stand within so many lines of a page."""
_KEY = re.compile(
    r"\s*(?P<key>Rating|Archive Warnings?|Categor(?:y|ies)|Fandoms?|Relationships?|Characters?|Additional Tags"
    r"|Language|Series|Collections?|Stats|Published|Completed|Updated|Words|Chapters|Comments|Kudos|Bookmarks|Hits)"
    r":(?:\s+(?P<value>\S.*))?\s*"
)
_ONE_LINE = frozenset("Published Completed Updated Words Chapters Comments Kudos Bookmarks Hits".split())
_NUMBER = re.compile(r"\s*[\d][\d,.\s/?-]*\s*")
_ORIGINALLY = re.compile(r"\s*Posted originally on the Archive of Our Own at (?P<url>https?://\S+?)\.?\s*")
_SUMMARY = re.compile(r"\s*(?:Chapter )?Summary:?\s*")
_NOTES = re.compile(r"\s*(?:(?:Chapter )?(?:End )?Notes):?\s*")
_SEE_NOTES = re.compile(r"\s*\(?See the end of the (?:chapter|work) for\s+(?:more )?notes\.?\)?\s*", re.IGNORECASE)
_TEXT = re.compile(r"\s*(?:Work Text:|Chapter Text)\s*")
_AFTER = re.compile(r"\s*(?:Actions|Kudos|Comments|Afterword|↑ Top|Post Comment)\s*")
_AFTER_NEXT = re.compile(
    r"\s*(?:↑ Top|Bookmark|Comments.*|Post Comment.*|End Notes|Kudos|.*left kudos on this work.*|Please drop by.*"
    r"|← Previous Chapter|Next Chapter →|.{0,80} \d{1,2}:\d{2}[AP]M .{2,5})\s*"
)
_BY = re.compile(r"\s*(?:by|By:)\s+(?P<name>\S.*)")
_MAX_AUTHOR = 120
_MAX_LINE = 2000
_TITLE_LINES = 3
_SENTENCE = re.compile(r"[.!?…]\W*\Z|.{100}")
_MAX_END_NOTE = 900
"""Words behind "Notes:" beyond which it is rather the story that goes on."""

_FACTS = re.compile(
    r"\s*Rated: (?:Fiction )?(?P<rating>K\+?|T|M|MA) - (?P<language>[^\W\d_]+) - .*(?:Words|Published|Chapters|id): .*"
)
_FOLLOW = re.compile(r"\s*(?:Follow/Fav\s*)?(?P<title>\S.*?)\s*(?:Follow/Fav)?\s*")
_CONTROL = re.compile(
    r"\s*(?:[+\s-]{1,5}|[+\s-]{0,5}Full 3/4 1/2.*|Expand|Tighten"
    r"|(?:<\s*Prev)?(?:\s*(?:\d{1,3}\. \S+.*))?\s*(?:Next\s*>)?"
    r"|Review this (?:[Ss]tory|[Cc]hapter).*|(?:The author would like to thank you for your continued support|Share:).*"
    r"|Favou?rite\s*:.*|(?:Go|Jump):.*|Return to Top|Actions: .*|Follow/Fav|Type your review.*|Submit Review.*)\s*"
)
_ABOVE_FACTS = 14
_CONTROLS = 12


def take_paste(lines: list[str], source: Source) -> bool:
    """Blank what an archive's page has around the story in ``lines``, setting it aside and reading its facts.

    Returns:
        Whether it is such a page. Chapter headings stay where they are.
    """
    for i in range(min(len(lines), _HEAD)):
        line = lines[i]
        if line.lstrip().startswith("Rating:") and _KEY.fullmatch(line) and _is_work(lines, i):
            _take_work(lines, i, source)
            return True
        found = _FACTS.fullmatch(line) if "Rated: " in line else None
        if found:
            _take_fiction(lines, i, found, source)
            return True
    return False


def _is_work(lines: Sequence[str], at: int) -> bool:
    keys = [found["key"] for line in lines[at : at + 60] if (found := _KEY.fullmatch(line))]
    return any(key.startswith("Archive Warning") for key in keys[1:3]) and ("Stats" in keys or "Words" in keys)


def _take_work(lines: list[str], at: int, source: Source) -> None:
    """The Archive of Our Own: facts, preface, chapters with notes, then its buttons and its readers' comments."""
    end = _read_facts(lines, at, source)
    above = [i for i in range(at) if lines[i].strip()]
    for i in above:
        found = _ORIGINALLY.fullmatch(lines[i])
        if found:
            source.metadata.source = found["url"]
            source.metadata.title = lines[above[0]].strip() if i != above[0] else None
    _put(lines, 0, at, "page", source)
    stop = _last(lines, end)
    _put(lines, stop, len(lines), "page", source)
    starts = _starts(lines, end, stop, source)
    for i in range(end, stop):
        if _TEXT.fullmatch(lines[i]):
            _put(lines, i, i + 1, "page", source)
    bounds = [*starts, (stop, stop)]
    _preface(lines, end, starts[0][0] if starts else end, source)
    for (heading, body), (following, _) in pairwise(bounds):
        _labelled(lines, heading + (heading < body), body, source)
        _end_notes(lines, body, following, source)


def _read_facts(lines: list[str], at: int, source: Source) -> int:
    """Read keys with their values, on the same line or the next ones; the index after the last of them."""
    key, values, begun, end = "", list[str](), at, at

    def keep() -> None:
        value = single_spaced(", ".join(values)).strip()
        if key:
            set_fact(key, value, begun + 1, source)
            source.set_aside.append(SetAside(key.casefold(), value, source.file, begun + 1))

    for i in range(at, min(len(lines), at + _HEAD)):
        line = lines[i]
        found = _KEY.fullmatch(line)
        if found:
            keep()
            key, begun, end = found["key"], i, i + 1
            values = [found["value"]] if found["value"] else []
        elif line.strip():
            # The last of the facts is a number or a date; so the next line is the work's title.
            last = key in _ONE_LINE or (key == "Stats" and bool(values))
            if last and (values or not _NUMBER.fullmatch(line)):
                break
            values.append(line.strip())
            end = i + 1
    keep()
    for i in range(at, end):
        lines[i] = ""
    return end


def _last(lines: Sequence[str], begin: int) -> int:
    """Where the archive's buttons and its readers' comments begin below the story."""
    for i in range(begin, len(lines)):
        if not _AFTER.fullmatch(lines[i]):
            continue
        below = [line for line in lines[i + 1 : i + 8] if line.strip()][:3]
        if any(map(_AFTER_NEXT.fullmatch, below)):
            return i
    return len(lines)


def _starts(lines: Sequence[str], begin: int, stop: int, source: Source) -> list[tuple[int, int]]:
    """For each chapter the line of its heading and the line below which its text begins."""
    texts = [i for i in range(begin, stop) if _TEXT.fullmatch(lines[i])]
    heads = [i for i in range(begin, stop) if _is_heading(lines[i])]
    if texts:
        starts: list[tuple[int, int]] = []
        before = begin
        for text in texts:
            # The last heading above the text is the chapter's; the story's own lines stand above it.
            above = bisect_left(heads, text) - 1
            own = above >= 0 and heads[above] >= before
            starts.append((heads[above] if own else text, text + 1))
            before = text + 1
        return starts
    if heads:
        return [(i, _below_labels(lines, i + 1, stop)) for i in heads]
    title = (source.metadata.title or "").casefold()
    again = [i for i in range(begin, stop) if title and lines[i].strip().casefold() == title]
    start = again[-1] if again else begin
    if again:
        return [(start, _below_labels(lines, start + 1, stop))]
    first = next(_paragraphs(lines, begin, stop), (begin, begin))
    if first[1] - first[0] > _TITLE_LINES or any(_SENTENCE.search(line) for line in lines[first[0] : first[1]]):
        return []
    body = _below_labels(lines, first[1], stop)
    return [(body, body)]


def _is_heading(line: str) -> bool:
    text = line.strip()
    heading = heading_of(text) if text.startswith("Chapter ") else None
    return heading is not None and heading.level is Level.CHAPTER and heading.number is not None


def _below_labels(lines: Sequence[str], at: int, stop: int) -> int:
    """The line below a chapter's summary and notes, of which the archive says that they are there."""
    for label in (_SUMMARY, _NOTES):
        i = at
        while i < stop and not lines[i].strip():
            i += 1
        if i >= stop or not label.fullmatch(lines[i]):
            continue
        # One paragraph under each label; what follows may be story.
        for _ in range(2):
            i += 1
            while i < stop and not lines[i].strip():
                i += 1
            while i < stop and lines[i].strip():
                i += 1
            following = next((line for line in lines[i:stop] if line.strip()), "")
            if not _SEE_NOTES.fullmatch(following):
                break
        at = i
    i = at
    while i < stop and not lines[i].strip():
        i += 1
    return i + 1 if i < stop and _SEE_NOTES.fullmatch(lines[i]) else at


def _preface(lines: list[str], begin: int, stop: int, source: Source) -> None:
    """Title, author, summary and notes between the facts and the first chapter."""
    metadata = source.metadata
    shown = [i for i in range(begin, stop) if lines[i].strip()]
    named: list[int] = []
    for i in shown[:3]:
        if _SUMMARY.fullmatch(lines[i]) or _NOTES.fullmatch(lines[i]) or _SEE_NOTES.fullmatch(lines[i]):
            break
        named.append(i)
    if named:
        metadata.title = metadata.title or lines[named[0]].strip()
    if len(named) > 1 and len(lines[named[1]]) <= _MAX_AUTHOR:
        author = lines[named[1]].strip()
        found = _BY.fullmatch(author)
        set_fact("author", found["name"] if found else author, named[1] + 1, source)
    _labelled(lines, begin, stop, source, told=True)


def _labelled(lines: list[str], begin: int, stop: int, source: Source, *, told: bool = False) -> None:
    """Set aside what stands above a text, paragraph by paragraph, under the label that it has."""
    kind, summary = "front" if told else "page", list[str]()
    for start, end in _paragraphs(lines, begin, stop):
        text = single_spaced(" ".join(line.strip() for line in lines[start:end])).strip()
        for i in range(start, end):
            if _SUMMARY.fullmatch(lines[i]):
                kind = "summary"
            elif _NOTES.fullmatch(lines[i]) or _SEE_NOTES.fullmatch(lines[i]):
                kind = "author's note"
            elif kind == "summary":
                summary.append(lines[i].strip())
        source.set_aside.append(SetAside(kind, text, source.file, start + 1))
        lines[start:end] = [""] * (end - start)
    if told and summary and not source.metadata.summary:
        source.metadata.summary = " ".join(summary)


def _end_notes(lines: list[str], begin: int, stop: int, source: Source) -> None:
    """Set aside the notes that the archive prints below a chapter."""
    labels = [i for i in range(begin, stop) if _NOTES.fullmatch(lines[i])]
    if labels and sum(len(line.split()) for line in lines[labels[-1] : stop]) <= _MAX_END_NOTE:
        _put(lines, labels[-1], stop, "author's note", source)
    for i in range(begin, stop):
        if _SEE_NOTES.fullmatch(lines[i]):
            _put(lines, i, i + 1, "author's note", source)


def _take_fiction(lines: list[str], at: int, found: re.Match[str], source: Source) -> None:
    """FanFiction.net: title, author and summary above one line of facts, buttons below it and at the end."""
    metadata = source.metadata
    set_fact("rating", found["rating"], at + 1, source)
    set_fact("language", found["language"], at + 1, source)
    above = [i for i in range(max(0, at - _ABOVE_FACTS), at) if lines[i].strip()]
    above = [i for i in above if len(lines[i]) <= _MAX_LINE or i == at - 1]
    writer = next((n for n, i in enumerate(above) if len(lines[i]) <= _MAX_LINE and _BY.fullmatch(lines[i])), None)
    if writer is not None:
        by = _BY.fullmatch(lines[above[writer]])
        metadata.authors = (by["name"].strip(),) if by else ()
        title = _FOLLOW.fullmatch(lines[above[writer - 1]]) if writer else None
        metadata.title = title["title"] if title else None
        metadata.summary = " ".join(lines[i].strip() for i in above[writer + 1 :]) or None
    _put(lines, 0, at + 1, "page", source)
    controls = [i for i in range(at + 1, len(lines)) if lines[i].strip()]
    for row in (controls[:_CONTROLS], controls[: -_CONTROLS - 1 : -1]):
        for i in row:
            if not _CONTROL.fullmatch(lines[i]):
                break
            _put(lines, i, i + 1, "page", source)


def _paragraphs(lines: Sequence[str], begin: int, stop: int) -> Iterator[tuple[int, int]]:
    start = begin
    for i in range(begin, stop + 1):
        if i < stop and lines[i].strip():
            continue
        if start < i:
            yield start, i
        start = i + 1


def _put(lines: list[str], begin: int, stop: int, kind: str, source: Source) -> None:
    """Set a range of lines aside, paragraph by paragraph, and blank it."""
    for start, end in list(_paragraphs(lines, begin, stop)):
        text = single_spaced(" ".join(line.strip() for line in lines[start:end])).strip()
        source.set_aside.append(SetAside(kind, text, source.file, start + 1))
        lines[start:end] = [""] * (end - start)
