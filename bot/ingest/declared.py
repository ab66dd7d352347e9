"""Bytes of a web page or of a book's page to text: what the page says of its encoding, and whether that is true."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from bot.domain.errors import BadInput

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
_SAMPLE = 64 * 1024


def decode_page(data: bytes, file: str) -> tuple[str, bool]:
    """The text of a page without its NULs, and whether its encoding was guessed.

    A byte-order mark decides; else UTF-8 wherever the whole is valid UTF-8, whatever is declared,
    because nothing else is by chance; else what is declared; else what the whole looks like.

    Raises:
        BadInput: it is empty or no text at all.
    """
    if not data.strip(b"\0 \t\r\n"):
        raise BadInput("file_empty", file=file)
    text, guessed = _decoded(data, file)
    if "\0" in text:
        if text.count("\0") > max(_FEW, _BINARY_SHARE * len(text)):
            raise BadInput("page_not_text", file=file)
        text = text.replace("\0", "")
    return text, guessed


def _decoded(data: bytes, file: str) -> tuple[str, bool]:
    for mark, name in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, errors="replace"), False
    wide = _wide(data)
    if wide:
        return data.decode(wide, errors="replace"), False
    if len(data) - len(data.translate(None, _CONTROL)) > len(data) * _BINARY_SHARE:
        raise BadInput("page_not_text", file=file)
    try:
        return data.decode("utf-8"), False
    except UnicodeDecodeError as error:
        broken = error.start
    declared = _declared(data)
    if declared == "utf-8":
        # A few bytes were damaged: the rest is what it says. Much damage means that it says wrong.
        text = data.decode("utf-8", errors="replace")
        if text.count("\ufffd") * 20 < sum(1 for char in text if char > "\x7f"):
            return text, False
    elif declared:
        try:
            return data.decode(declared), False
        except UnicodeDecodeError:
            pass
    try:
        # Five bytes have no character in Windows-1252.
        return data.decode("cp1252"), declared is None
    except UnicodeDecodeError:
        sample = data[max(0, broken - _SAMPLE) : broken + _SAMPLE]
        best = from_bytes(sample).best()
        return data.decode(best.encoding if best else "cp1252", errors="replace"), True


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
