"""What a Markdown file holds besides paragraphs and headings: tags, comments, quotes, links, footnotes, fenced text."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from bot.domain.story import SetAside
from bot.domain.text import clean
from bot.ingest.metadata import Source

_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
_MOST_COMMENTS = 1000
"""So many are set aside each by itself; the rest of them together."""
_FENCE = re.compile(r" {0,3}(`{3,})[^`]*")
_MAX_FENCED = 500
_QUOTE = re.compile(r" {0,3}>[> ]*")
_QUOTE_ALONE = re.compile(r"\s*>[>\s]*")
_FOOTNOTE = re.compile(r" {0,3}\[\^(?P<name>[^\]\s]{1,40})\]:\s*(?P<text>.*)")
_NOTE_MARK = re.compile(r"\[\^(?P<name>[^\]\[\s]{1,40})\]")
_REFERENCE = re.compile(r" {0,3}\[[^\]^]{1,80}\]:\s*(?:https?://|www\.|mailto:|<)\S+.*")
_TARGET = r"\((?:[^()\s]|\([^()\s]*\)){0,2000}(?:\s+[\"'][^\"'\n]{0,200}[\"'])?\)"
_IMAGE = re.compile(rf"!\[(?P<alt>[^\]\n]{{0,300}}\]){_TARGET}|<img\b[^>\n]{{0,1000}}>", re.IGNORECASE)
_RULER = re.compile(r"break|divid|separat|ruler?\b|line|scene|ornament|fleuron|hr\b", re.IGNORECASE)
_LINK = re.compile(rf"(?<![!\\])\[(?P<text>[^\]\[\n]{{1,300}})\]{_TARGET}")
_MARKED = re.compile(r"[<&\[!]")
_ITALIC = re.compile(r"(?<!\\)<(i|em|cite)>([^<]{1,5000})</\1>", re.IGNORECASE)
_BOLD = re.compile(r"(?<!\\)<(b|strong)>([^<]{1,5000})</\1>", re.IGNORECASE)
_BREAK = re.compile(r"(?<!\\)<br\s{0,9}/?>\s*\n?", re.IGNORECASE)
_TAG = re.compile(
    r"(?<!\\)</?(?:p|div|span|center|i|em|b|strong|u|s|del|ins|sub|sup|small|big|font|a|blockquote|section|cite|tt|code|pre)"
    r"(?:\s[^<>]{0,500})?/?>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"(?<!\\)&(?:[A-Za-z]{2,10}|#\d{1,6}|#x[0-9A-Fa-f]{1,6});")


def fenced(lines: Sequence[str]) -> set[int]:
    """Indexes of the lines between fences of backticks, which are text as it stands, and of the fences."""
    found: set[int] = set()
    opened: tuple[int, int] | None = None
    for i, line in enumerate(lines):
        fence = _FENCE.fullmatch(line) if "```" in line else None
        if opened and i - opened[0] > _MAX_FENCED:
            opened = None
        if fence is None:
            continue
        if opened is None:
            opened = (i, len(fence[1]))
        elif len(fence[1]) >= opened[1] and line.strip() == fence[1]:
            found.update(range(opened[0], i + 1))
            opened = None
    return found


def without_markup(lines: list[str], source: Source, skipped: int) -> None:
    """Take comments, footnotes and the marks of quotes off ``lines``, each of which stays where it is.

    Args:
        lines: a file's lines below its front matter.
        source: takes the comments and the footnotes.
        skipped: how many lines of the file stand above them.
    """
    notes = {found["name"] for line in lines if "[^" in line and (found := _FOOTNOTE.fullmatch(line))}
    quoting = False
    for i, line in enumerate(lines):
        if ">" in line and _QUOTE.match(line):
            alone = _QUOTE_ALONE.fullmatch(line)
            beside = i + 1 < len(lines) and ">" in lines[i + 1][:4]
            if not alone or quoting or beside:
                line = "" if alone else _QUOTE.sub("", line, count=1)
                quoting = True
        else:
            quoting = False
        if "[" in line:
            note = _FOOTNOTE.fullmatch(line) if notes else None
            if note or _REFERENCE.fullmatch(line):
                source.set_aside.append(
                    SetAside("footnote" if note else "link", line.strip(), source.file, i + skipped + 1)
                )
                line = ""
            elif notes:
                line = _NOTE_MARK.sub(lambda found: "" if found["name"] in notes else found[0], line)
        lines[i] = line


def without_comments(text: str, source: Source, skipped: int) -> str:
    """A text without HTML comments, its line ends kept; what they say is set aside."""
    if "<!--" not in text or "-->" not in text:
        return text
    at, count = 0, 0
    line = skipped + 1
    rest: list[str] = []
    rest_line = 0

    def aside(found: re.Match[str]) -> str:
        nonlocal at, count, line, rest_line
        line += text.count("\n", at, found.start())
        at = found.start()
        said = " ".join(found[1].split())
        count += 1
        if count < _MOST_COMMENTS:
            source.set_aside.append(SetAside("comment", said, source.file, line))
        elif said:
            rest_line = rest_line or line
            rest.append(said)
        return "\n" * found[0].count("\n")

    end = text.rindex("-->") + 3
    left = _COMMENT.sub(aside, text[:end]) + text[end:]
    if rest:
        source.set_aside.append(SetAside("comment", "\n".join(rest), source.file, rest_line))
    return left


def rulers(lines: Sequence[str]) -> frozenset[str]:
    """Lines that are nothing but a picture which recurs, or is called a divider: those part scenes."""
    pictures = [line.strip() for line in lines if "![" in line or "<img" in line]
    alone = Counter(line for line in pictures if _IMAGE.fullmatch(line))
    return frozenset(line for line, times in alone.items() if times > 1 or _RULER.search(line))


def plain_markup(text: str, line: int, source: Source) -> str:
    """One paragraph with its tags, links and entities as Markdown or as what they show."""
    if not _MARKED.search(text):
        return text
    if "![" in text or "<img" in text.casefold():
        pictures = " ".join(picture[0] for picture in _IMAGE.finditer(text))
        if pictures:
            source.set_aside.append(SetAside("illustration", pictures, source.file, line))
        text = _IMAGE.sub("", text)
    if "](" in text:
        text = _LINK.sub(r"\g<text>", text)
    if "<" in text and ">" in text:
        text = _BREAK.sub("\n", text)
        text = _BOLD.sub(lambda found: _around(found[2], "**"), text)
        text = _ITALIC.sub(lambda found: _around(found[2], "*"), text)
        text = _TAG.sub("", text)
    if "&" in text and ";" in text and _ENTITY.search(text):
        text = clean(_ENTITY.sub(_unescaped, text))
    return text.strip()


def _unescaped(found: re.Match[str]) -> str:
    return _shown(found[0])


@lru_cache(maxsize=1 << 10)
def _shown(entity: str) -> str:
    return html.unescape(entity)


def _around(text: str, mark: str) -> str:
    """A text between marks, which stand directly at its words."""
    inner = text.strip()
    if not inner:
        return text
    at = text.index(inner)
    return f"{text[:at]}{mark}{inner}{mark}{text[at + len(inner) :]}"
