"""Chapter headings in the usual forms of the larger European languages."""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from bot.ingest.numerals import ALL_WORDS, ENGLISH, HAN, ROMAN, number_of, words_pattern

_CHAPTER_NOUNS = (
    r"chapter|chapt?\.?|ch\.?|episode|ep\.|chapitre|kapitel|kapitlet|kap\.?|cap[ií]tulo|capitolo"
    r"|cap\.|hoofdstuk|hfst\.?"
    r"|kapittel|rozdzia[łl]|глава|гл\.|розділ|раздел|поглавље|poglavlje|poglavje|kapitola|luku|fejezet|bölüm"
    r"|capítol|capitolul|caput|κεφάλαιο|κεφαλαιο|skyrius|nodaļa|peatükk|kafli|ĉapitro|chương|bab|บทที่|अध्याय"
    r"|الفصل|فصل|פרק"
)
_VOLUME_NOUNS = (
    r"part|pt\.|book|volume|vol\.?|tome|teil|partie|parte|libro|livro|livre|buch|band|deel|boek|del|bok|bog|"
    r"phase|arc|saga|cz[ęe][śs][ćc]|tom|ksi[ęe]ga|часть|книга|том|act|akt|acte"
)
_PAGE_MARK = r"(?:\s*(?:/|of|von|sur|de|di|van|av|af|из)\s*(?:\d{1,4}|\?+))?"
_NUMBER = rf"(?P<digits>\d{{1,4}})(?!\w)|(?P<roman>{ROMAN})(?!\w)|(?:the )?(?P<word>{words_pattern(ALL_WORDS)})(?!\w)"

_MAX_LENGTH = 120
_BYLINE = re.compile(
    r"(?:written |story |fic |posted |submitted )?(?:by|von|par|por|door|av|af|przez):?\s+(\S.{0,80}?)(?<!"
    r"[^\W\d_]{3}\.)",
    re.IGNORECASE,
)
"""A full stop ends it only after an initial: after a word it ends a sentence."""
_MAX_NAMES = 6
_TAIL = (
    r"(?:\s*[.:;,–—)\]>|~-]+(?:\s+(?P<title>\S.*))?|\s*[:–—]+(?P<tight>[^\W\d_].*)|\s+(?P<capital>[\"“‘'(«"
    r"„]?[^\W_].*))?"
)
_NUMBERED = re.compile(
    rf"(?P<part>(?:{_CHAPTER_NOUNS})|(?P<volume>{_VOLUME_NOUNS}))[\s#:№º°-]*(?:no\.?\s*|n[º°]\.?\s*"
    rf"|al |a )?(?:{_NUMBER}"
    rf"){_PAGE_MARK}{_TAIL}",
    re.IGNORECASE,
)
_ORDINAL_FIRST = re.compile(
    rf"(?:the |das |der |die |le |la |el |il |o |de |den |det )?(?:(?P<word>{words_pattern(ALL_WORDS)})"
    rf"|(?P<digits>\d{{1,3}})(?:\.|st|nd|rd|th|e|er|ème))"
    rf"\s+(?P<part>(?:{_CHAPTER_NOUNS})|(?P<volume>{_VOLUME_NOUNS}))(?!\w){_TAIL}",
    re.IGNORECASE,
)
_BETWEEN = re.compile(rf"(?:{_CHAPTER_NOUNS})\s+\d{{1,4}}(?:\.\d{{1,2}}|[ -]?[a-eA-E])(?!\w){_TAIL}", re.IGNORECASE)
"""A chapter between two others, such as "Chapter 7.5" or "Chapter 12b"."""
_HAN_NUMBERED = re.compile(
    rf"(?:第\s*(?P<number>\d{{1,4}}|{HAN})\s*(?:(?P<chapter>[章話话回節节])|[卷部篇])"
    rf"|제?\s*(?P<korean>\d{{1,4}})\s*(?:(?P<jang>[장화회])|[부권편]))"
    rf"(?:[\s:：、.—–-]+(?P<title>\S.*))?"
)
_HAN_SENTENCE = re.compile(r"\A[「『“].*[」』”。！？…]|[。]\Z")
_NAMED = re.compile(
    r"(?:the )?(?P<named>prologue|prolog|epilogue|epilog|interlude|intermission|intermezzo|foreword|afterword|coda"
    r"|preface|"
    r"introduction|prelude|pr[oó]logo|ep[ií]logo|epilogo|interludio|vorwort|nachwort|zwischenspiel"
    r"|préface|avant-propos|"
    r"épilogue|proloog|epiloog|пролог|эпилог|интерлюдия|przedmowa|posłowie)"
    r"(?P<count> (?:\d+|[ivx]+|one|two|three|four|five))?(?:\s*[.:–—-]+(?:\s*(?P<title>\S.*))?)?",
    re.IGNORECASE,
)
_BARE_WORDS = words_pattern(form for word in ENGLISH for form in (word.capitalize(), word.upper(), word.title()))
_BARE = re.compile(
    rf"(?:(?P<digits>\d{{1,3}})|(?P<roman>{ROMAN.upper()})"
    rf"|(?P<word>{_BARE_WORDS}))"
    r"(?:[.:)](?:\s+(?P<title>[\"“‘'(«„]?[^\W\d_].{0,80}))?|\s+[–—-]\s+(?P<dashed>[^\W_].{0,80}))?"
)
_COUNTED = re.compile(
    rf"(?:canto|stave|fytte|letter|section|entry|log|tale|sonnet|verse|lettre|brief|carta|lettera|письмо)\s+"
    rf"(?:no\.?\s*)?(?:{_NUMBER}){_TAIL}",
    re.IGNORECASE,
)
"""Other things that may be a text's chapters where they count in a row."""
_AFTER_TITLE = re.compile(
    rf"(?P<prefix>\S.{{1,60}}?)(?:\s+[-–—|:]\s*|[:,]\s+|\s+\()(?:(?:{_CHAPTER_NOUNS})|(?P<volume>{_VOLUME_NOUNS}))"
    rf"[\s#]*(?:{_NUMBER}){_PAGE_MARK}\)?(?:\s*[.:–—-]+(?:\s+(?P<title>\S.*))?)?",
    re.IGNORECASE,
)
_NOUN_IN = re.compile(rf"(?<!\w)(?:{_CHAPTER_NOUNS}|{_VOLUME_NOUNS})[\s#]", re.IGNORECASE)
_FRAME = "*_#=~-–—+•|<>[]{} \t\n"
_ORNAMENTED = re.compile(
    r"(?P<ornament>[xo0]{3,9}|[xo0](?:[-~.*][xo0]){1,5})[\W_]+(?P<inner>\w.{0,80}?)[\W_]+(?P=ornament)", re.IGNORECASE
)
"""A heading between ornaments of letters, as ``xXx Chapter 1 xXx``."""
_STARRED = re.compile(r"\*(?P<counted>[^*]{2,40})\*:\s*(?P<title>.*)")
"""How a downloader of stories writes its headings: ``*Chapter 1*: Low Water``."""
_OF_CHAPTER = re.compile(
    rf"(?:(?:{_CHAPTER_NOUNS}|part|pt\.?)\s*)?(?:{_NUMBER}){_PAGE_MARK}(?:\s*[.:;,–—)-]+\s*(?P<title>.*))?",
    re.IGNORECASE,
)
_NO_HEADING = frozenset("\"“”„«»‹‘'’「『¿¡…!?")


