"""Where sentences end."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial

import sentencex  # pyright: ignore[reportMissingTypeStubs]

from bot.domain.dialogue import CLOSERS
from bot.domain.languages import ENGLISH

TERMINAL = ".!?…。！？؟۔।॥"
"""What ends a sentence."""

_END = re.compile(
    rf"(?<![{TERMINAL}])(?<!\. )(?:\.(?: ?\.)++|[{TERMINAL}]++)[.!?…]*+"  # spaced dots are one ellipsis
    rf"[{re.escape(CLOSERS)}*]*"
    r"(?:\[\d{1,3}\]|\(\d{1,2}\)|[¹²³⁰⁴-⁹]+)?"  # a footnote's mark
    r"(?:\s+|(?<=[。！？])(?=\S)|(?<=[。！？][」』）])(?=\S))"
)
_THOUGHT = re.compile(
    r"(?:[A-Z][\w'’-]* ){1,2}"
    r"(?:thought|wondered|mused|realized|realised|asked|decided|prayed|reminded|told (?:him|her)self)\b"
)
_BEFORE_WORD = re.compile(r"[^\w]*")
_WORD = re.compile(r"[\w'’]+")

_ROMAN = re.compile(r"[IVXLC]+\b")
_SHORTEST_STARTER = 2
"""A or I may be another initial."""

_TITLES = frozenset(
    "mr mrs ms mx dr prof rev revd hon capt cpt cmdr cdr col gen lt sgt cpl pvt maj adm gov sen rep pres "
    "messrs mme mlle mgr msgr fr br ste mt ft e.g i.e cf vs viz approx hr frau dott sig sra srta".split()
)
_BEFORE_NUMBER = frozenset(
    "no nos vol vols fig figs p pp ch chap art sec pt op nr ca c jan feb mar apr jun jul aug "
    "sep sept oct nov dec".split()
)
_SOMETIMES = frozenset(
    "st ave rd blvd jr sr inc ltd co corp etc al esq bros dept est a.m p.m am pm u.s u.k u.n d.c "
    "l.a n.y b.c a.d v.a.d c.i.d f.b.i ph.d m.d r.n b.a m.a".split()
)
_STARTERS = frozenset(
    "the a an he she it they we you his her its their our your my this that these those there here then when "
    "where what who why how and but so or yet if as at in on for from with by to no not now one some all "
    "after before once while still just even only maybe perhaps yes well oh nobody nothing everybody everyone somebody "
    "someone something each both such many most never again later soon suddenly".split()
)


Starts = Callable[[str, int, int], Iterable[int]]
"""``sentence_starts`` of one language."""

_segments: Callable[[str, str], list[str]] = sentencex.segment  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownVariableType]
"""A text's sentences in a language, with the white space behind them: the library comes without types."""

_ODD_SPACE = re.compile(r"[^\S ]")
_WINDOW = 1500
"""Code points that the library is given at once: marks without end would cost it the square of them."""
_EVERYWHERE = frozenset("mr mrs dr prof st ste mme mlle mm mgr hr sr sra mevr डॉ श्री".split())
_SHORT_BEFORE_NUMBER = 4


def starts_in(language: str) -> Starts:
    """How sentences are found in a language: our rules in English, a library's in all others."""
    return sentence_starts if language == ENGLISH else partial(_foreign_starts, language)


