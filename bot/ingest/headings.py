"""Chapter headings in the usual English forms."""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
).split()
_WORDS = {word: n for n, word in enumerate(_ONES)}
_WORDS |= {word: n for n, word in enumerate(_ORDINALS)}
_WORDS |= {ten: (n + 2) * 10 for n, ten in enumerate(_TENS)}
_WORDS |= {
    f"{ten}{join}{one}": (n + 2) * 10 + m
    for n, ten in enumerate(_TENS)
    for m, one in enumerate(_ONES[1:10], 1)
    for join in ("-", " ", "")
}

_ROMAN = r"(?=[ivxlc])c{0,3}(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})"
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_WORD_NUMBER = "|".join(sorted(_WORDS, key=len, reverse=True))
_NUMBER = rf"(?P<digits>\d{{1,4}})|(?P<roman>{_ROMAN})(?!\w)|(?:the )?(?P<word>{_WORD_NUMBER})(?!\w)"

_MAX_LENGTH = 120
_BYLINE = re.compile(r"(?:written )?by:?\s+(\S.{0,80}?)(?<![^\W\d_]{3}\.)", re.IGNORECASE)
"""A full stop ends it only after an initial: after a word it ends a sentence."""
_MAX_NAMES = 6
_NUMBERED = re.compile(
    rf"(?P<part>chapter|chap\.?|ch\.?|episode|part|book|volume|vol\.?)[\s#:]*(?:{_NUMBER})(?:\s*(?:/|of)\s*[\d?]+)?"
    r"(?:\s*[.:;,–—)-]+(?:\s+(?P<title>\S.*))?|\s+(?P<capital>[\"“‘'(]?[A-Z0-9].*))?",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?P<named>prologue|epilogue|interlude|intermission|foreword|afterword|coda|preface)"
    r"(?P<count> (?:\d+|[ivx]+))?(?:\s*[.:–—-]+(?:\s+(?P<title>\S.*))?)?",
    re.IGNORECASE,
)
_BARE = re.compile(
    rf"(?:(?P<digits>\d{{1,3}})|(?P<roman>{_ROMAN.upper()})"
    rf"|(?P<word>{'|'.join(form for word in _WORDS for form in (word.capitalize(), word.upper()))}))"
    r"(?:[.:)](?:\s+(?P<title>[\"“‘'(]?[A-Z].{0,80}))?|\s+[–—-]\s+(?P<dashed>[A-Z].{0,80}))?"
)
_FIRST = re.compile(r"[\W_]*(?:ch|ep|pa|bo|vo|pr|in|fo|af|co)", re.IGNORECASE)
_CLOSED = re.compile(r"[*_#=~\s-]*(.*?)[*_#=~\s-]*")
_OF_CHAPTER = re.compile(
    rf"(?:(?:chapter|chap\.?|ch\.?|part|episode)\s*)?(?:{_NUMBER})(?:\s*(?:/|of)\s*[\d?]+)?(?:\s*[.:;,–—)-]+\s*(?P<title>.*))?",
    re.IGNORECASE,
)


class Level(Enum):
    """How sure a heading is, and of what."""

    VOLUME = "volume"
    """A part or book, which may hold chapters or be one."""
    CHAPTER = "chapter"
    BARE = "bare"
    """A number alone: a chapter only if it stands in a row with others."""


class Heading(NamedTuple):
    """A line understood as a chapter's heading."""

    level: Level
    number: int | None
    """None for a prologue and the like."""
    title: str | None


def heading_of(text: str) -> Heading | None:
    """Understand a paragraph as a heading: ``CHAPTER THREE: Name``, ``III.``, ``Prologue``, …"""
    if len(text) > _MAX_LENGTH:
        return None
    if not _FIRST.match(text):
        return (
            _bare_of(text)
            if len(text) < 90 and (text[:1].isdigit() or text[:1].isupper() or text[:1] in "[(")
            else None
        )
    closed = _CLOSED.fullmatch(" ".join(text.split()))
    flat = closed[1] if closed else text
    found = _NUMBERED.fullmatch(flat)
    if found:
        if (
            found["capital"]
            and not found["capital"].lstrip("\"“‘'(")[:1].isupper()
            and not found["capital"][:1].isdigit()
        ):
            return None
        title = found["title"] or found["capital"]
        if title and _is_sentence(title):
            return None
        volume = found["part"][:1].casefold() in "pbv"
        return Heading(Level.VOLUME if volume else Level.CHAPTER, _number(found), title or None)
    found = _NAMED.fullmatch(flat)
    if found and (found["named"][0].isupper()):
        name = found["named"].capitalize() + (found["count"] or "").upper()
        return Heading(Level.CHAPTER, None, f"{name}: {found['title']}" if found["title"] else name)
    return _bare_of(text)


def _bare_of(text: str) -> Heading | None:
    found = _BARE.fullmatch(text.strip("[]() "))
    if found is None:
        return None
    title = found["title"] or found["dashed"]
    if title and _is_sentence(title):
        return None
    return Heading(Level.BARE, _number(found), title)


def chapter_named(value: str) -> tuple[int | None, str | None]:
    """The number and title in a header's ``Chapter:`` value: ``3 - Name``, ``3/12``, ``Name``."""
    found = _OF_CHAPTER.fullmatch(value.strip())
    if found is None:
        return None, value.strip() or None
    return _number(found), found["title"] or None


def byline(text: str) -> str | None:
    """The author whom a line such as "by Peg Lanyon" names."""
    found = _BYLINE.fullmatch(text)
    return found[1] if found and len(found[1].split()) <= _MAX_NAMES and found[1][-1] not in ",;!?" else None


def looks_like_title(text: str) -> bool:
    """Whether a short paragraph below a heading is the chapter's title: all in capitals, or each word."""
    if len(text) > 80 or "\n" in text:
        return False
    if text.isupper():
        return True
    if text[-1:] in '.!?…,;:"”’' or text[:1] in '"“„«‘—–-':
        return False
    words = [word for word in re.findall(r"[^\W\d_][\w'’-]*", text) if len(word) > 3] or text.split()[:1]
    return all(word[0].isupper() for word in words)


def _is_sentence(title: str) -> bool:
    """A full stop or comma after several lower-case words: prose that begins with "Chapter two"."""
    return title[-1] in ".,;" and len(title.split()) > 4


def _number(found: re.Match[str]) -> int:
    if found["digits"]:
        return int(found["digits"])
    if found["word"]:
        return _WORDS[found["word"].casefold()]
    values = [_ROMAN_VALUES[char] for char in found["roman"].casefold()]
    return sum(-v if v < max(values[i:]) else v for i, v in enumerate(values))