_NOUN = re.compile(rf"{_CHAPTER_NOUNS}|{_VOLUME_NOUNS}", re.IGNORECASE)
_NOUN_AT_DIGIT = re.compile(rf"(?:{_CHAPTER_NOUNS})[\s#-]*\d", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_MAY_BEGIN = re.compile(
    r"\W*+(?:(?:(?:the|das|der|die|le|la|el|il|o|de|den|det) )?"
    rf"(?:[0-9第제]|(?-i:[IVXLC]+)(?!\w)|{words_pattern(ALL_WORDS)})"
    r"|(?:the )?(?:pr|ep|[éпэ]|int|for|aft|cod|vor|nac|zw|ava|ин|pos)"
    r"|(?:canto|stave|fytte|letter|section|entry|log|tale|sonnet|verse|lettre|brief|carta|lettera|письмо)\s)",
    re.IGNORECASE,
)
_WORD_WITH_SIGNS = re.compile(r"(?:[^\W\d_]|[\u0300-\u036f\u0900-\u0dff\u0e00-\u0eff])+")
_MOST_WORDS = 1 << 15


class _Nouns(dict[str, bool]):
    """Whether a word is one that names chapters or volumes; asked once a word."""

    def __missing__(self, word: str) -> bool:
        noun = (_NOUN.fullmatch(word) or _NOUN.fullmatch(word + ".")) is not None
        if len(self) < _MOST_WORDS:
            self[word] = noun
        return noun


_is_noun = _Nouns().__getitem__


def _may_head(text: str) -> bool:
    """A cheap look before the closer one: what has none of these is no heading."""
    return (
        any(map(_is_noun, _WORD_WITH_SIGNS.findall(text)))
        or _MAY_BEGIN.match(text) is not None
        or (_DIGIT.search(text) is not None and _NOUN_AT_DIGIT.search(text) is not None)
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
    prefix: str | None = None
    """What stands before it in the line, such as the story's title: then it is one only if that recurs."""


def heading_of(text: str) -> Heading | None:
    """Understand a paragraph as a heading: ``CHAPTER THREE: Name``, ``III.``, ``Prologue``, ``Erstes Kapitel``, …"""
    if len(text) > _MAX_LENGTH or not text or text[0] in _NO_HEADING:
        return None
    return _heading_of(text) if _may_head(text) else None


@lru_cache(maxsize=1 << 12)
def _heading_of(text: str) -> Heading | None:
    flat = " ".join(text.split())
    if starred := _STARRED.fullmatch(flat):
        again = starred["title"].strip().casefold() == starred["counted"].strip().casefold()
        flat = starred["counted"] if again else f"{starred['counted']}: {starred['title']}"
    bare = flat.strip(_FRAME)
    if ornamented := _ORNAMENTED.fullmatch(bare):
        bare = ornamented["inner"]
        if _NOUN_IN.search(bare) is None and _NAMED.fullmatch(bare) is None:
            return None
    if not bare:
        return None
    found = _NUMBERED.fullmatch(bare) or _ORDINAL_FIRST.fullmatch(bare)
    if found:
        return _numbered(found)
    found = _BETWEEN.fullmatch(bare)
    if found and (not found["title"] or not _is_sentence(found["title"])):
        return Heading(Level.CHAPTER, None, bare)
    han = _HAN_NUMBERED.fullmatch(bare)
    if han and not (han["title"] and _HAN_SENTENCE.search(han["title"])):
        level = Level.CHAPTER if han["chapter"] or han["jang"] else Level.VOLUME
        if han["korean"] and not bare.startswith("제"):
            # "1 hwa" may be a sum of money or a time; in a row it counts chapters.
            level = Level.BARE
        return Heading(level, number_of(han["number"] or han["korean"]), han["title"])
    found = _NAMED.fullmatch(bare)
    if found and found["named"][0].isupper() and bare[0].isupper():
        title = found["title"]
        if title and (_is_sentence(title) or not _begins_title(title)):
            return None
        name = found["named"].capitalize() + (found["count"] or "").title()
        return Heading(Level.CHAPTER, None, f"{name}: {title}" if title else name)
    if "\n" not in text and _NOUN_IN.search(bare):
        found = _AFTER_TITLE.fullmatch(bare)
        if found and _begins_title(found["prefix"]) and not _is_sentence(found["prefix"] + "."):
            level = Level.VOLUME if found["volume"] else Level.CHAPTER
            return Heading(level, _number(found), found["title"], found["prefix"].strip(" -–—:,|").casefold())
    found = _COUNTED.fullmatch(bare) if bare[0].isupper() else None
    if found:
        title = found["title"] or found["tight"] or found["capital"]
        if not title or (not _is_sentence(title) and _begins_title(title)):
            return Heading(Level.BARE, _number(found), bare)
        return None
    return _bare_of(flat)


def _numbered(found: re.Match[str]) -> Heading | None:
    title = found["title"] or found["tight"] or found["capital"]
    if title and (_is_sentence(title) or not (found["title"] or _begins_title(title))):
        return None
    # "part to" and "del en" are words of prose, too: only "chapter 3" is plain enough in small letters.
    if found[0][0].islower() and (found["capital"] or not found[0].startswith(("chap", "kapit", "cap", "глава"))):
        return None
    return Heading(Level.VOLUME if found["volume"] else Level.CHAPTER, _number(found), title or None)


def _begins_title(title: str) -> bool:
    first = title.lstrip("\"“‘'(«„[*_")[:1]
    return first.isupper() or first.isdigit() or (first.isalpha() and not first.islower())


def _bare_of(text: str) -> Heading | None:
    plain = text.strip("[](){}<>*_~=–—-• ")
    if not plain or not (plain[0].isdigit() or plain[0].isupper()) or len(plain) > 90:
        return None
    found = _BARE.fullmatch(plain)
    if found is None:
        return None
    title = found["title"] or found["dashed"]
    if title and (_is_sentence(title) or not _begins_title(title)):
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
    """A full stop or comma after several words: prose that begins with "Chapter two"."""
    return title[-1] in ".,;" and len(title.split()) > 4 and not title.isupper() and not _all_capitalised(title)


def _all_capitalised(title: str) -> bool:
    words = [word for word in title.split() if len(word) > 3]
    return len(words) > 1 and all(word[0].isupper() or not word[0].isalpha() for word in words)


def _number(found: re.Match[str]) -> int:
    groups = found.groupdict()
    return number_of(groups.get("digits") or groups.get("roman") or groups.get("word") or "")
