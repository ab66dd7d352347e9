"""Where speech stands in a paragraph.

Opening and closing marks are told apart by what stands beside them, not by counting: real stories
lose marks, mix straight and curly ones, and leave a speech open that goes on in the next paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import Enum
from typing import NamedTuple


class Marks(Enum):
    """Which kind of mark a text puts round speech; the other kind is then quotation within speech."""

    DOUBLE = "double"
    SINGLE = "single"


class Speech(NamedTuple):
    """One quotation ``[start, end)`` with its marks; ``closed`` if its closing mark is there."""

    start: int
    end: int
    closed: bool


CLOSERS = "\"'”’»›“‘」』)]"
"""What may stand between the end of a sentence and the space after it."""

_DOUBLE = re.compile('["“”„‟«»‹›「」『』]')
_SINGLE = re.compile("['‘’‚‛]")
_DOUBLE_OPENS = frozenset('"“„«「『')
_SINGLE_OPENS = frozenset("'‘‚")
_LEAD = "-–—― "
"""What may stand before the first mark of a paragraph."""
_ELISION = re.compile(
    r"['’](?:tis|twas|twere|twill|twould|tisn|em|til|till|cause|cos|cuz|bout|round|neath|gainst"
    r"|n|nd|ere|ow|ome|im|is|er|"
    r"old|ave|ad|ello|e|un|uns|s|d|ll|re|ve|m|t|\d\ds?)\b",
    re.IGNORECASE,
)

_BEFORE_OPENING = frozenset(" \n([{—–-―…*_/")
_PAIRED = {"«": "»", "»": "«", "‹": "›", "›": "‹", "「": "」", "『": "』"}
_ONLY_CLOSE = frozenset("」』")


def marks_of(paragraphs: Iterable[str]) -> Marks:
    """The marks that paragraphs use for speech: those that more of them begin with."""
    singles = doubles = 0
    for paragraph in paragraphs:
        first = paragraph.lstrip(_LEAD)[:1] if paragraph[:1] in _LEAD else paragraph[:1]
        if first in _DOUBLE_OPENS:
            doubles += 1
        elif first in _SINGLE_OPENS and not _ELISION.match(paragraph):
            singles += 1
    return Marks.SINGLE if singles > doubles else Marks.DOUBLE


def speeches(text: str, start: int, end: int, marks: Marks = Marks.DOUBLE) -> list[Speech]:
    """The quotations of the paragraph ``text[start:end]``, in order.

    A quotation that nobody closes runs to the next opening mark or the end of the paragraph; a
    closing mark without an opening one is left to the narration.
    """
    return _singles(text, start, end) if marks is Marks.SINGLE else _doubles(text, start, end)


def _opens(text: str, start: int, end: int, at: int) -> bool:
    """Whether the mark at ``at`` looks like an opening one: nothing before it, a word after it."""
    if at + 1 >= end or text[at + 1].isspace():
        return False
    if at == start or text[at - 1] in _BEFORE_OPENING:
        return True
    # Chinese sets no space before the mark.
    return text[at] == "“" and text[at - 1] >= "\u2e80"


_MOST_MARKS = 24
"""A paragraph with more marks than this that make a quarter of it is an ornament."""
_ENDS_QUOTE = {'"': '"', "“": "”"}


def _regular(text: str, start: int, end: int, marks: Sequence[int]) -> list[Speech] | None:
    """The quotations between marks about which there is nothing to doubt: what most of a story's are."""
    found: list[Speech] = []
    places = iter(marks)
    for opens, closes in zip(places, places, strict=False):
        if (
            _ENDS_QUOTE.get(text[opens]) != text[closes]
            or closes == opens + 1
            or (opens > start and text[opens - 1] not in _BEFORE_OPENING)
            or text[opens + 1].isspace()
            or (closes + 1 < end and not text[closes + 1].isspace())
        ):
            return None
        found.append(Speech(opens, closes + 1, True))
    return found


def _doubles(text: str, start: int, end: int) -> list[Speech]:
    places = [mark.start() for mark in _DOUBLE.finditer(text, start, end)]
    if not len(places) % 2 and (regular := _regular(text, start, end, places)) is not None:
        return regular
    if len(places) > _MOST_MARKS and len(places) * 4 > end - start:
        return []
    found: list[Speech] = []
    opened = -1
    for at in places:
        char = text[at]
        if char == '"' and "\u05d0" <= text[at - 1] <= "\u05ea" and "\u05d0" <= text[at + 1 : at + 2] <= "\u05ea":
            continue  # a Hebrew abbreviation
        # French puts a space inside its guillemets.
        opening = (_opens(text, start, end, at) or char in "«‹„「『") and char not in _ONLY_CLOSE
        if opened < 0:
            if opening:
                opened = at
            continue
        closer = _PAIRED.get(text[opened])
        if closer is not None and char != closer:
            continue
        if opening and closer is None and not (char in "“‟" and text[opened] == "„") and at > opened + 1:
            found.append(_unclosed(text, opened, at))
            opened = at
        else:
            found.append(Speech(opened, at + 1, True))
            opened = -1
    if opened >= 0:
        found.append(_unclosed(text, opened, end))
    return found


def _singles(text: str, start: int, end: int) -> list[Speech]:
    """As ``_doubles``, for marks that also serve as apostrophes."""
    places = [mark.start() for mark in _SINGLE.finditer(text, start, end)]
    if len(places) > _MOST_MARKS and len(places) * 4 > end - start:
        return []
    found: list[Speech] = []
    opened = -1
    for at in places:
        opening = _opens(text, start, end, at) and not _ELISION.match(text, at)
        if opened < 0:
            if opening:
                opened = at
        elif opening and at > opened + 1:
            found.append(_unclosed(text, opened, at))
            opened = at
        elif _closes_single(text, opened, at, start, end):
            found.append(Speech(opened, at + 1, True))
            opened = -1
    if opened >= 0:
        found.append(_unclosed(text, opened, end))
    return found


def _closes_single(text: str, opened: int, at: int, start: int, end: int) -> bool:
    """Whether a mark ends the quotation rather than being an apostrophe (``the slayers' screams``)."""
    after = text[at + 1] if at + 1 < end else " "
    if after.isalnum():
        return False
    before = text[at - 1]
    if before in ".,!?…—–-;:":
        return True
    # After a bare word only a quoted word closes here, one opened in the middle of a sentence.
    return opened - 2 >= start and text[opened - 2].isalnum()


def _unclosed(text: str, start: int, end: int) -> Speech:
    while end > start + 1 and text[end - 1].isspace():
        end -= 1
    return Speech(start, end, False)
