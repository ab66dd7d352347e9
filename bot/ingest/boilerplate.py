"""What archives and mailing lists wrap around a text: licences, transcribers' credits, list footers, contents."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.domain.story import SetAside
from bot.domain.text import single_spaced
from bot.ingest.footers import footers_of
from bot.ingest.headings import heading_of
from bot.ingest.metadata import Source

_START = re.compile(
    r"\s*\*{3}\s*START OF (?:THE |THIS )?PROJECT GUTENBERG.*|\s*\*+\s*(?:END\*? ?)?THE SMALL PRINT!?.*\*END\*\s*",
    re.IGNORECASE,
)
_SMALL_PRINT_END = re.compile(r"\s*\*END\W+THE SMALL PRINT.*", re.IGNORECASE)
_END = re.compile(
    r"\s*(?:\*{3}\s*END OF (?:THE |THIS )?PROJECT GUTENBERG.*|End of (?:the |this )?Project Gutenberg(?:'s|’s)? .*)",
    re.IGNORECASE,
)
_GUTENBERG = re.compile(r"project gutenberg", re.IGNORECASE)
_FACT = re.compile(r"\s*(Title|Author|Language|Translator|Editor|Illustrator):\s*(\S.*)")
_CREDIT = re.compile(
    r"\s*\[?(?:(?:E-?text |This e-?(?:book|text) (?:was )?)?(?:produced|prepared|transcribed|scanned) by\b"
    r"|transcriber['’]?s['’]? notes?|proofread(?:ing|ers)|HTML version by|Distributed Proofread"
    r"|\*{0,3}This e-?(?:book|text) (?:is|was) )",
    re.IGNORECASE,
)
_BOOK_NOTES = re.compile(r"\s*(?:(?P<foot>footnotes?)|transcriber['’]?s['’]? notes?)\s*[:.]?\s*", re.IGNORECASE)
_TRANSCRIBER = re.compile(r"\s*\[?transcriber['’]?s['’]? notes?\b", re.IGNORECASE)
_NOTES_SHARE = 15
"""Footnotes take no more than so many hundredths of a book."""
_NOTES_LINES = 80
_MAX_CREDITS = 4
_MAX_CREDIT = 600

CONTENTS = re.compile(
    r"[\W_]*+(?:(?:table of )?contents|chapter list|chapter index|index of chapters|inhalt(?:sverzeichnis)?"
    r"|table des mati[èe]res|sommaire|[íi]ndice|sommario|inhoud(?:sopgave)?|inneh[åa]ll(?:sf[öo]rteckning)"
    r"?|indhold|innhold"
    r"|spis tre[śs]ci|содержание|оглавление)[\W_]*",
    re.IGNORECASE,
)
_NOTE_IN = re.compile(r"\bA/N\b", re.IGNORECASE)
_CONTENTS_WITHIN = 600
"""A table of contents begins within so many lines of a file."""
_MAX_ENTRIES = 400
_ENTRY_LENGTH = 110
_LEADERS = re.compile(r"(?<![\s.])(?:\s*+\.(?:\s?\.){2,}+|\s{3,}+|(?=\s*\t)\s++)\s*+(?:\d{1,4}|[ivxlc]{1,7})?\s*$")
_LETTERS = re.compile(r"[\W_]+")
_NUMBERED = re.compile(
    r"(?:(?:chapter|kapitel|chapitre|cap[ií]tulo|capitolo|part|book)\s+)?(?:\d{1,3}|[ivxlc]{1,7})(?:[.:)–—-]+\s*|\s+)",
    re.IGNORECASE,
)
_PROSE_LINE = 50
_SENTENCE_IN = re.compile(r"[a-z]{3}[.!?]\s+[A-Z\"“]|[a-z],? (?:the|and|a|of|to|in|was|had|her|his) .*[a-z.,]\Z")


def cut_boilerplate(lines: list[str], source: Source) -> tuple[int, int]:
    """The range of lines that an archive or a mailing list did not add; the rest is set aside.

    Args:
        lines: a whole file, cleaned; the footers between its parts are blanked.
        source: takes what is set aside, and title, author and language where the archive names them.
    """
    begin, end = 0, len(lines)
    for i in range(len(lines)):
        text = lines[i]
        if "ND" not in text and "nd of" not in text and "ART OF" not in text and "tart of" not in text:
            continue
        if begin == 0 and (_START.fullmatch(text) or _SMALL_PRINT_END.fullmatch(text)):
            begin = i + 1
            while begin < len(lines) and lines[begin].strip() and "***" not in text[4:] and begin < i + 4:
                begin += 1
        elif i > begin and _END.fullmatch(text):
            end = i
            break
    bottom = end
    if begin or end < len(lines):
        _read_facts(lines[:begin], source)
        begin = _credits(lines, begin, end, source)
        end = _transcribed(lines, begin, end, source)
    else:
        for footer in footers_of(lines, source):
            if footer.end == len(lines):
                bottom = end = footer.start
                break
            _put(lines, footer.start, footer.end, "footer", source)
            lines[footer.start : footer.end] = [""] * (footer.end - footer.start)
    _put(lines, 0, min(begin, end), "licence", source)
    kind = "licence" if bottom < len(lines) and _GUTENBERG.search(lines[bottom]) else "footer"
    _put(lines, bottom, len(lines), kind, source)
    return begin, end


def _read_facts(lines: Sequence[str], source: Source) -> None:
    from bot.ingest.header import language_named

    metadata = source.metadata
    for n, line in enumerate(lines):
        found = _FACT.fullmatch(line)
        if found is None:
            continue
        value = found[2].strip()
        if n + 1 < len(lines) and lines[n + 1][:1] == " " and ":" not in lines[n + 1]:
            value += " " + lines[n + 1].strip()
        match found[1]:
            case "Title":
                metadata.title = metadata.title or value
            case "Author":
                metadata.authors = (*metadata.authors, value)
            case "Language":
                metadata.language = language_named(value) or metadata.language
            case _:
                pass


def _credits(lines: Sequence[str], begin: int, end: int, source: Source) -> int:
    """The first line below the credits of transcribers that follow a licence."""
    at = begin
    for _ in range(_MAX_CREDITS):
        while at < end and not lines[at].strip():
            at += 1
        if at >= end or not _CREDIT.match(lines[at]):
            break
        stop = at
        while stop < end and lines[stop].strip():
            stop += 1
        if sum(map(len, lines[at:stop])) > _MAX_CREDIT:
            break
        at = stop
    return at if at > begin else begin


def _transcribed(lines: Sequence[str], begin: int, end: int, source: Source) -> int:
    """Where footnotes and transcribers' notes begin that stand below a book's text; ``end`` without any."""
    first = max(begin, end - _NOTES_SHARE * (end - begin) // 100 - _NOTES_LINES)
    for i in range(first, end):
        found = _BOOK_NOTES.fullmatch(lines[i]) if len(lines[i]) < 60 and not (i and lines[i - 1].strip()) else None
        if found is None:
            found = _TRANSCRIBER.match(lines[i]) if i > end - _NOTES_LINES else None
        elif found["foot"] and not _only_footnotes(lines, i + 1, end):
            continue
        if found and found.re is _BOOK_NOTES and not found["foot"] and i < end - _NOTES_LINES:
            continue
        if found:
            _put(lines, i, end, "footnotes" if "foot" in found[0].casefold() else "transcriber's note", source)
            return i
    return end


def _only_footnotes(lines: Sequence[str], begin: int, end: int) -> bool:
    """Whether nothing but numbered notes follows, so that no chapter is lost with them."""
    heads = [line for n, line in enumerate(lines[begin:end], begin) if line.strip() and not lines[n - 1].strip()]
    return bool(heads) and sum(line[:1] in "[ *" or line[:1].isdigit() for line in heads) * 2 >= len(heads)


def _put(lines: Sequence[str], start: int, end: int, kind: str, source: Source) -> None:
    """Set a range of lines aside, paragraph by paragraph."""
    begun = start
    for i in range(start, end + 1):
        if i < end and lines[i].strip():
            continue
        if begun < i:
            text = single_spaced(" ".join(line.strip() for line in lines[begun:i])).strip()
            source.set_aside.append(SetAside(kind, text, source.file, begun + 1))
        begun = i + 1


def title_key(text: str) -> str:
    """A heading's letters alone, by which an entry of a table of contents is known again."""
    return _LETTERS.sub("", _LEADERS.sub("", text)).casefold()