def _foreign_starts(language: str, text: str, start: int, end: int) -> Iterator[int]:
    """As ``sentence_starts``, for other languages than English."""
    at = start
    while at < end:
        stop = min(end, at + _WINDOW)
        if stop < end:
            space = text.rfind(" ", at + _WINDOW // 2, stop)
            stop = space + 1 if space > 0 else stop
        # Wide spaces after an initial make it panic.
        pieces = _segments(language, _ODD_SPACE.sub(" ", text[at:stop]))
        last = begins = at
        for n, piece in enumerate(pieces):
            if n and _begins(text, start, end, begins):
                yield begins
            last = begins
            begins += len(piece)
        # The last sentence may go on behind the window.
        at = stop if stop == end or len(pieces) < 2 else last


def _begins(text: str, start: int, end: int, begins: int) -> bool:
    """Whether a sentence begins where the library says so; it knows few abbreviations of some languages."""
    word_at = _BEFORE_WORD.match(text, begins, end)
    at = word_at.end() if word_at else begins
    if at >= end or text[at].islower():
        return False
    stop = begins
    while stop > start and text[stop - 1].isspace():
        stop -= 1
    if stop == start or text[stop - 1] != ".":
        return True
    word_start = stop - 1
    while word_start > start and not text[word_start - 1].isspace() and stop - word_start < 8:
        word_start -= 1
    word = text[word_start : stop - 1].lstrip("\"'“”‘’«»„(—–-[*_")
    if len(word) == 1:
        return word.isdigit() or word == "я"
    if text[at].isdigit() and len(word) < _SHORT_BEFORE_NUMBER and word.upper() != word.lower():
        return False
    return word.lower() not in _EVERYWHERE


def sentence_starts(text: str, start: int, end: int) -> Iterator[int]:
    """Offsets inside ``(start, end)`` at which a new sentence begins, ascending.

    Titles, initials, abbreviations and ellipses within a sentence do not end it.
    """
    for found in _END.finditer(text, start, end):
        begins = found.end()
        if begins < end and _ends(text, start, end, found.start(), begins):
            yield begins


def _ends(text: str, start: int, end: int, stop: int, begins: int) -> bool:
    """Whether the sentence ends with the stop at ``stop``, given where the next would begin."""
    at = begins
    if not text[at].isalnum():
        word_at = _BEFORE_WORD.match(text, at, end)
        at = word_at.end() if word_at else at
        if at >= end:
            # Nothing but punctuation follows: it belongs to what stands before it.
            return False
    first = text[at]
    if first.islower():
        return False
    if text[stop] != ".":
        # "A fire escape? Buffy wondered." is one sentence.
        return not (text[stop] == "…" and _is_i(text, at, end)) and not _THOUGHT.match(text, at, end)
    if text[stop + 1 : stop + 2] in (".", " ") and text[stop + 1 : stop + 3].strip().startswith("."):
        return not _is_i(text, at, end)
    return _full_stop(text, start, end, stop, at)


def _is_i(text: str, at: int, end: int) -> bool:
    """After an ellipsis "I" says nothing: it is always a capital."""
    word = _WORD.match(text, at, end)
    return word is not None and (word[0] == "I" or word[0][:2] in ("I'", "I’"))


def _full_stop(text: str, start: int, end: int, stop: int, at: int) -> bool:
    """Whether a single full stop ends the sentence rather than an abbreviation or an initial."""
    word_start = stop
    while word_start > start and not text[word_start - 1].isspace() and stop - word_start < 8:
        word_start -= 1
    word = text[word_start:stop].lstrip("\"'“”‘’«»„(—–-[*_")
    if len(word) == 1:
        return not _is_initial(text, word, end, at)
    if len(word) > 7 or not word:
        return True
    word = word.lower()
    if word in _TITLES:
        return False
    if word in _BEFORE_NUMBER:
        return not (text[at].isdigit() or _ROMAN.match(text, at, end))
    if word in _SOMETIMES:
        following = _WORD.match(text, at, end)
        return following is not None and following[0].lower() in _STARTERS
    return True


def _is_initial(text: str, letter: str, end: int, at: int) -> bool:
    """Whether a single letter before a full stop is somebody's initial."""
    if letter in "Ii":
        # "It was I. He left." but "I. A. Richards"
        return text[at + 1 : at + 2] == "."
    if not letter.isupper():
        return False
    # "It was Plan B. They went."
    following = _WORD.match(text, at, end)
    return following is None or len(following[0]) < _SHORTEST_STARTER or following[0].lower() not in _STARTERS
