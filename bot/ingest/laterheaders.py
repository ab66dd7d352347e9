"""The headers of the later parts of a file: mails of one story, parts of a series, several stories in one file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from bot.domain.story import SetAside
from bot.domain.text import single_spaced
from bot.ingest.fields import FIELD_OF, key_of
from bot.ingest.header import TITLE_CHAPTER, Header, is_chapter, scan
from bot.ingest.metadata import Source
from bot.ingest.numerals import number_of
from bot.ingest.ownratings import rate, state
from bot.ingest.ratings import cut_rating
from bot.strings import PROBLEMS

_OF_STORY = frozenset(
    "title author authors by rating rated disclaimer pairing pairings archive feedback spoilers summary distribution "
    "fandom category classification".split()
)
_FEWEST = 3
_LONGEST = 80
"""Lines of a later header beyond which it is none."""
_KEY_WITHIN = 26
_PART = re.compile(
    r"(?P<base>\S.*?)[\s,:;–—-]+(?:part|pt\.?|chapter|ch\.?)\s*#?(?P<number>\d{1,3}|[ivx]+)[)\]]?", re.IGNORECASE
)
_MAX_NAMED = 8


class _Later(NamedTuple):
    start: int
    end: int
    header: Header
    title: str | None
    number: int | None


def take_later(lines: list[str], begin: int, source: Source) -> frozenset[int]:
    """Set aside the headers that stand further down in a file, each of which begins a part with its title.

    Their ratings count for the story, beside its own the strictest.

    Args:
        lines: a file's lines, the first header already blanked.
        begin: where to look from.
        source: what the file says; its story's title is the part that all titles share.

    Returns:
        The lines that have become a part's heading.
    """
    found = _found(lines, begin, source)
    if not found:
        return frozenset()
    for later in found:
        _keep(lines, later, source)
    named = ", ".join(str(later.start + 1) for later in found[:_MAX_NAMED]) + (", …" if len(found) > _MAX_NAMED else "")
    source.warn(found[0].start + 1, PROBLEMS["later_headers"].format(lines=named))
    counted = _counted(found, source)
    headed = {
        later.start: any(map(is_chapter, (line.strip() for line in lines[later.end : later.end + 4])))
        or any(map(is_chapter, (line.strip() for line in lines[max(0, later.start - 3) : later.start])))
        for later in found
    }
    for later in found:
        lines[later.start : later.end] = [""] * (later.end - later.start)
    if (
        counted is not None
        or any(headed.values())
        or any(len(line) < 40 and is_chapter(line) for line in lines[begin:] if line)
    ):
        numbers = counted or [later.number for later in found]
        for later, number in zip(found, numbers, strict=True):
            if number and not headed[later.start]:
                lines[later.end - 1] = f"Chapter {number}"
        top = begin - 1 if begin else 0
        if source.metadata.chapter and any(numbers) and not lines[top].strip():
            lines[top] = f"Chapter {source.metadata.chapter}"
            source.metadata.chapter = None
        return frozenset()
    return _titled(lines, begin, found, source)


def _found(lines: Sequence[str], begin: int, source: Source) -> list[_Later]:
    found: list[_Later] = []
    taken = begin
    for i in range(begin, len(lines)):
        if i < taken or ":" not in lines[i][:_KEY_WITHIN] or not _parted(lines, i):
            continue
        named = key_of(lines[i])
        if named is None or (FIELD_OF.get(named[0]) not in _BEGINS and named[0] not in _OF_STORY):
            continue
        header = scan(lines[i : i + _LONGEST])
        about = {field.key for field in header.fields if field.key in _OF_STORY or FIELD_OF.get(field.key) in _FACTS}
        facts = {FIELD_OF.get(key) for key in about}
        if len(about) < _FEWEST and not ("title" in facts and ("rating" in facts or _is_known(header, source))):
            continue
        if header.front and header.front[0][0] < header.fields[0].line:
            continue
        title = next((_value(field.values) for field in header.fields if FIELD_OF.get(field.key) == "title"), None)
        spoken = [_value(field.values) for field in header.fields if FIELD_OF.get(field.key) in ("title", "subject")]
        part = next((n for value in spoken if (n := TITLE_CHAPTER.search(cut_rating(value).rest)) and n.start()), None)
        number = int(part[1] or part[2]) if part else None
        title = cut_rating(title).rest if title else None
        if title and (tail := TITLE_CHAPTER.search(title)) and tail.start():
            title = title[: tail.start()]
        found.append(_Later(i, i + header.end, header, title, number))
        taken = i + max(1, header.end)
    return found


_BEGINS = ("title", "authors", "rating", "subject", "from")
_FACTS = ("title", "authors", "rating", "summary", "warnings")


def _is_known(header: Header, source: Source) -> bool:
    """Whether a header names the story's author; a title with another may be a book that the story speaks of."""
    known = {name.casefold() for name in source.metadata.authors}
    named = (_value(field.values) for field in header.fields if FIELD_OF.get(field.key) == "authors")
    return any(name.casefold() in known for name in named)


def _parted(lines: Sequence[str], at: int) -> bool:
    """Whether a line begins a paragraph."""
    return at == 0 or not lines[at - 1].strip()


def _value(values: Sequence[str]) -> str:
    return single_spaced(" ".join(values)).strip()


def _keep(lines: Sequence[str], later: _Later, source: Source) -> None:
    shown = (line.strip() for line in lines[later.start : later.end] if line.strip())
    text = single_spaced(" ".join(shown)).strip()
    source.set_aside.append(SetAside("header", text, source.file, later.start + 1))
    for field in later.header.fields:
        value, line = _value(field.values), later.start + field.line + 1
        if FIELD_OF.get(field.key) == "rating" and value:
            rate(source, value, line)
        elif FIELD_OF.get(field.key) in ("title", "subject") and (rating := cut_rating(value).rating):
            state(source, rating, value, line)


def _counted(found: Sequence[_Later], source: Source) -> list[int] | None:
    """The number of each part where all titles count the parts of one story, whose title is then what they share."""
    if any(later.number for later in found):
        return [later.number or 0 for later in found]
    if not any(later.title for later in found):
        source.metadata.chapter = source.metadata.chapter or 1
        return [n + source.metadata.chapter for n in range(1, len(found) + 1)]
    first = _PART.fullmatch(source.metadata.title or "")
    parts = [_PART.fullmatch(later.title or "") for later in found]
    base = first["base"].casefold() if first else (source.metadata.title or "").casefold()
    numbers = [number_of(part["number"]) for part in parts if part and part["base"].casefold() == base]
    if len(numbers) < len(found):
        return None
    if first:
        source.metadata.title = first["base"]
        source.metadata.chapter = source.metadata.chapter or number_of(first["number"])
    else:
        source.metadata.chapter = source.metadata.chapter or 1
    return numbers


def _titled(lines: list[str], begin: int, found: Sequence[_Later], source: Source) -> frozenset[int]:
    """Give each part its title as a heading, the first the story's."""
    top = begin - 1 if begin else 0
    heads: dict[int, str] = {}
    if source.metadata.title and not lines[top].strip():
        heads[top] = source.metadata.title
    for later in found:
        if later.title:
            heads[later.end - 1] = later.title
    for at, title in heads.items():
        lines[at] = title
    return frozenset(heads)