def take_contents(lines: list[str], begin: int, source: Source) -> frozenset[str]:
    """Set aside a table of contents near the top, blanking its lines.

    Returns:
        The keys of its entries that stand as lines of their own below it: those are headings.
    """
    for i in range(begin, min(len(lines), begin + _CONTENTS_WITHIN)):
        if len(lines[i]) < 60 and CONTENTS.fullmatch(lines[i]):
            return _entries(lines, i, source)
    return frozenset()


def _entries(lines: list[str], at: int, source: Source) -> frozenset[str]:
    entries: list[int] = []
    keys: set[str] = set()
    last = blanks = 0
    for i in range(at + 1, min(len(lines), at + 3 * _MAX_ENTRIES)):
        text = lines[i].strip()
        if not text:
            blanks += 1
            if blanks > 6 and entries:
                break
            continue
        if len(text) > _ENTRY_LENGTH or len(entries) >= _MAX_ENTRIES:
            break
        key = title_key(text)
        if not key or _NOTE_IN.search(text):
            break
        bare = _bare_key(text)
        heading = heading_of(_LEADERS.sub("", text))
        number = heading.number if heading and not heading.title else None
        if key in keys or (bare != key and bare in keys) or (number == 1 and last and blanks) or _is_prose(text):
            break
        last = (heading.number if heading else None) or last
        blanks = 0
        entries.append(i)
        keys |= {key, bare} if bare else {key}
    # The table ends where the first of its entries stands again, or before the first that stands nowhere else.
    below: dict[str, int] = {}
    counted: set[str] = set()
    stop = entries[-1] + 1 if entries else at + 1
    numbered = False
    for i in range(stop, len(lines)):
        text = lines[i].strip()
        if not text or len(text) > _ENTRY_LENGTH:
            continue
        key = title_key(text)
        if key in keys:
            below[key] = below.get(key, 0) + 1
            if numbered:
                counted.add(key)
        heading = heading_of(text)
        numbered = heading is not None and heading.number is not None and heading.title is None
    while entries and not {title_key(lines[entries[-1]]), _bare_key(lines[entries[-1]])} & below.keys():
        if _LEADERS.search(lines[entries[-1]]):
            break
        entries.pop()
    if not entries:
        return frozenset()
    for i in (at, *entries):
        source.set_aside.append(SetAside("contents", single_spaced(lines[i]).strip(), source.file, i + 1))
        lines[i] = ""
    # A title below a number that has a line of its own is no heading beside it.
    return frozenset(key for key, times in below.items() if times == 1 and key not in counted)


def _bare_key(text: str) -> str:
    """The letters of an entry's title without the number before it."""
    return title_key(_NUMBERED.sub("", text.strip(), count=1))


def _is_prose(text: str) -> bool:
    """Whether a line that may be an entry is plainly running text."""
    return not _LEADERS.search(text) and (
        text[0] in '"“„«' or (len(text) > _PROSE_LINE and _SENTENCE_IN.search(text) is not None)
    )
