"""Bytes of a web page or of a book's page to text: what the page says of its encoding, and whether that is true."""

from __future__ import annotations

import codecs
import re
from html import unescape

from bot.domain.errors import BadInput
from bot.ingest.encoding import decoded_text, repaired_text
from bot.strings import PROBLEMS

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(
    rb"""(?:<\?xml[^>]{0,200}\sencoding|<meta[^>]{0,400}\bcharset)\s*=\s*["']?([\w.:-]{2,40})""", re.I
)
_HEAD = 4096
"""How far from the top an encoding may be declared, in bytes; browsers look at 1024."""
_CONTROL = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a\x1b\b\x00"))
_BINARY_SHARE = 0.02
_FEW = 8
_TAGS = re.compile(rb"<[^<>]{0,2000}>")
_GARBLED_ENTITIES = re.compile(
    r"&(?:[aA]circ|Atilde);(?:&(?:euro|trade|oelig|OElig|[a-zA-Z]{2,6}|#\d{3,4});|[\u0080-\u00bf€™œ“”‘’…–—˜]){1,2}"
)
"""UTF-8 that some program read as Windows-1252 and then wrote as entities."""


def decode_page(data: bytes, file: str) -> tuple[str, list[str]]:
    """The text of a page without its NULs, and what its author should know of how it was read.

    A byte-order mark decides; else UTF-8 wherever the whole is valid UTF-8, whatever is declared,
    because nothing else is by chance; else what is declared; else what the whole looks like.

    Raises:
        BadInput: it is empty or no text at all.
    """
    if not data.strip(b"\0 \t\r\n"):
        raise BadInput("file_empty", file=file)
    text, encoding = _decoded(data, file)
    if "\0" in text:
        if text.count("\0") > max(_FEW, _BINARY_SHARE * len(text)):
            raise BadInput("page_not_text", file=file)
        text = text.replace("\0", "")
    problems = [PROBLEMS["encoding_named"].format(encoding=encoding)] if encoding else []
    if "&" in text:
        text = _GARBLED_ENTITIES.sub(lambda found: unescape(found[0]), text)
    text, repaired = _repaired(text)
    if repaired:
        problems.append(PROBLEMS["mojibake_repaired"].format(count=repaired))
    return text, problems


def _repaired(text: str) -> tuple[str, int]:
    """Text put right tag by tag: a page may be one line, in which certain and doubtful things stand side by side."""
    if text.isascii():
        return text, 0
    # No NUL is left, and every new line end has a tag behind it, so this can be undone.
    fixed, repaired = repaired_text(text.replace("\n", "\0").replace("<", "\n<"))
    return (fixed.replace("\n<", "<").replace("\0", "\n"), repaired) if repaired else (text, 0)


def _decoded(data: bytes, file: str) -> tuple[str, str | None]:
    """The text, and the name of its encoding where that was guessed."""
    for mark, name in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, errors="replace"), None
    wide = _wide(data)
    if wide:
        return data.decode(wide, errors="replace"), None
    if len(data) - len(data.translate(None, _CONTROL)) > len(data) * _BINARY_SHARE:
        raise BadInput("page_not_text", file=file)
    try:
        return data.decode("utf-8"), None
    except UnicodeDecodeError:
        pass
    declared = _declared(data)
    if declared == "utf-8":
        # A few bytes were damaged: the rest is what it says. Much damage means that it says wrong.
        text = data.decode("utf-8", errors="replace")
        if text.count("\ufffd") * 20 < sum(1 for char in text if char > "\x7f"):
            return text, None
    elif declared:
        try:
            return data.decode(declared), None
        except UnicodeDecodeError:
            pass
    # Tags are ASCII in every language, and would hide which script the text is in.
    try:
        encoding = decoded_text(_TAGS.sub(b"\n", data), file).encoding
    except BadInput:
        encoding = None
    try:
        return data.decode((encoding or "cp1252").replace("Windows-", "cp").replace("Mac Roman", "mac_roman")), encoding
    except (LookupError, UnicodeDecodeError):
        text, encoding, _ = decoded_text(data, file)
        return text, encoding


def _declared(data: bytes) -> str | None:
    """The encoding that a page names, by Python's name for it; Latin-1 means Windows-1252 on the web."""
    found = _DECLARED.search(data, 0, _HEAD)
    if found is None:
        return None
    try:
        name = codecs.lookup(found[1].decode("ascii")).name
    except (LookupError, UnicodeDecodeError):
        return None
    if not getattr(codecs.lookup(name), "_is_text_encoding", True) or name.startswith(("utf-16", "utf-32", "utf-7")):
        # A page whose declaration could be read as ASCII is none of these.
        return None
    return "cp1252" if name in ("iso8859-1", "ascii") else name


def _wide(data: bytes) -> str | None:
    """UTF-16 without its mark: every other byte of a Latin text, or of its tags, is NUL."""
    head = data[:_HEAD]
    if len(head) < 4:
        return None
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd * 4 > len(head) and even * 8 < odd:
        return "utf-16-le"
    if even * 4 > len(head) and odd * 8 < even:
        return "utf-16-be"
    return None
